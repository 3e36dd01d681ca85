package io.rocketlink.flink.sink;

class RocketMq4SinkSuiteIT extends RocketMqSinkSuite {
    RocketMq4SinkSuiteIT() {
        super("4.9.7", "mq");
    }
}
