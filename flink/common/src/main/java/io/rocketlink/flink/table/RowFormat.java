package io.rocketlink.flink.table;

import io.rocketlink.client.MessageBatch;
import io.rocketlink.flink.source.reader.MessageFormat;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.core.memory.MemorySegment;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.binary.BinaryRowData;

/** Rows that native code has laid out: each is a view into its batch. */
final class RowFormat implements MessageFormat<RowData> {
    private static final long serialVersionUID = 1L;

    private final int[] projection;
    private transient MessageBatch current;
    private transient MemorySegment segment;

    RowFormat(int[] projection) {
        this.projection = projection;
    }

    @Override
    public int[] projection() {
        return projection;
    }

    @Override
    public int emit(MessageBatch batch, int message, SourceOutput<RowData> output) {
        int rows = batch.rows(message);
        int position = batch.position(message);
        for (int i = 0; i < rows; ++i) {
            BinaryRowData row = row(batch, position);
            output.collect(row, batch.storeTimestamp(message));
            position = MessageBatch.begin(position) + row.getSizeInBytes();
        }
        return rows;
    }

    /** {@code position}: of its length. */
    BinaryRowData row(MessageBatch batch, int position) {
        if (batch != current) {
            current = batch;
            segment = MemorySegmentFactory.wrap(batch.array());
        }
        BinaryRowData row = new BinaryRowData(projection.length);
        row.pointTo(segment, MessageBatch.begin(position), batch.length(position));
        return row;
    }
}
