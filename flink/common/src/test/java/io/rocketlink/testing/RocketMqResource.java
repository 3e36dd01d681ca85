package io.rocketlink.testing;

import org.apache.flink.connector.testframe.TestResource;

/** A server for the tests that Flink brings. */
public final class RocketMqResource implements TestResource {
    private final String version;
    private RocketMqServer running;

    public RocketMqResource(String version) {
        this.version = version;
    }

    public RocketMqServer running() {
        return running;
    }

    @Override
    public void startUp() {
        running = new RocketMqServer(version);
    }

    @Override
    public void tearDown() {
        if (running != null) {
            running.close();
            running = null;
        }
    }
}
