package io.rocketlink.flink.table;

/** Tables of the connector {@code mq}: RocketMQ 4.x. */
public final class MqTableFactory extends MessageTableFactory {
    public MqTableFactory() {
        super("mq");
    }
}
