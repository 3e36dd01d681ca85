package io.rocketlink.testing;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests on a RocketMQ 5.5.0 of their class's own. */
public abstract class OnRocketMq {
    protected static RocketMqServer server;

    @BeforeAll
    public static void startServer() {
        server = new RocketMqServer("5.5.0");
    }

    @AfterAll
    public static void stopServer() {
        server.close();
    }
}
