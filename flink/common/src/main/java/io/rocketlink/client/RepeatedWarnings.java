package io.rocketlink.client;

import org.slf4j.Logger;

/** Warnings that may come again and again: of each kind the core lets one a minute through. Any thread. */
public final class RepeatedWarnings implements AutoCloseable {
    private long handle; // from the first warning on; the library is there by then
    private boolean closed;

    /** {@code kind}: what makes warnings the same to their reader, such as the doing and the cause. */
    public synchronized void warn(Logger log, String kind, String text) {
        if (closed) {
            return;
        }
        if (handle == 0) {
            handle = NativeWarnings.open();
        }
        NativeLog.write(log, NativeWarnings.write(handle, kind, text));
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (handle != 0) {
            NativeWarnings.close(handle);
        }
    }
}
