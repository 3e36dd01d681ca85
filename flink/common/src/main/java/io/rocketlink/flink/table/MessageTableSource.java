package io.rocketlink.flink.table;

import io.rocketlink.client.ScanRestriction;
import io.rocketlink.client.SourceSettings;
import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.source.RocketLinkSource;
import io.rocketlink.flink.source.reader.MessageFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsLimitPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;

/** A table as a source: rows hold the wanted physical columns, then the wanted metadata. */
final class MessageTableSource
        implements ScanTableSource,
                SupportsReadingMetadata,
                SupportsProjectionPushDown,
                SupportsFilterPushDown,
                SupportsLimitPushDown,
                SupportsWatermarkPushDown {
    private final TableDescription table;
    private final List<Column> columns;
    private final SourceSettings settings;
    private final DataType physicalType;
    private final DecodingFormat<DeserializationSchema<RowData>> format;
    private final boolean formatProjects;
    private final String name;

    private int[] physical;
    private List<String> metadata = List.of();
    private DataType produced;
    private ScanRestriction restriction = new ScanRestriction();
    private String tags;
    private long limit = Long.MAX_VALUE;
    private WatermarkStrategy<RowData> watermarks = WatermarkStrategy.noWatermarks();

    /**
     * @param table as native code is told about it
     * @param columns physical and metadata ones in the order of their declaration
     * @param format reads the bodies; null: native code does
     * @param formatProjects whether it can be told to read some columns only
     */
    MessageTableSource(
            TableDescription table,
            List<Column> columns,
            SourceSettings settings,
            DataType physicalType,
            DecodingFormat<DeserializationSchema<RowData>> format,
            boolean formatProjects,
            String name) {
        this.table = table;
        this.columns = columns;
        this.settings = settings;
        this.physicalType = physicalType;
        this.format = format;
        this.formatProjects = formatProjects;
        this.name = name;
        physical = IntStream.range(0, DataType.getFieldCount(physicalType)).toArray();
        produced = physicalType;
    }

    private MessageTableSource(MessageTableSource other) {
        this(other.table, other.columns, other.settings, other.physicalType, other.format, other.formatProjects, other.name);
        produced = other.produced;
        restriction = other.restriction;
        tags = other.tags;
        limit = other.limit;
        physical = other.physical;
        metadata = other.metadata;
        watermarks = other.watermarks;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return format == null ? ChangelogMode.insertOnly() : format.getChangelogMode();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        TypeInformation<RowData> type = context.createTypeInformation(produced);
        RocketLinkSource<RowData> source =
                new RocketLinkSource<>(
                        tags == null ? table : table.with("tag", tags),
                        settings.bounded(),
                        messageFormat(context),
                        type,
                        restriction,
                        limit);
        WatermarkStrategy<RowData> strategy = watermarks;
        return new DataStreamScanProvider() {
            @Override
            public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment environment) {
                DataStreamSource<RowData> stream = environment.fromSource(source, strategy, name);
                provider.generateUid("source").ifPresent(stream::uid);
                return stream;
            }

            @Override
            public boolean isBounded() {
                return settings.bounded();
            }

            @Override
            public Optional<Integer> getParallelism() {
                return Optional.ofNullable(settings.parallelism());
            }
        };
    }

    /** The declared type where a column asks for it, so that native code writes what the column holds. */
    @Override
    public Map<String, DataType> listReadableMetadata() {
        Map<String, DataType> readable = new LinkedHashMap<>();
        for (Column column : columns) {
            if (column instanceof Column.MetadataColumn) {
                readable.putIfAbsent(TableColumns.metadataKey((Column.MetadataColumn) column), column.getDataType());
            }
        }
        return readable;
    }

    @Override
    public void applyReadableMetadata(List<String> keys, DataType type) {
        metadata = keys;
        produced = type;
    }

    @Override
    public boolean supportsNestedProjection() {
        return false;
    }

    @Override
    public void applyProjection(int[][] fields, DataType type) {
        physical = Arrays.stream(fields).mapToInt(field -> field[0]).toArray();
        produced = type;
    }

    /** All stay in the plan: what is restricted here is more than they say, and so is what a restored state holds. */
    @Override
    public Result applyFilters(List<ResolvedExpression> filters) {
        FilterReader reader = new FilterReader(this::metadataKey, settings.bounded());
        List<ResolvedExpression> accepted = new ArrayList<>(filters);
        accepted.removeIf(filter -> !reader.read(filter));
        restriction = reader.restriction();
        tags = settings.readsAllMessages() ? reader.tags().orElse(null) : null;
        return Result.of(accepted, filters);
    }

    /** Empty: it is a physical column. */
    private String metadataKey(FieldReferenceExpression field) {
        int index = field.getFieldIndex() - physical.length;
        return index < 0 || index >= metadata.size() ? "" : metadata.get(index);
    }

    /** Of rows that native code has made, as it counts these; where no row takes another back. */
    @Override
    public void applyLimit(long rows) {
        if (settings.bounded() && format == null) {
            limit = rows;
        }
    }

    @Override
    public void applyWatermark(WatermarkStrategy<RowData> strategy) {
        watermarks = strategy;
    }

    @Override
    public DynamicTableSource copy() {
        return new MessageTableSource(this);
    }

    @Override
    public String asSummaryString() {
        return "rocketlink";
    }

    private MessageFormat<RowData> messageFormat(ScanContext context) {
        if (format == null) {
            return new RowFormat(projection());
        }
        if (formatProjects && format instanceof ProjectableDecodingFormat) {
            int[][] wanted = Arrays.stream(physical).mapToObj(field -> new int[] {field}).toArray(int[][]::new);
            DeserializationSchema<RowData> schema =
                    ((ProjectableDecodingFormat<DeserializationSchema<RowData>>) format)
                            .createRuntimeDecoder(context, physicalType, wanted);
            return new DeserializingFormat(schema, bodyProjection(), null, settings);
        }
        boolean all = Arrays.equals(physical, IntStream.range(0, DataType.getFieldCount(physicalType)).toArray());
        return new DeserializingFormat(
                format.createRuntimeDecoder(context, physicalType), bodyProjection(), all ? null : physical, settings);
    }

    /** Of the table's columns. */
    private int[] projection() {
        int[] declared = IntStream.range(0, columns.size()).filter(i -> columns.get(i).isPhysical()).toArray();
        return IntStream.concat(
                        Arrays.stream(physical).map(field -> declared[field]),
                        metadata.stream().mapToInt(key -> columnOf(key, columns)))
                .toArray();
    }

    /** Of the body and the metadata columns behind it. */
    private int[] bodyProjection() {
        List<Column> others = new ArrayList<>(columns);
        others.removeIf(Column::isPhysical);
        return IntStream.concat(IntStream.of(0), metadata.stream().mapToInt(key -> 1 + columnOf(key, others))).toArray();
    }

    private static int columnOf(String key, List<Column> columns) {
        for (int i = 0; i < columns.size(); ++i) {
            Column column = columns.get(i);
            if (column instanceof Column.MetadataColumn && TableColumns.metadataKey((Column.MetadataColumn) column).equals(key)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no column asks for the metadata '" + key + "'");
    }
}
