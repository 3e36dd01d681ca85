package io.rocketlink.flink.datastream;

import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.sink.RocketLinkSink;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.util.Preconditions;

/**
 * A topic as a sink of {@code T}, for {@code DataStream.sinkTo}: {@code RocketMQSink.<T>builder().setEndpoint(…)….build()}. At
 * least once: a checkpoint completes when every message before it is stored.
 */
public final class RocketMQSink<T> extends RocketLinkSink<T> {
    private static final long serialVersionUID = 1L;

    private RocketMQSink(TableDescription table, RocketMQRecordSerializationSchema<T> schema) {
        super(table, new MessageSerializer<>(schema));
    }

    /** For RocketMQ 5.x. */
    public static <T> Builder<T> builder() {
        return new Builder<>("mq5");
    }

    /** For RocketMQ 4.x. */
    public static <T> Builder<T> builderFor4x() {
        return new Builder<>("mq");
    }

    /** Each setter is short for the option of that name; null and empty leave it out. */
    public static final class Builder<T> {
        private final Options options;
        private RocketMQRecordSerializationSchema<T> schema;

        private Builder(String connector) {
            options = new Options(connector);
        }

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

        public Builder<T> setProducerGroup(String group) {
            return setOption("producerGroup", group);
        }

        public Builder<T> setSerializationSchema(RocketMQRecordSerializationSchema<T> serializer) {
            schema = serializer;
            return this;
        }

        /** A message for each record, its body as this schema makes it. */
        public Builder<T> setBodySchema(SerializationSchema<T> body) {
            return setSerializationSchema(RocketMQRecordSerializationSchema.bodyOnly(body));
        }

        /** Any option of a sink table, by its name. */
        public Builder<T> setOption(String name, String value) {
            options.set(name, value);
            return this;
        }

        /**
         * @throws IllegalArgumentException that names all that is wrong with the options
         */
        public RocketMQSink<T> build() {
            Preconditions.checkNotNull(schema, "setSerializationSchema was not called");
            return new RocketMQSink<>(options.checked(false), schema);
        }
    }
}
