package io.rocketlink.flink.source.reader;

import io.rocketlink.client.QueueRange;
import io.rocketlink.client.RepeatedWarnings;
import io.rocketlink.client.RocketLinkException;
import io.rocketlink.flink.source.split.QueueSplit;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.fetcher.SingleThreadFetcherManager;
import org.apache.flink.connector.base.source.reader.fetcher.SplitFetcher;
import org.apache.flink.connector.base.source.reader.fetcher.SplitFetcherTask;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives positions to the reader to be committed. While a fetcher runs, the native reader does it in the background, and tries
 * again by itself; with the last queue the fetcher goes, and another one commits what is left. A fetcher's reader that lacks
 * queues, as another one has read them, takes them over first.
 */
final class CommittingFetcherManager extends SingleThreadFetcherManager<MessageCursor, QueueSplit> {
    private static final Logger LOG = LoggerFactory.getLogger(CommittingFetcherManager.class);

    private final RepeatedWarnings warnings = new RepeatedWarnings();

    CommittingFetcherManager(Supplier<SplitReader<MessageCursor, QueueSplit>> readers, Configuration configuration) {
        super(readers, configuration);
    }

    /** {@code committed}: run once all of them are, be it by the fetcher thread; not run at all while that is not known. */
    void commit(Collection<QueueRange> positions, Runnable committed) {
        if (positions.isEmpty()) {
            return;
        }
        SplitFetcher<MessageCursor, QueueSplit> running = getRunningFetcher();
        SplitFetcher<MessageCursor, QueueSplit> fetcher = running == null ? createSplitFetcher() : running;
        QueueSplitReader reader = (QueueSplitReader) fetcher.getSplitReader();
        try {
            if (reader.commitSoon(positions)) {
                return;
            }
        } catch (RocketLinkException problem) {
            warnCommit(problem);
            return;
        }
        fetcher.enqueueTask(commitTask(reader, positions, committed));
        if (running == null) {
            startFetcher(fetcher);
        }
    }

    private void warnCommit(RocketLinkException problem) {
        warnings.warn(LOG, "commit " + problem.code(), problem.getMessage() + "; the next checkpoint commits again");
    }

    /** Which of these positions are known to be committed. */
    List<QueueRange> committed(Collection<QueueRange> positions) {
        SplitFetcher<MessageCursor, QueueSplit> running = getRunningFetcher();
        if (running == null || positions.isEmpty()) {
            return List.of();
        }
        try {
            return ((QueueSplitReader) running.getSplitReader()).committed(positions);
        } catch (RocketLinkException closed) {
            return List.of();
        }
    }

    /** Until the last positions that it was given are committed, or that has failed for long enough. */
    void awaitCommits() {
        SplitFetcher<MessageCursor, QueueSplit> running = getRunningFetcher();
        if (running != null) {
            try {
                ((QueueSplitReader) running.getSplitReader()).awaitCommits();
            } catch (RocketLinkException problem) {
                LOG.warn("{}; who begins from them reads messages again", problem.getMessage());
            }
        }
    }

    @Override
    public synchronized void close(long timeoutMillis) throws Exception {
        try {
            super.close(timeoutMillis);
        } finally {
            warnings.close();
        }
    }

    private SplitFetcherTask commitTask(QueueSplitReader reader, Collection<QueueRange> positions, Runnable committed) {
        return new SplitFetcherTask() {
            @Override
            public boolean run() {
                try {
                    if (reader.takeOverAndCommit(positions)) {
                        committed.run();
                    }
                } catch (RocketLinkException problem) {
                    warnCommit(problem);
                }
                return true;
            }

            @Override
            public void wakeUp() {
                // It ends by its time limit.
            }
        };
    }
}
