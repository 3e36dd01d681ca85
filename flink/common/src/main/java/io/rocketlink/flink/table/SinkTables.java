package io.rocketlink.flink.table;

import io.rocketlink.client.RocketLinkException;
import io.rocketlink.client.TableDescription;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;

/** Makes a table a sink, once it is checked. */
final class SinkTables {
    private SinkTables() {}

    static DynamicTableSink create(DynamicTableFactory factory, DynamicTableFactory.Context context) {
        EncodingFormat<SerializationSchema<RowData>> format =
                FactoryUtil.createTableFactoryHelper(factory, context)
                        .discoverOptionalEncodingFormat(SerializationFormatFactory.class, FactoryUtil.FORMAT)
                        .orElse(null);
        Map<String, String> options = Formats.withoutFormat(context.getCatalogTable().getOptions());
        List<Column> columns = MessageTableFactory.columns(context);
        TableDescription table =
                format == null
                        ? TableColumns.describe(options, columns)
                        : MessageTableSink.describeFormatted(options, columns);
        MessageTableFactory.check(context, table.problems(false, true));
        try {
            return new MessageTableSink(options, columns, format, table.sinkSettings().parallelism());
        } catch (RocketLinkException problem) {
            throw new ValidationException(problem.getMessage(), problem);
        }
    }
}
