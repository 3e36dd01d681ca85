package io.rocketlink.flink.source.reader;

import io.rocketlink.client.MessageBatch;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;

/** One batch, and the queues that are read to their stop. */
final class MessageRecords implements RecordsWithSplitIds<MessageCursor> {
    private final Set<String> finished;
    private final MessageCursor cursor;
    private String next;

    /** {@code batch}: null for none. */
    MessageRecords(MessageBatch batch, Set<String> finished, QueueSplitReader reader) {
        this.finished = finished;
        cursor = batch == null ? null : new MessageCursor(batch, reader);
        next = batch == null ? null : batch.queue();
    }

    @Override
    public String nextSplit() {
        String split = next;
        next = null;
        return split;
    }

    @Override
    public MessageCursor nextRecordFromSplit() {
        return cursor.advance() ? cursor : null;
    }

    @Override
    public Set<String> finishedSplits() {
        return finished;
    }
}
