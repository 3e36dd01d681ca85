package io.rocketlink.flink.source.reader;

import io.rocketlink.client.QueueRange;
import io.rocketlink.flink.Failures;
import io.rocketlink.flink.source.enumerator.HeldQueues;
import io.rocketlink.flink.source.enumerator.NoQueueForNow;
import io.rocketlink.flink.source.split.QueueSplit;
import io.rocketlink.flink.source.split.QueueSplitState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.core.io.InputStatus;

/**
 * One subtask's reader. Positions are part of checkpoints, and committed to the consumer group when these complete.
 *
 * <p>Flink does not say why it closes a reader. Where a job ends in good order, what the last checkpoint holds is committed before:
 * that is when the reader has come to its end, or, as at a stop with a savepoint, was not polled any more between a checkpoint that
 * completed and the close. One that is cancelled was polled, as a snapshot asks for it, unless what comes behind it was busy.
 */
final class QueueSourceReader<T>
        extends SingleThreadMultiplexSourceReaderBase<MessageCursor, T, QueueSplit, QueueSplitState> {
    private final String topic;
    private final CommittingFetcherManager fetchers;
    private final MessageEmitter<T> emitter;
    private final NavigableMap<Long, Map<String, QueueRange>> toCommit = new TreeMap<>();
    private final ConcurrentMap<String, QueueRange> finished = new ConcurrentHashMap<>(); // and not committed yet
    private boolean idle;
    private boolean untried = true; // it has neither read nor been part of a checkpoint
    private boolean ended;
    private boolean polled; // since the last snapshot
    private long snapshot; // the checkpoint of the last one
    private long completed = -1;

    QueueSourceReader(
            String topic, CommittingFetcherManager fetchers, MessageEmitter<T> emitter, SourceReaderContext context) {
        super(fetchers, emitter, context.getConfiguration(), context);
        this.topic = topic;
        this.fetchers = fetchers;
        this.emitter = emitter;
    }

    @Override
    public void addSplits(List<QueueSplit> splits) {
        List<QueueSplit> own = QueueSplit.ofTopic(topic, splits);
        if (!own.isEmpty()) {
            super.addSplits(own);
        }
    }

    @Override
    public void start() {
        List<String> held = new ArrayList<>();
        super.snapshotState(0).forEach(split -> held.add(split.splitId()));
        untried = held.isEmpty();
        context.sendSourceEventToCoordinator(new HeldQueues(held));
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
        if (idle && getNumberOfCurrentlyAssignedSplits() == 0) {
            output.markIdle();
        }
        idle = false;
        polled = true;
        try {
            InputStatus status = super.pollNext(output);
            ended = status == InputStatus.END_OF_INPUT;
            return status;
        } catch (Exception failure) {
            throw Failures.unwrapped(failure, untried && !emitter.hasEmitted());
        }
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        if (event instanceof NoQueueForNow) {
            idle = true;
            bePolled();
        } else {
            super.handleSourceEvents(event);
        }
    }

    @Override
    protected void onSplitFinished(Map<String, QueueSplitState> states) {
        states.forEach((queue, state) -> finished.put(queue, state.split().range()));
    }

    @Override
    public List<QueueSplit> snapshotState(long checkpoint) {
        List<QueueSplit> splits = new ArrayList<>(super.snapshotState(checkpoint));
        Map<String, QueueRange> positions = new HashMap<>(finished);
        splits.forEach(split -> positions.put(split.splitId(), split.range()));
        toCommit.put(checkpoint, positions);
        snapshot = checkpoint;
        polled = false;
        bePolled();
        // Whoever is restored reads nothing of them, and commits them. What a LIMIT has ended would be read on.
        finished.values().stream().filter(QueueRange::isFinished).map(QueueSplit::new).forEach(splits::add);
        return splits;
    }

    private void bePolled() {
        fetchers.getQueue().notifyAvailable();
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        untried = false;
        completed = checkpoint;
        fetchers.committed(finished.values()).forEach(position -> finished.remove(position.queue(), position));
        Map<String, QueueRange> positions = toCommit.get(checkpoint);
        toCommit.headMap(checkpoint, true).clear();
        if (positions != null) {
            fetchers.commit(positions.values(), () -> positions.forEach(finished::remove));
        }
    }

    @Override
    public void notifyCheckpointAborted(long checkpoint) throws Exception {
        toCommit.remove(checkpoint);
    }

    @Override
    public void close() throws Exception {
        if (ended || (!polled && completed == snapshot)) {
            fetchers.awaitCommits();
        }
        super.close();
    }

    /** Whose positions wait for it to complete; for tests. */
    Set<Long> uncommittedCheckpoints() {
        return toCommit.keySet();
    }

    @Override
    protected QueueSplitState initializedState(QueueSplit split) {
        return new QueueSplitState(split);
    }

    @Override
    protected QueueSplit toSplitType(String queue, QueueSplitState state) {
        return state.split();
    }
}
