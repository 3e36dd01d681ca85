package io.rocketlink.flink.source;

class RocketMq4SourceSuiteIT extends RocketMqSourceSuite {
    RocketMq4SourceSuiteIT() {
        super("4.9.7", "mq");
    }
}
