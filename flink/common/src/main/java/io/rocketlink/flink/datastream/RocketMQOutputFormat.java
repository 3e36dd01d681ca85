package io.rocketlink.flink.datastream;

import io.rocketlink.client.TableDescription;

/** Writes lists of messages to a topic of RocketMQ 5.x; for {@link OutputFormatSinkFunction}. */
public final class RocketMQOutputFormat extends MessageOutputFormat {
    private static final long serialVersionUID = 1L;

    private RocketMQOutputFormat(TableDescription table) {
        super(table);
    }

    /** Each setter is short for the option of that name; null and empty leave it out. */
    public static final class Builder extends TopicBuilder<Builder> {
        public Builder() {
            super("mq5");
        }

        public Builder setTopicName(String topic) {
            return setTopic(topic);
        }

        public Builder setProducerGroup(String group) {
            return setOption("producerGroup", group);
        }

        /**
         * @throws IllegalArgumentException that names all that is wrong with the options
         */
        public RocketMQOutputFormat build() {
            return new RocketMQOutputFormat(options.checked(false));
        }
    }
}
