package io.rocketlink.flink.source.reader;

import io.rocketlink.client.MessageBatch;
import io.rocketlink.flink.source.split.QueueSplitState;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordEmitter;

/** Emits a message at a time, so that a position never stands inside of one. */
final class MessageEmitter<T> implements RecordEmitter<MessageCursor, T, QueueSplitState> {
    private final MessageFormat<T> format;
    private final SourceMetrics metrics;
    private boolean emitted;

    MessageEmitter(MessageFormat<T> format, SourceMetrics metrics) {
        this.format = format;
        this.metrics = metrics;
    }

    /** Whether a message has ever come here. */
    boolean hasEmitted() {
        return emitted;
    }

    @Override
    public void emitRecord(MessageCursor cursor, SourceOutput<T> output, QueueSplitState state) throws Exception {
        emitted = true;
        if (cursor.isFirst()) {
            metrics.batchBegins(cursor.batch());
        }
        MessageBatch batch = cursor.batch();
        if (cursor.isEnd()) {
            if (!batch.goesOn()) {
                state.advance(batch.nextOffset());
            }
            metrics.emitted(0);
            return;
        }
        int rows = format.emit(batch, cursor.message(), output);
        if (cursor.isLast() && batch.goesOn()) {
            rows += emitRest(cursor, output);
        }
        metrics.emitted(rows);
        state.advance(batch.offset(cursor.message()) + 1);
    }

    private int emitRest(MessageCursor cursor, SourceOutput<T> output) throws Exception {
        int rows = 0;
        MessageBatch batch;
        do {
            batch = cursor.readOn();
            metrics.batchBegins(batch);
            rows += format.emit(batch, 0, output);
        } while (batch.goesOn());
        return rows;
    }
}
