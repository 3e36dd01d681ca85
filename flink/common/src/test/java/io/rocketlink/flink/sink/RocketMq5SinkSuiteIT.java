package io.rocketlink.flink.sink;

class RocketMq5SinkSuiteIT extends RocketMqSinkSuite {
    RocketMq5SinkSuiteIT() {
        super("5.5.0", "mq5");
    }
}
