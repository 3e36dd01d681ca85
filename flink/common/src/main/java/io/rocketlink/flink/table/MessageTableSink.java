package io.rocketlink.flink.table;

import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.sink.RocketLinkSink;
import io.rocketlink.flink.sink.RowSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsWritingMetadata;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;

/**
 * A table as a sink. Rows come with their physical columns first, then the metadata columns that the planner has chosen.
 * Insert-only, unless a format writes changes.
 */
final class MessageTableSink implements DynamicTableSink, SupportsWritingMetadata {
    private final Map<String, String> options;
    private final List<Column> columns;
    private final EncodingFormat<SerializationSchema<RowData>> format;
    private final Integer parallelism;
    private List<String> metadataKeys = List.of();

    /**
     * @param options of the connector alone
     * @param columns physical and metadata ones, in the order of their declaration
     * @param format makes the bodies; null: the connector itself does
     * @param parallelism null: the query's
     */
    MessageTableSink(
            Map<String, String> options,
            List<Column> columns,
            EncodingFormat<SerializationSchema<RowData>> format,
            Integer parallelism) {
        this.options = options;
        this.columns = columns;
        this.format = format;
        this.parallelism = parallelism;
    }

    private MessageTableSink(MessageTableSink other) {
        this(other.options, other.columns, other.format, other.parallelism);
        metadataKeys = other.metadataKeys;
    }

    /** The table as native code is told about it when a format makes the bodies: a body, and what else the connector needs. */
    static TableDescription describeFormatted(Map<String, String> options, List<Column> columns) {
        TableDescription.Builder table = TableDescription.builder().options(options).physical(Formats.bodyName(columns), "BYTES");
        for (Column column : besidesBody(options, columns)) {
            TableColumns.add(table, column);
        }
        return table.build();
    }

    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        return format == null ? ChangelogMode.insertOnly() : format.getChangelogMode();
    }

    @Override
    public Map<String, DataType> listWritableMetadata() {
        Map<String, DataType> writable = new LinkedHashMap<>();
        writable.put("keys", DataTypes.STRING().nullable());
        writable.put("tags", DataTypes.STRING().nullable());
        return writable;
    }

    @Override
    public void applyWritableMetadata(List<String> keys, DataType consumedType) {
        metadataKeys = keys;
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        return SinkV2Provider.of(format == null ? encodedSink() : formattedSink(context), parallelism);
    }

    @Override
    public DynamicTableSink copy() {
        return new MessageTableSink(this);
    }

    @Override
    public String asSummaryString() {
        return "rocketlink";
    }

    private RocketLinkSink<RowData> encodedSink() {
        int[] fields = new int[columns.size()];
        LogicalType[] types = new LogicalType[physical().size() + metadataKeys.size()];
        for (int i = 0; i < fields.length; ++i) {
            fields[i] = position(columns.get(i));
            if (fields[i] >= 0) {
                types[fields[i]] = type(columns.get(i));
            }
        }
        return RowSink.encoded(TableColumns.describe(options, columns), types, fields);
    }

    private RocketLinkSink<RowData> formattedSink(Context context) {
        List<Column> others = besidesBody(options, columns);
        others.removeIf(column -> position(column) < 0);
        DataType row =
                DataTypes.ROW(
                        physical().stream()
                                .map(column -> DataTypes.FIELD(column.getName(), column.getDataType()))
                                .toArray(DataTypes.Field[]::new));
        return RowSink.formatted(
                describeFormatted(options, columns),
                format.createRuntimeEncoder(context, row.notNull()),
                physical().stream().map(MessageTableSink::type).toArray(LogicalType[]::new),
                others.stream().mapToInt(this::position).toArray(),
                others.stream().map(MessageTableSink::type).toArray(LogicalType[]::new));
    }

    private List<Column> physical() {
        List<Column> physical = new ArrayList<>(columns);
        physical.removeIf(column -> !column.isPhysical());
        return physical;
    }

    /** In the rows; -1: it is not in them. */
    private int position(Column column) {
        if (column.isPhysical()) {
            return physical().indexOf(column);
        }
        if (!column.isPersisted()) {
            return -1;
        }
        int key = metadataKeys.indexOf(TableColumns.metadataKey((Column.MetadataColumn) column));
        return key < 0 ? -1 : physical().size() + key;
    }

    private static LogicalType type(Column column) {
        return column.getDataType().getLogicalType();
    }

    /** Metadata, and the columns that options name. */
    private static List<Column> besidesBody(Map<String, String> options, List<Column> columns) {
        Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(options);
        List<Column> others = new ArrayList<>(columns);
        others.removeIf(
                column ->
                        !column.isPersisted()
                                || (column.isPhysical()
                                        && !column.getName().equals(anyCase.get("partitionField"))
                                        && !column.getName().equals(anyCase.get("deliveryTimestampField"))));
        return others;
    }
}
