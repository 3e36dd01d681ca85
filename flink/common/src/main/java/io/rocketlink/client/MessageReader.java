package io.rocketlink.client;

import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads queues, batch by batch. {@link #poll}, {@link #commit} and what changes the queues are for one thread at a time; {@link
 * #wakeUp}, {@link #commitSoon}, {@link #stats} and {@link #close} for any, and so is a poll for the rest of a message. Closing wakes
 * whoever is inside and waits until he has left.
 */
public final class MessageReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MessageReader.class);

    private final long handle;

    /**
     * One of {@code readers} that share the table's budget of calls.
     *
     * @param projection the wanted columns, in the order of the rows' fields; null for raw messages
     * @param readers from 1 on
     */
    public MessageReader(TableDescription table, int[] projection, int readers) throws RocketLinkException {
        handle = NativeReader.open(table.entries(), table.columns(), projection, readers);
    }

    public void add(Collection<QueueRange> queues) throws RocketLinkException {
        SplitArrays arrays = new SplitArrays(queues);
        NativeReader.addSplits(handle, arrays.names, arrays.numbers);
    }

    /** Nothing of these queues is handed out afterwards. */
    public void remove(Collection<QueueRange> queues) throws RocketLinkException {
        SplitArrays arrays = new SplitArrays(queues);
        NativeReader.removeSplits(handle, arrays.names, arrays.numbers);
    }

    /** Queues whose pulls shall rest; what is buffered is still handed out. */
    public void pause(Collection<QueueRange> queues, boolean paused) throws RocketLinkException {
        SplitArrays arrays = new SplitArrays(queues);
        NativeReader.pause(handle, arrays.names, arrays.numbers, paused);
    }

    /**
     * Null when nothing came in time, or {@link #wakeUp} was called during this call or since the one before. Never null, and
     * without waiting, when the batch before {@link MessageBatch#goesOn}.
     */
    public MessageBatch poll(long timeoutMillis, int mostBytes) throws RocketLinkException {
        try {
            byte[] bytes = NativeReader.poll(handle, timeoutMillis, mostBytes);
            return bytes == null ? null : new MessageBatch(bytes);
        } finally {
            NativeLog.write(LOG, NativeReader.takeLog(handle));
        }
    }

    private static final String[] NONE = {};

    /** Names of the queues that were found read to their stop since the last call. */
    public String[] takeFinished() throws RocketLinkException {
        String[] finished = NativeReader.takeFinished(handle);
        return finished == null ? NONE : finished;
    }

    public void wakeUp() {
        NativeReader.wakeUp(handle);
    }

    /**
     * Commits where the queues stand to the consumer group, in the background: the newest position counts, what fails is tried
     * again, and {@link #stats} tells what was committed. For any thread.
     */
    public void commitSoon(Collection<QueueRange> positions) throws RocketLinkException {
        SplitArrays arrays = new SplitArrays(positions);
        NativeReader.commitSoon(handle, arrays.names, arrays.numbers);
    }

    /** The same, and waits until it has succeeded. */
    public void commit(Collection<QueueRange> positions, long timeoutMillis) throws RocketLinkException {
        SplitArrays arrays = new SplitArrays(positions);
        NativeReader.commit(handle, arrays.names, arrays.numbers, timeoutMillis);
    }

    /** How the reader fares, and its queues of these names. */
    public ReaderStats stats(String... queues) throws RocketLinkException {
        return new ReaderStats(NativeReader.stats(handle, queues));
    }

    @Override
    public void close() {
        NativeLog.write(LOG, NativeReader.takeLog(handle));
        NativeReader.close(handle);
    }
}
