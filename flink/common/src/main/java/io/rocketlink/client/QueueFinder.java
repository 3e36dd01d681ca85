package io.rocketlink.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the queues of a topic, where reading begins in each, and which reader it goes to. {@link #discover} is for one thread
 * at a time; {@link #close} for any, and makes a running discovery end.
 */
public final class QueueFinder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueFinder.class);

    private final long handle;

    /** All queues of the topic but those known. */
    public QueueFinder(TableDescription table, int readers, Collection<QueueRange> known) throws RocketLinkException {
        this(table, new ScanRestriction(), readers, known);
    }

    /** {@code known}: queues that are not to be found again. */
    public QueueFinder(
            TableDescription table, ScanRestriction restriction, int readers, Collection<QueueRange> known)
            throws RocketLinkException {
        SplitArrays arrays = new SplitArrays(known);
        handle =
                NativeEnumerator.open(
                        table.entries(),
                        table.columns(),
                        restriction.queueIds(),
                        restriction.bounds(),
                        readers,
                        arrays.names,
                        arrays.numbers);
    }

    /** A queue and its reader, from 0 on; spread so that no reader has two queues more than another. */
    public static final class Found {
        private final QueueRange range;
        private final int owner;

        Found(QueueRange range, int owner) {
            this.range = range;
            this.owner = owner;
        }

        public QueueRange range() {
            return range;
        }

        public int owner() {
            return owner;
        }
    }

    /** Queues not seen before. A failure changes nothing: the next call tries again. */
    public List<Found> discover() throws RocketLinkException {
        try {
            long[][] numbers = new long[1][];
            String[] names = NativeEnumerator.discover(handle, numbers);
            List<Found> found = new ArrayList<>();
            for (int i = 0; i < names.length / 2; ++i) {
                QueueRange range =
                        new QueueRange(
                                names[2 * i],
                                names[2 * i + 1],
                                (int) numbers[0][4 * i],
                                numbers[0][4 * i + 1],
                                numbers[0][4 * i + 2]);
                found.add(new Found(range, (int) numbers[0][4 * i + 3]));
            }
            return found;
        } finally {
            NativeLog.write(LOG, NativeEnumerator.takeLog(handle));
        }
    }

    @Override
    public void close() {
        NativeEnumerator.close(handle);
    }
}
