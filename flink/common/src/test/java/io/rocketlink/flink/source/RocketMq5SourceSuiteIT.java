package io.rocketlink.flink.source;

class RocketMq5SourceSuiteIT extends RocketMqSourceSuite {
    RocketMq5SourceSuiteIT() {
        super("5.5.0", "mq5");
    }
}
