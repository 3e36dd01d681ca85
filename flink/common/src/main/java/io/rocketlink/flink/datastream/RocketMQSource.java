package io.rocketlink.flink.datastream;

import io.rocketlink.client.RocketLinkException;
import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.source.RocketLinkSource;
import org.apache.flink.util.Preconditions;

/** A topic of RocketMQ 5.x as a source of {@code T}: {@code RocketMQSource.<T>builder().setEndpoint(…)….build()}. */
public final class RocketMQSource<T> extends RocketLinkSource<T> {
    private static final long serialVersionUID = 1L;

    private RocketMQSource(TableDescription table, RocketMQRecordDeserializationSchema<T> schema) {
        super(table, isBounded(table), new MessageDeserializer<>(schema), schema.getProducedType());
    }

    public static <T> Builder<T> builder() {
        return new Builder<>();
    }

    static boolean isBounded(TableDescription table) {
        try {
            return table.sourceSettings().bounded();
        } catch (RocketLinkException problem) {
            throw new IllegalArgumentException(problem.getMessage(), problem);
        }
    }

    /** Each setter is short for the option of that name; null and empty leave it out. */
    public static final class Builder<T> {
        private final Options options = new Options("mq5");
        private RocketMQRecordDeserializationSchema<T> schema;

        private Builder() {}

        /** {@code host:port} of name servers or of the proxy; several are separated by {@code ;}. */
        public Builder<T> setEndpoint(String endpoint) {
            return setOption("endpoint", endpoint);
        }

        public Builder<T> setAccessId(String id) {
            return setOption("accessId", id);
        }

        public Builder<T> setAccessKey(String key) {
            return setOption("accessKey", key);
        }

        public Builder<T> setTopic(String topic) {
            return setOption("topic", topic);
        }

        public Builder<T> setConsumerGroup(String group) {
            return setOption("consumerGroup", group);
        }

        /** {@code TagA||TagB}; all when left out. */
        public Builder<T> setTag(String tag) {
            return setOption("tag", tag);
        }

        /** Begins at this offset in every queue. */
        public Builder<T> setStartOffset(long offset) {
            return setOption("startMessageOffset", Long.toString(offset));
        }

        /** Begins at the first message stored at or after this epoch millisecond. */
        public Builder<T> setStartTimeMs(long time) {
            return setOption("startTimeMs", Long.toString(time));
        }

        public Builder<T> setPartitionDiscoveryIntervalMs(long interval) {
            return setOption("scan.partition-discovery.interval", interval + " ms");
        }

        public Builder<T> setDeserializationSchema(RocketMQRecordDeserializationSchema<T> deserializer) {
            schema = deserializer;
            return this;
        }

        /** Any option of a source table, by its name. */
        public Builder<T> setOption(String name, String value) {
            options.set(name, value);
            return this;
        }

        /**
         * @throws IllegalArgumentException that names all that is wrong with the options
         */
        public RocketMQSource<T> build() {
            Preconditions.checkNotNull(schema, "setDeserializationSchema was not called");
            return new RocketMQSource<>(options.checked(true), schema);
        }
    }
}
