package io.rocketlink.flink.datastream;

import io.rocketlink.client.TableDescription;

/** Writes lists of messages to a topic of RocketMQ 5.x; for {@link OutputFormatSinkFunction}. */
public final class RocketMQOutputFormat extends MessageOutputFormat {
    private static final long serialVersionUID = 1L;

    private RocketMQOutputFormat(TableDescription table) {
        super(table);
    }

    /** Each setter is short for the option of that name; null and empty leave it out. */
    public static final class Builder {
        private final Options options = new Options("mq5");

        /** {@code host:port} of name servers or of the proxy; several are separated by {@code ;}. */
        public Builder setEndpoint(String endpoint) {
            return setOption("endpoint", endpoint);
        }

        public Builder setAccessId(String id) {
            return setOption("accessId", id);
        }

        public Builder setAccessKey(String key) {
            return setOption("accessKey", key);
        }

        public Builder setTopicName(String topic) {
            return setOption("topic", topic);
        }

        public Builder setProducerGroup(String group) {
            return setOption("producerGroup", group);
        }

        /** Any option of a sink table, by its name. */
        public Builder setOption(String name, String value) {
            options.set(name, value);
            return this;
        }

        /**
         * @throws IllegalArgumentException that names all that is wrong with the options
         */
        public RocketMQOutputFormat build() {
            return new RocketMQOutputFormat(options.checked(false));
        }
    }
}
