package io.rocketlink.flink.source.reader;

import io.rocketlink.client.QueueRange;
import io.rocketlink.client.RocketLinkException;
import io.rocketlink.flink.source.split.QueueSplit;
import java.util.Collection;
import java.util.function.Supplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.fetcher.SingleThreadFetcherManager;
import org.apache.flink.connector.base.source.reader.fetcher.SplitFetcher;
import org.apache.flink.connector.base.source.reader.fetcher.SplitFetcherTask;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits positions on the fetcher thread, between two polls. A commit that fails is a warning; the next one makes up for it. */
final class CommittingFetcherManager extends SingleThreadFetcherManager<MessageCursor, QueueSplit> {
    private static final Logger LOG = LoggerFactory.getLogger(CommittingFetcherManager.class);
    private static final long TIMEOUT_MILLIS = 5_000;

    CommittingFetcherManager(Supplier<SplitReader<MessageCursor, QueueSplit>> readers, Configuration configuration) {
        super(readers, configuration);
    }

    /** {@code committed}: run by the fetcher thread when it has succeeded. */
    void commit(Collection<QueueRange> positions, Runnable committed) {
        if (positions.isEmpty()) {
            return;
        }
        SplitFetcher<MessageCursor, QueueSplit> running = getRunningFetcher();
        if (running != null) {
            enqueue(running, reader -> reader.commit(positions, TIMEOUT_MILLIS), committed);
            return;
        }
        // All queues are read to their stop and the fetcher has gone: another one does it.
        SplitFetcher<MessageCursor, QueueSplit> fetcher = createSplitFetcher();
        enqueue(fetcher, reader -> reader.commitFinished(positions, TIMEOUT_MILLIS), committed);
        startFetcher(fetcher);
    }

    private interface Commit {
        void by(QueueSplitReader reader) throws RocketLinkException;
    }

    private static void enqueue(
            SplitFetcher<MessageCursor, QueueSplit> fetcher, Commit commit, Runnable committed) {
        QueueSplitReader reader = (QueueSplitReader) fetcher.getSplitReader();
        fetcher.enqueueTask(
                new SplitFetcherTask() {
                    @Override
                    public boolean run() {
                        try {
                            commit.by(reader);
                            committed.run();
                        } catch (RocketLinkException problem) {
                            LOG.warn("{}; the next checkpoint commits again", problem.getMessage());
                        }
                        return true;
                    }

                    @Override
                    public void wakeUp() {
                        // It ends by its time limit.
                    }
                });
    }
}
