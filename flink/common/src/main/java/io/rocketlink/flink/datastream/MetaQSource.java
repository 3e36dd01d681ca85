package io.rocketlink.flink.datastream;

import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.source.RocketLinkSource;
import java.util.Properties;
import org.apache.flink.api.connector.source.Boundedness;

/** A topic of RocketMQ 4.x as a source of {@code T}. */
public final class MetaQSource<T> extends RocketLinkSource<T> {
    private static final long serialVersionUID = 1L;

    /** What a reader waits before it asks a queue without messages again, unless the properties say otherwise. */
    private static final long PULL_INTERVAL_MILLIS = 100;

    /**
     * @param reserved always null
     * @param tag {@code TagA||TagB}; null: all
     * @param stopTimestampMs reading ends at the first message stored at or after it; {@code Long.MAX_VALUE}: when bounded, at
     *     the end as of the start, else never
     * @param startTimestampMs begins at the first message stored at or after it; -1: not by time
     * @param startOffset begins at this offset in every queue; wins over the time; -1: not by offset
     * @param partitionDiscoveryIntervalMs between two looks for new queues
     * @param properties by the names of {@link ExternConst}, or any option of an {@code mq} source table
     * @throws IllegalArgumentException that names all that is wrong with them
     */
    public MetaQSource(
            String topic,
            String consumerGroup,
            String reserved,
            String tag,
            long stopTimestampMs,
            long startTimestampMs,
            long startOffset,
            long partitionDiscoveryIntervalMs,
            Properties properties,
            Boundedness boundedness,
            MetaQRecordDeserializationSchema<T> schema) {
        this(
                until(
                                stopTimestampMs,
                                boundedness,
                                from(
                                        startTimestampMs,
                                        startOffset,
                                        options(topic, consumerGroup, tag, partitionDiscoveryIntervalMs, properties)))
                        .checked(true),
                schema);
    }

    private MetaQSource(TableDescription table, MetaQRecordDeserializationSchema<T> schema) {
        super(table, RocketMQSource.isBounded(table), new MessageDeserializer<>(schema), schema.getProducedType());
    }

    private static Options options(String topic, String group, String tag, long discoveryIntervalMs, Properties properties) {
        Options options = new Options("mq");
        options.set("pullIntervalMs", PULL_INTERVAL_MILLIS);
        ExternConst.apply(properties, options);
        options.set("topic", topic);
        options.set("consumerGroup", group);
        options.set("tag", tag);
        options.set("scan.partition-discovery.interval", discoveryIntervalMs + " ms");
        return options;
    }

    private static Options from(long timestampMs, long offset, Options options) {
        if (timestampMs >= 0) {
            options.set("startTimeMs", timestampMs);
        }
        if (offset >= 0) {
            options.set("startMessageOffset", offset);
        }
        return options;
    }

    private static Options until(long timestampMs, Boundedness boundedness, Options options) {
        if (timestampMs != Long.MAX_VALUE) {
            options.set("scan.bounded.mode", "timestamp");
            options.set("scan.bounded.timestamp-millis", timestampMs);
        } else if (boundedness == Boundedness.BOUNDED) {
            options.set("scan.bounded.mode", "latest");
        }
        return options;
    }
}
