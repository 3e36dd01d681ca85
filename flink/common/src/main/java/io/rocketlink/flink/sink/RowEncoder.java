package io.rocketlink.flink.sink;

import io.rocketlink.client.OutgoingArray;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.data.binary.BinarySegmentUtils;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.logical.LogicalType;

/** Rows as they are: the core makes message bodies of them. */
final class RowEncoder implements RecordEncoder<RowData> {
    private static final long serialVersionUID = 1L;

    private final LogicalType[] types;
    private final int[] fields;
    private transient RowDataSerializer serializer;

    RowEncoder(LogicalType[] types, int[] fields) {
        this.types = types;
        this.fields = fields;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context) {
        serializer = new RowDataSerializer(types);
    }

    @Override
    public int[] fields() {
        return fields;
    }

    @Override
    public void encode(RowData row, Long timestamp, OutgoingArray out) {
        add(serializer.toBinaryRow(row), null, timestamp, out);
    }

    static void add(BinaryRowData row, byte[] body, Long timestamp, OutgoingArray out) {
        int size = row.getSizeInBytes();
        out.addRow(
                size,
                (array, at) -> BinarySegmentUtils.copyToBytes(row.getSegments(), row.getOffset(), array, at, size),
                body,
                timestamp == null ? OutgoingArray.NO_TIME : timestamp);
    }
}
