package io.rocketlink.flink.source.reader;

import io.rocketlink.client.MessageBatch;
import io.rocketlink.client.MessageReader;
import io.rocketlink.client.QueueRange;
import io.rocketlink.client.ReaderStats;
import io.rocketlink.client.RocketLinkException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/**
 * The source's metrics on Flink's groups. Gauges are read by Flink's own threads, {@code emitted} is called by the task, the
 * rest by the fetcher.
 */
final class SourceMetrics {
    private static final long NOTHING_YET = -1;

    private final MetricGroup group;
    private final Counter bytes;
    private final Counter records;
    private final Counter errors;
    private final Set<String> queues = ConcurrentHashMap.newKeySet();
    private volatile MessageReader reader;
    private volatile long fetchLag = NOTHING_YET;

    SourceMetrics(SourceReaderMetricGroup group) {
        this.group = group;
        bytes = group.getIOMetricGroup().getNumBytesInCounter();
        records = group.getIOMetricGroup().getNumRecordsInCounter();
        errors = group.getNumRecordsInErrorsCounter();
        group.setPendingRecordsGauge(this::pending);
        group.gauge("currentFetchEventTimeLag", (Gauge<Long>) () -> fetchLag);
        group.gauge("numApiCalls", (Gauge<Long>) () -> number(ReaderStats::apiCalls));
        group.gauge("numRetries", (Gauge<Long>) () -> number(ReaderStats::retries));
        group.gauge("numThrottled", (Gauge<Long>) () -> number(ReaderStats::throttled));
    }

    void use(MessageReader used) {
        reader = used;
    }

    void forget(MessageReader closed) {
        if (reader == closed) {
            reader = null;
        }
    }

    /** Once per queue, however often it comes and goes. */
    void register(QueueRange range) {
        String queue = range.queue();
        if (!queues.add(queue)) {
            return;
        }
        MetricGroup own =
                group.addGroup("topic", range.topic()).addGroup("broker", range.broker()).addGroup("queue", "" + range.id());
        own.gauge("currentOffset", (Gauge<Long>) () -> number(stats -> stats.position(0), queue));
        own.gauge("committedOffset", (Gauge<Long>) () -> number(stats -> stats.committed(0), queue));
        own.gauge("pendingRecords", (Gauge<Long>) () -> number(stats -> lag(stats, 0), queue));
    }

    void fetched(MessageBatch batch) {
        if (batch.messages() > 0) {
            fetchLag = System.currentTimeMillis() - batch.storeTimestamp(batch.messages() - 1);
        }
    }

    void batchBegins(MessageBatch batch) {
        bytes.inc(batch.bytes());
        errors.inc(batch.skipped());
    }

    /** Flink counts what the fetcher hands over as one record each, whatever rows it holds. */
    void emitted(int rows) {
        records.inc(rows - 1L);
    }

    private long pending() {
        String[] names = queues.toArray(new String[0]);
        return number(
                stats -> {
                    long sum = 0;
                    for (int i = 0; i < names.length; ++i) {
                        sum += lag(stats, i);
                    }
                    return sum;
                },
                names);
    }

    private static long lag(ReaderStats stats, int queue) {
        return Math.max(0, stats.end(queue) - stats.position(queue));
    }

    private long number(ToLongFunction<ReaderStats> number, String... names) {
        MessageReader current = reader;
        try {
            return current == null ? 0 : number.applyAsLong(current.stats(names));
        } catch (RocketLinkException closed) {
            return 0;
        }
    }
}
