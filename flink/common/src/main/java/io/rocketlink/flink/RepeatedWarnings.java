package io.rocketlink.flink;

import org.slf4j.Logger;

/** Of what may come again and again: the same text is written once a minute, another one at once. Any thread. */
public final class RepeatedWarnings {
    private static final long PAUSE_NANOS = 60_000_000_000L;

    private String last = "";
    private long written;

    public synchronized void warn(Logger log, String text) {
        long now = System.nanoTime();
        if (!text.equals(last) || now - written >= PAUSE_NANOS) {
            last = text;
            written = now;
            log.warn(text);
        }
    }
}
