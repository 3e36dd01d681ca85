package io.rocketlink.testing;

import org.apache.flink.connector.testframe.TestResource;

/** The shared server for the tests that Flink brings. */
public final class RocketMqResource implements TestResource {
    private final String version;

    public RocketMqResource(String version) {
        this.version = version;
    }

    public RocketMqServer running() {
        return RocketMqServer.shared(version);
    }

    @Override
    public void startUp() {
        running();
    }

    @Override
    public void tearDown() {}
}
