package io.rocketlink.flink.table;

import io.rocketlink.client.SourceSettings;
import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.source.RocketLinkSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/** A table as a source: rows hold the wanted physical columns, then the wanted metadata, and native code lays them out so. */
final class MessageTableSource
        implements ScanTableSource, SupportsReadingMetadata, SupportsProjectionPushDown, SupportsWatermarkPushDown {
    private final TableDescription table;
    private final List<Column> columns;
    private final SourceSettings settings;
    private final String name;

    private int[] physical;
    private List<String> metadata = List.of();
    private DataType produced;
    private WatermarkStrategy<RowData> watermarks = WatermarkStrategy.noWatermarks();

    /** {@code columns}: physical and metadata ones in the order of their declaration, as in {@code table}. */
    MessageTableSource(
            TableDescription table, List<Column> columns, SourceSettings settings, DataType physicalType, String name) {
        this.table = table;
        this.columns = columns;
        this.settings = settings;
        this.name = name;
        physical = physicalColumns();
        produced = physicalType;
    }

    private MessageTableSource(MessageTableSource other) {
        this(other.table, other.columns, other.settings, other.produced, other.name);
        physical = other.physical;
        metadata = other.metadata;
        watermarks = other.watermarks;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        TypeInformation<RowData> type = context.createTypeInformation(produced);
        RocketLinkSource<RowData> source =
                new RocketLinkSource<>(table, settings.bounded(), new RowFormat(projection()), type);
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
        int[] all = physicalColumns();
        physical = new int[fields.length];
        for (int i = 0; i < fields.length; ++i) {
            physical[i] = all[fields[i][0]];
        }
        produced = type;
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

    private int[] physicalColumns() {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < columns.size(); ++i) {
            if (columns.get(i).isPhysical()) {
                found.add(i);
            }
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private int[] projection() {
        int[] projection = new int[physical.length + metadata.size()];
        System.arraycopy(physical, 0, projection, 0, physical.length);
        for (int i = 0; i < metadata.size(); ++i) {
            projection[physical.length + i] = columnOf(metadata.get(i));
        }
        return projection;
    }

    private int columnOf(String key) {
        for (int i = 0; i < columns.size(); ++i) {
            Column column = columns.get(i);
            if (column instanceof Column.MetadataColumn && TableColumns.metadataKey((Column.MetadataColumn) column).equals(key)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no column asks for the metadata '" + key + "'");
    }
}
