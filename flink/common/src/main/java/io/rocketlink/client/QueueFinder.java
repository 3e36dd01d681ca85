package io.rocketlink.client;

import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the queues of a topic, and where reading begins and ends in each. {@link #discover} is for one thread at a time;
 * {@link #close} for any, and makes a running discovery end.
 */
public final class QueueFinder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueFinder.class);

    private final long handle;

    /** All queues of the topic but those known. */
    public QueueFinder(TableDescription table, Collection<QueueRange> known) throws RocketLinkException {
        this(table, new ScanRestriction(), known);
    }

    /** {@code known}: queues that are not to be found again. */
    public QueueFinder(TableDescription table, ScanRestriction restriction, Collection<QueueRange> known)
            throws RocketLinkException {
        SplitArrays arrays = new SplitArrays(known);
        handle =
                NativeEnumerator.open(
                        table.entries(),
                        table.columns(),
                        restriction.queueIds(),
                        restriction.bounds(),
                        arrays.names,
                        arrays.numbers);
    }

    /** Queues not seen before. A failure changes nothing: the next call tries again. */
    public List<QueueRange> discover() throws RocketLinkException {
        try {
            return new SplitArrays(NativeEnumerator.discover(handle)).ranges();
        } finally {
            NativeLog.write(LOG, NativeEnumerator.takeLog(handle));
        }
    }

    @Override
    public void close() {
        NativeEnumerator.close(handle);
    }
}
