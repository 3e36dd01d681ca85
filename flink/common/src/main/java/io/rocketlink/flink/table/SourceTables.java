package io.rocketlink.flink.table;

import io.rocketlink.client.RocketLinkException;
import io.rocketlink.client.TableDescription;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.WatermarkSpec;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;

/** Makes a table a source, once it is checked. */
final class SourceTables {
    private static final String SOURCE_WATERMARK = "SOURCE_WATERMARK";

    private SourceTables() {}

    static DynamicTableSource create(DynamicTableFactory factory, DynamicTableFactory.Context context) {
        DecodingFormat<DeserializationSchema<RowData>> format =
                FactoryUtil.createTableFactoryHelper(factory, context)
                        .discoverOptionalDecodingFormat(DeserializationFormatFactory.class, FactoryUtil.FORMAT)
                        .orElse(null);
        Map<String, String> given = context.getCatalogTable().getOptions();
        Map<String, String> options = Formats.withoutFormat(given);
        List<Column> columns = MessageTableFactory.columns(context);
        String name = context.getObjectIdentifier().asSummaryString();
        TableDescription table =
                format == null ? TableColumns.describe(options, columns) : Formats.describeBody(options, columns);
        MessageTableFactory.check(context, table.problems(true, false));
        refuseTwoTypesOfOneKey(name, columns);
        refuseSourceWatermarks(name, context.getCatalogTable().getResolvedSchema().getWatermarkSpecs());
        try {
            return new MessageTableSource(
                    table,
                    columns,
                    table.sourceSettings(),
                    context.getPhysicalRowDataType(),
                    format,
                    Formats.projects(given),
                    name);
        } catch (RocketLinkException problem) {
            throw new ValidationException(problem.getMessage(), problem);
        }
    }

    /** Flink would ask the function for its value, which it has none of, when the job runs. */
    private static void refuseSourceWatermarks(String table, List<WatermarkSpec> watermarks) {
        for (WatermarkSpec watermark : watermarks) {
            String column = watermark.getRowtimeAttribute();
            if (watermark.getWatermarkExpression().asSummaryString().toUpperCase(Locale.ROOT).contains("`" + SOURCE_WATERMARK + "`(")) {
                throw new ValidationException(
                        String.format(
                                "table %s: WATERMARK FOR `%s` AS %s(): messages bring no watermarks along; say how late they may"
                                        + " come: WATERMARK FOR `%s` AS `%s` - INTERVAL '5' SECOND",
                                table, column, SOURCE_WATERMARK, column, column));
            }
        }
    }

    /** Flink hands one value per key to all columns that ask for it. */
    private static void refuseTwoTypesOfOneKey(String table, List<Column> columns) {
        Map<String, Column> seen = new HashMap<>();
        for (Column column : columns) {
            if (!(column instanceof Column.MetadataColumn)) {
                continue;
            }
            String key = TableColumns.metadataKey((Column.MetadataColumn) column);
            Column other = seen.putIfAbsent(key, column);
            if (other != null && !other.getDataType().equals(column.getDataType())) {
                throw new ValidationException(
                        String.format(
                                "table %s: the columns '%s' and '%s' both show '%s', as %s and as %s: give them one type, and"
                                        + " cast in the query",
                                table,
                                other.getName(),
                                column.getName(),
                                key,
                                other.getDataType(),
                                column.getDataType()));
            }
        }
    }
}
