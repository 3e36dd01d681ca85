package io.rocketlink.flink.datastream;

import io.rocketlink.client.TableDescription;
import java.util.Properties;

/** Writes lists of messages to a topic of RocketMQ 4.x; for {@link OutputFormatSinkFunction}. */
public final class MetaQOutputFormat extends MessageOutputFormat {
    private static final long serialVersionUID = 1L;

    private MetaQOutputFormat(TableDescription table) {
        super(table);
    }

    public static final class Builder {
        private final Options options = new Options("mq");

        public Builder setTopicName(String topic) {
            return setOption("topic", topic);
        }

        public Builder setProducerGroup(String group) {
            return setOption("producerGroup", group);
        }

        /** By the names of {@link ExternConst}, or any option of an {@code mq} sink table. */
        public Builder setMqProperties(Properties properties) {
            ExternConst.apply(properties, options);
            return this;
        }

        /** Any option of a sink table, by its name; null and empty leave it out. */
        public Builder setOption(String name, String value) {
            options.set(name, value);
            return this;
        }

        /**
         * @throws IllegalArgumentException that names all that is wrong with the options
         */
        public MetaQOutputFormat build() {
            return new MetaQOutputFormat(options.checked(false));
        }
    }
}
