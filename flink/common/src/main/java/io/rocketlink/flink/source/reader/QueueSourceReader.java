package io.rocketlink.flink.source.reader;

import io.rocketlink.client.QueueRange;
import io.rocketlink.flink.source.enumerator.HeldQueues;
import io.rocketlink.flink.source.enumerator.NoQueueForNow;
import io.rocketlink.flink.source.split.QueueSplit;
import io.rocketlink.flink.source.split.QueueSplitState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.core.io.InputStatus;

/** One subtask's reader. Positions are part of checkpoints, and committed to the consumer group when these complete. */
final class QueueSourceReader<T>
        extends SingleThreadMultiplexSourceReaderBase<MessageCursor, T, QueueSplit, QueueSplitState> {
    private final String topic;
    private final CommittingFetcherManager fetchers;
    private final NavigableMap<Long, Map<String, QueueRange>> toCommit = new TreeMap<>();
    private final Map<String, QueueRange> finished = new HashMap<>();
    private boolean idle;

    QueueSourceReader(
            String topic, CommittingFetcherManager fetchers, MessageEmitter<T> emitter, SourceReaderContext context) {
        super(fetchers, emitter, context.getConfiguration(), context);
        this.topic = topic;
        this.fetchers = fetchers;
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
        context.sendSourceEventToCoordinator(new HeldQueues(held));
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
        if (idle && getNumberOfCurrentlyAssignedSplits() == 0) {
            output.markIdle();
        }
        idle = false;
        return super.pollNext(output);
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        if (event instanceof NoQueueForNow) {
            idle = true;
            fetchers.getQueue().notifyAvailable(); // so that pollNext is called
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
        List<QueueSplit> splits = super.snapshotState(checkpoint);
        Map<String, QueueRange> positions = new HashMap<>(finished);
        splits.forEach(split -> positions.put(split.splitId(), split.range()));
        toCommit.put(checkpoint, positions);
        return splits;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        Map<String, QueueRange> positions = toCommit.get(checkpoint);
        toCommit.headMap(checkpoint, true).clear();
        if (positions == null) {
            return;
        }
        fetchers.commit(positions.values());
        finished.keySet().removeAll(positions.keySet());
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
