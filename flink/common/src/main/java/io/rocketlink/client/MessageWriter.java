package io.rocketlink.client;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to one topic. For one thread at a time, but for {@link #close}. Whatever waits for the broker can be interrupted, as
 * Flink does with the thread of a task that is cancelled.
 */
public final class MessageWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MessageWriter.class);
    /** That native code waits at a time; then an interrupt of the thread is seen. */
    private static final long PIECE_MILLIS = 50;

    private final long handle;
    private volatile boolean closed;

    /**
     * One of {@code writers} that share the table's budget of calls.
     *
     * @param fields for each column of the table its field in the rows to be written, -1 where it has none; null when messages
     *     are written, not rows
     * @param writers from 1 on
     */
    public MessageWriter(TableDescription table, int[] fields, int writers) throws RocketLinkException {
        handle = NativeSink.open(table.entries(), table.columns(), fields, writers);
    }

    /** Hands over all rows of the array; waits while too much is under way. Throws the first error of an earlier message. */
    public void writeRows(OutgoingArray rows) throws RocketLinkException, InterruptedException {
        try {
            for (int from = 0; from < rows.length(); ) {
                stopIfInterrupted();
                log(); // while nothing goes on, as well
                from = NativeSink.writeRows(handle, rows.bytes(), from, rows.length(), PIECE_MILLIS);
            }
        } finally {
            log();
        }
    }

    /** The same for messages. */
    public void writeMessages(OutgoingArray messages) throws RocketLinkException, InterruptedException {
        try {
            for (int from = 0; from < messages.length(); ) {
                stopIfInterrupted();
                log();
                from = NativeSink.writeMessages(handle, messages.bytes(), from, messages.length(), PIECE_MILLIS);
            }
        } finally {
            log();
        }
    }

    /** Returns when everything handed over is stored, or throws the first error. */
    public void flush() throws RocketLinkException, InterruptedException {
        try {
            do {
                stopIfInterrupted();
                log();
            } while (!NativeSink.flush(handle, PIECE_MILLIS));
        } finally {
            log();
        }
    }

    public WriterStats stats() throws RocketLinkException {
        return new WriterStats(NativeSink.stats(handle));
    }

    /** Gives up what is not stored yet: flush first. Threads and connections are gone when it returns. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            log();
            NativeSink.close(handle);
        }
    }

    private void log() {
        NativeLog.write(LOG, NativeSink.takeLog(handle));
    }

    private static void stopIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while messages were on their way to the broker");
        }
    }
}
