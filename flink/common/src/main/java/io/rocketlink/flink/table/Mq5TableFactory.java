package io.rocketlink.flink.table;

/** Tables of the connector {@code mq5}: RocketMQ 5.x. */
public final class Mq5TableFactory extends MessageTableFactory {
    public Mq5TableFactory() {
        super("mq5");
    }
}
