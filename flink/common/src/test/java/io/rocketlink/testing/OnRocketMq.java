package io.rocketlink.testing;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/** Tests on a RocketMQ 5.5.0 that all of them share: each has topics of its own, and starts again what it kills. */
@ExtendWith(OnRocketMq.Shared.class)
public abstract class OnRocketMq {
    protected static RocketMqServer server;

    static final class Shared implements BeforeAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) {
            server = context.getRoot()
                    .getStore(Namespace.create(OnRocketMq.class))
                    .getOrComputeIfAbsent(Running.class, first -> new Running(), Running.class)
                    .server;
        }
    }

    /** Stopped when the last test is done. */
    private static final class Running implements CloseableResource {
        final RocketMqServer server = new RocketMqServer("5.5.0");

        @Override
        public void close() {
            server.close();
        }
    }
}
