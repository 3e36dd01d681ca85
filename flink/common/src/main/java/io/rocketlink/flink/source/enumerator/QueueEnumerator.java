package io.rocketlink.flink.source.enumerator;

import io.rocketlink.client.QueueFinder;
import io.rocketlink.client.QueueRange;
import io.rocketlink.client.RepeatedWarnings;
import io.rocketlink.client.RocketLinkException;
import io.rocketlink.client.ScanRestriction;
import io.rocketlink.client.SourceSettings;
import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.Failures;
import io.rocketlink.flink.FinalFailure;
import io.rocketlink.flink.source.split.QueueSplit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.api.connector.source.SupportsHandleExecutionAttemptSourceEvent;
import org.apache.flink.util.FlinkRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds queues and gives them to readers. A queue's life: it is found with its position by {@link #discoverWhenDue} on the
 * coordinator's worker thread; becomes known, and its owner's, in {@link #take} on the coordinator thread, as all that follows;
 * is handed over when that reader is registered; comes back by {@link #addSplitsBack} if the reader fails before a checkpoint
 * has it. A queue that is known is never found again nor removed, whatever later discoveries say.
 *
 * <p>Readers of a restored job have queues that Flink gave them. No other queue gets an owner until all of them have said which
 * ({@link HeldQueues}), so that shares stay equal.
 */
public final class QueueEnumerator
        implements SplitEnumerator<QueueSplit, EnumeratorState>, SupportsHandleExecutionAttemptSourceEvent {
    private static final Logger LOG = LoggerFactory.getLogger(QueueEnumerator.class);

    /** Between two looks whether it is time to discover. */
    private static final long TICK_MILLIS = 500;

    /** After a discovery that failed. */
    private static final long RETRY_MILLIS = 2_000;

    /** In one line of the log; of more only the number. */
    private static final int MOST_NAMED_QUEUES = 20;

    /** As long as the native runner tries: then the job fails, and its restart strategy says what becomes of it. */
    private static final long PATIENCE_MILLIS = 10_000;

    private final SplitEnumeratorContext<QueueSplit> context;
    private final TableDescription table;
    private final SourceSettings settings;
    private final ScanRestriction restriction;

    // Coordinator thread:
    private final Map<String, QueueSplit> known = new LinkedHashMap<>();
    private final QueueOwners owners;
    private final Set<Integer> silent = new TreeSet<>(); // readers that have not said yet what they were restored with
    private final List<QueueSplit> ownerless = new ArrayList<>();
    private final Map<Integer, List<QueueSplit>> unassigned = new TreeMap<>();
    private final boolean settled; // restored, and new queues are not read: it looks once, for brokers to check the filter
    private boolean discovered;
    private long firstFailure = Long.MIN_VALUE;
    private final RepeatedWarnings warnings = new RepeatedWarnings();

    // Worker thread, but for the making and closing of the finder:
    private QueueFinder finder;
    private long nextDiscovery = Long.MIN_VALUE;
    private boolean workerDone;

    public QueueEnumerator(
            SplitEnumeratorContext<QueueSplit> context,
            TableDescription table,
            SourceSettings settings,
            ScanRestriction restriction,
            EnumeratorState restored) {
        this.context = context;
        this.table = table;
        this.settings = settings;
        this.restriction = restriction;
        QueueSplit.ofTopic(settings.topic(), restored.known()).forEach(split -> known.put(split.splitId(), split));
        ownerless.addAll(QueueSplit.ofTopic(settings.topic(), restored.unassigned()));
        owners = new QueueOwners(context.currentParallelism());
        discovered = !known.isEmpty();
        for (int reader = 0; discovered && reader < context.currentParallelism(); ++reader) {
            silent.add(reader);
        }
        settled = discovered && !discoversAgain();
    }

    @Override
    public void start() {
        List<QueueRange> ranges = new ArrayList<>();
        known.values().forEach(split -> ranges.add(split.range()));
        try {
            LOG.info("{}{}", table.summary(true), discovered ? "; restored with its positions, queues: " + known.size() : "");
            finder = new QueueFinder(table, restriction, ranges);
        } catch (RocketLinkException problem) {
            throw failure("", problem);
        }
        context.callAsync(this::discoverWhenDue, this::take, 0, TICK_MILLIS);
    }

    private boolean discoversAgain() {
        return settings.discoveryIntervalMillis() > 0 && !settings.bounded();
    }

    /** Null when it is not time. One that failed is tried again soon. */
    private List<QueueRange> discoverWhenDue() throws RocketLinkException {
        long now = System.nanoTime() / 1_000_000;
        if (workerDone || (nextDiscovery != Long.MIN_VALUE && now - nextDiscovery < 0)) {
            return null;
        }
        nextDiscovery = now + RETRY_MILLIS;
        List<QueueRange> found = finder.discover();
        nextDiscovery = now + settings.discoveryIntervalMillis();
        workerDone = !discoversAgain();
        return found;
    }

    private boolean outOfPatience() {
        long now = System.nanoTime() / 1_000_000;
        if (firstFailure == Long.MIN_VALUE) {
            firstFailure = now;
        }
        return now - firstFailure >= PATIENCE_MILLIS;
    }

    private RuntimeException failure(String where, Throwable problem) {
        String text = where + problem.getMessage();
        boolean last = problem instanceof RocketLinkException && Failures.isFinal((RocketLinkException) problem, !discovered);
        return new FlinkRuntimeException(text, last ? new FinalFailure(text, problem) : problem);
    }

    private void take(List<QueueRange> found, Throwable problem) {
        if (problem != null) {
            boolean passing = problem instanceof RocketLinkException && ((RocketLinkException) problem).retriable();
            boolean lasting = problem instanceof RocketLinkException && ((RocketLinkException) problem).lasting();
            if (lasting || (!discovered && (!passing || outOfPatience()))) {
                throw failure("the queues of the topic cannot be found: ", problem);
            }
            Object cause = problem instanceof RocketLinkException ? ((RocketLinkException) problem).code() : problem.getClass();
            warnings.warn(LOG, "discovery " + cause, "Discovery of queues failed and is tried again: " + problem.getMessage());
            return;
        }
        if (found == null || settled) {
            return;
        }
        List<QueueSplit> fresh = new ArrayList<>();
        for (QueueRange range : found) {
            QueueSplit split = new QueueSplit(range);
            if (known.putIfAbsent(split.splitId(), split) == null) {
                fresh.add(split);
            }
        }
        if (!fresh.isEmpty()) {
            LOG.info("Found {} queue(s): {}{}", fresh.size(), fresh.subList(0, Math.min(fresh.size(), MOST_NAMED_QUEUES)),
                    fresh.size() > MOST_NAMED_QUEUES ? " …" : "");
        }
        ownerless.addAll(fresh);
        boolean first = !discovered;
        discovered = true;
        if (first || !found.isEmpty()) {
            share();
        }
    }

    /** Gives each queue without an owner one, and readers what is theirs. */
    private void share() {
        if (!silent.isEmpty()) {
            return;
        }
        ownerless.forEach(split -> own(owners.take(split.splitId()), split));
        ownerless.clear();
        context.registeredReaders().keySet().forEach(this::serve);
    }

    private void own(int reader, QueueSplit split) {
        unassigned.computeIfAbsent(reader, any -> new ArrayList<>()).add(split);
    }

    /** Hands a registered reader what is its own. */
    private void serve(int reader) {
        List<QueueSplit> splits = unassigned.remove(reader);
        if (splits != null) {
            context.assignSplits(new SplitsAssignment<>(Map.of(reader, splits)));
        }
        if (!discovered || !silent.isEmpty()) {
            return;
        }
        if (settings.bounded()) {
            context.signalNoMoreSplits(reader);
        } else if (splits == null) {
            context.sendEventToSourceReader(reader, new NoQueueForNow());
        }
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
        // Queues are handed out as they are found; readers do not ask.
    }

    @Override
    public void handleSourceEvent(int reader, SourceEvent event) {
        if (event instanceof HeldQueues) {
            ((HeldQueues) event).queues().forEach(queue -> owners.hold(queue, reader));
            if (silent.remove(reader)) {
                share();
            }
        }
    }

    @Override
    public void handleSourceEvent(int reader, int attempt, SourceEvent event) {
        handleSourceEvent(reader, event);
    }

    @Override
    public void addSplitsBack(List<QueueSplit> splits, int subtask) {
        splits.forEach(split -> own(subtask, split));
        if (context.registeredReaders().containsKey(subtask)) {
            serve(subtask);
        }
    }

    @Override
    public void addReader(int subtask) {
        serve(subtask);
    }

    @Override
    public EnumeratorState snapshotState(long checkpoint) {
        List<QueueSplit> waiting = new ArrayList<>(ownerless);
        unassigned.values().forEach(waiting::addAll);
        return new EnumeratorState(new ArrayList<>(known.values()), waiting);
    }

    @Override
    public void close() {
        if (finder != null) {
            finder.close();
        }
        warnings.close();
    }
}
