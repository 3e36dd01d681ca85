package io.rocketlink.flink.source.reader;

import io.rocketlink.client.MessageBatch;
import io.rocketlink.client.MessageReader;
import io.rocketlink.client.QueueRange;
import io.rocketlink.client.ReaderStats;
import io.rocketlink.client.RocketLinkException;
import io.rocketlink.flink.source.split.QueueSplit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsRemoval;

/**
 * Reads on the fetcher thread, which waits in the native poll; only {@link #wakeUp}, {@link #readOn} and what says so is called by
 * others.
 */
final class QueueSplitReader implements SplitReader<MessageCursor, QueueSplit> {
    /** Of rows in one array; what does not fit comes in the next one. */
    private static final int MOST_BYTES = 1 << 20;

    /** Without messages a poll returns after it, and begins anew. */
    private static final long POLL_MILLIS = 10_000;

    /** The same of a bounded read: poll does not return for the end of one queue while others go on. */
    private static final long BOUNDED_POLL_MILLIS = 200;

    /** For the last commit when a reader closes; then its messages may be read again. */
    private static final long COMMIT_MILLIS = 5_000;

    /** Between two tries within that time. */
    private static final long COMMIT_PAUSE_NANOS = 100_000_000;

    private final MessageReader reader;
    private final SourceMetrics metrics;
    private final Set<String> finishedAtOnce = new HashSet<>();
    private final Map<String, QueueRange> reading = new HashMap<>();
    private final Set<String> own = ConcurrentHashMap.newKeySet(); // of the native reader, read to their stop or not
    private boolean bounded;
    private volatile long wanted; // changed by whoever reads: the fetcher, or the emitter within a message
    private volatile Collection<QueueRange> promised = List.of(); // to be committed, and perhaps not yet
    private boolean inMessage; // guarded by this
    private boolean woken; // guarded by this

    /** {@code limit}: rows after which all queues count as finished. */
    QueueSplitReader(MessageReader reader, SourceMetrics metrics, long limit) {
        wanted = limit;
        this.reader = reader;
        this.metrics = metrics;
        metrics.use(reader);
    }

    @Override
    public RecordsWithSplitIds<MessageCursor> fetch() throws IOException {
        MessageBatch batch = null;
        boolean betweenMessages = awaitTheEndOfTheMessage();
        if (betweenMessages && wanted > 0 && finishedAtOnce.isEmpty()) {
            batch = poll(bounded ? BOUNDED_POLL_MILLIS : POLL_MILLIS);
            betweenMessages = batch == null || !batch.goesOn();
            setInMessage(!betweenMessages);
        }
        Set<String> finished = new HashSet<>(finishedAtOnce);
        finishedAtOnce.clear();
        for (String queue : reader.takeFinished()) {
            if (reading.remove(queue) != null) { // and not only taken over to be committed
                finished.add(queue);
            }
        }
        if (wanted <= 0 && betweenMessages) {
            finished.addAll(reading.keySet());
            remove(List.copyOf(reading.values()));
        }
        return new MessageRecords(batch, finished, this);
    }

    /**
     * The next piece of a message that goes on behind its batch. The emitter reads it on the task thread, within the step that
     * emits the message, so that a position never stands inside of one; the fetcher waits for its end.
     */
    MessageBatch readOn() throws IOException {
        MessageBatch piece = poll(0);
        setInMessage(piece.goesOn());
        return piece;
    }

    private MessageBatch poll(long timeoutMillis) throws IOException {
        MessageBatch batch = reader.poll(timeoutMillis, MOST_BYTES);
        if (batch != null) {
            metrics.fetched(batch);
            wanted -= batch.allRows();
        }
        return batch;
    }

    private synchronized void setInMessage(boolean is) {
        inMessage = is;
        notifyAll();
    }

