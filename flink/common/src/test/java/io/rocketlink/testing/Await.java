package io.rocketlink.testing;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for a condition, with a limit in time. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    private Await() {}

    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception problem) {
                last = problem;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("waited in vain for " + what, last);
    }
}
