package io.rocketlink.testing;

import org.junit.jupiter.api.BeforeAll;

/** Tests on a RocketMQ 5.5.0 that all of them share: each has topics of its own, and starts again what it kills. */
public abstract class OnRocketMq {
    protected static RocketMqServer server;

    @BeforeAll
    static void share() {
        server = RocketMqServer.shared("5.5.0");
    }
}
