package io.rocketlink.flink.source.split;

import io.rocketlink.client.QueueRange;
import java.util.Objects;
import org.apache.flink.api.connector.source.SourceSplit;

/** A queue and where its reading stands; its identity is the queue, never the broker's address. */
public final class QueueSplit implements SourceSplit {
    private final QueueRange range;

    public QueueSplit(QueueRange range) {
        this.range = range;
    }

    public QueueRange range() {
        return range;
    }

    @Override
    public String splitId() {
        return range.queue();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueueSplit && ((QueueSplit) other).range.equals(range);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(range);
    }

    @Override
    public String toString() {
        return range.toString();
    }
}