    /** False: {@link #wakeUp} came first. */
    private synchronized boolean awaitTheEndOfTheMessage() {
        try {
            while (inMessage && !woken) {
                wait();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
        woken = false;
        return !inMessage;
    }

    @Override
    public void handleSplitsChanges(SplitsChange<QueueSplit> change) {
        try {
            List<QueueRange> ranges = ranges(change.splits());
            if (change instanceof SplitsAddition) {
                List<QueueRange> unfinished = new ArrayList<>();
                for (QueueRange range : ranges) {
                    bounded |= range.stop() != QueueRange.NO_STOP;
                    if (range.isFinished() || wanted <= 0) {
                        finishedAtOnce.add(range.queue());
                    } else {
                        unfinished.add(range);
                    }
                }
                add(unfinished);
                unfinished.forEach(metrics::register);
                unfinished.forEach(range -> reading.put(range.queue(), range));
            } else if (change instanceof SplitsRemoval) {
                remove(ranges);
            } else {
                throw new UnsupportedOperationException("no such change of splits is known: " + change.getClass());
            }
        } catch (RocketLinkException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private void add(Collection<QueueRange> ranges) throws RocketLinkException {
        reader.add(ranges);
        ranges.forEach(range -> own.add(range.queue()));
    }

    private void remove(Collection<QueueRange> ranges) throws RocketLinkException {
        ranges.forEach(range -> own.remove(range.queue()));
        ranges.forEach(range -> reading.remove(range.queue()));
        reader.remove(ranges);
    }

    @Override
    public void pauseOrResumeSplits(Collection<QueueSplit> toPause, Collection<QueueSplit> toResume) {
        try {
            reader.pause(ranges(toPause), true);
            reader.pause(ranges(toResume), false);
        } catch (RocketLinkException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /**
     * Commits in the background; for any thread. False: it does not have all of these queues, so the fetcher is to call {@link
     * #takeOverAndCommit}, behind what it has been told before.
     */
    boolean commitSoon(Collection<QueueRange> positions) throws RocketLinkException {
        promised = positions;
        if (!owns(positions)) {
            return false;
        }
        reader.commitSoon(positions);
        return true;
    }

    private boolean owns(Collection<QueueRange> positions) {
        return positions.stream().allMatch(position -> own.contains(position.queue()));
    }

    /** Which of these positions are committed; for any thread. */
    List<QueueRange> committed(Collection<QueueRange> positions) throws RocketLinkException {
        List<QueueRange> asked = List.copyOf(positions);
        ReaderStats stats = reader.stats(asked.stream().map(QueueRange::queue).toArray(String[]::new));
        List<QueueRange> committed = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            if (stats.committed(i) >= asked.get(i).offset()) {
                committed.add(asked.get(i));
            }
        }
        return committed;
    }

    /**
     * A native reader commits its own queues only, so it takes the others over, of which another one has read all there is to be
     * read. Where nothing is read, returns when the commit is done (true), or has failed for long enough: a fetcher without work
     * goes.
     */
    boolean takeOverAndCommit(Collection<QueueRange> positions) throws RocketLinkException {
        List<QueueRange> others = new ArrayList<>();
        for (QueueRange position : positions) {
            if (!own.contains(position.queue())) {
                others.add(position.endingHere());
            }
        }
        add(others);
        if (reading.isEmpty()) {
            awaitCommit(positions, commitEnd());
            return true;
        }
        Collection<QueueRange> asked;
        do {
            asked = newest(positions);
            reader.commitSoon(asked);
        } while (asked != newest(positions));
        return false;
    }

    /** The last ones, which the task thread may commit meanwhile; but those of queues to be taken over come later. */
    private Collection<QueueRange> newest(Collection<QueueRange> positions) {
        Collection<QueueRange> last = promised;
        return owns(last) ? last : positions;
    }

    /** Until the last positions are committed, or that has failed for long enough; for any thread. */
    void awaitCommits() throws RocketLinkException {
        long end = commitEnd();
        while (!owns(promised) && !isOver(end)) {
            LockSupport.parkNanos(COMMIT_PAUSE_NANOS); // the fetcher is about to take them over
        }
        awaitCommit(promised, end);
    }

    private void awaitCommit(Collection<QueueRange> positions, long end) throws RocketLinkException {
        while (!isCommitted(positions, end)) {
            LockSupport.parkNanos(COMMIT_PAUSE_NANOS);
        }
    }

    private static long commitEnd() {
        return System.nanoTime() + COMMIT_MILLIS * 1_000_000;
    }

    private static boolean isOver(long end) {
        return System.nanoTime() - end >= 0;
    }

    private boolean isCommitted(Collection<QueueRange> positions, long end) throws RocketLinkException {
        Collection<QueueRange> asked = newest(positions);
        try {
            reader.commit(asked, Math.max(1, (end - System.nanoTime()) / 1_000_000));
            return asked == newest(positions);
        } catch (RocketLinkException problem) {
            if (!problem.retriable() || isOver(end)) {
                throw problem;
            }
            return false; // it may know no route yet
        }
    }

    @Override
    public void wakeUp() {
        reader.wakeUp();
        synchronized (this) {
            woken = true;
            notifyAll();
        }
    }

    @Override
    public void close() {
        metrics.forget(reader);
        reader.close();
    }

    private static List<QueueRange> ranges(Collection<QueueSplit> splits) {
        List<QueueRange> ranges = new ArrayList<>();
        splits.forEach(split -> ranges.add(split.range()));
        return ranges;
    }
}
