package io.rocketlink.flink.source.split;

import io.rocketlink.client.QueueRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.connector.source.SourceSplit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A queue and where its reading stands; its identity is the queue, never the broker's address. */
public final class QueueSplit implements SourceSplit {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSplit.class);

    private final QueueRange range;

    public QueueSplit(QueueRange range) {
        this.range = range;
    }

    public QueueRange range() {
        return range;
    }

    /**
     * Those of a table's topic. A job may be restored with a table that names another one, which begins anew: of the topic before
     * it reads nothing any more.
     */
    public static List<QueueSplit> ofTopic(String topic, Collection<QueueSplit> splits) {
        List<QueueSplit> own = new ArrayList<>();
        for (QueueSplit split : splits) {
            if (split.range().topic().equals(topic)) {
                own.add(split);
            } else {
                LOG.warn("The state holds {}; the table reads topic '{}' now, so it is left out", split, topic);
            }
        }
        return own;
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
