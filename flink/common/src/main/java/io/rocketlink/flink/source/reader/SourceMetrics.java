package io.rocketlink.flink.source.reader;

import io.rocketlink.client.MessageBatch;
import io.rocketlink.client.MessageReader;
import io.rocketlink.client.QueueRange;
import io.rocketlink.client.ReaderStats;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/**
 * The source's metrics on Flink's groups. Gauges are read by Flink's own threads, {@code emitted} is called by the task, {@code
 * fetched} by whoever reads, the rest by the fetcher.
 */
final class SourceMetrics {
    private static final long NOTHING_YET = -1;

    private final MetricGroup group;
    private final Counter bytes;
    private final Counter records;
    private final Counter errors;
    private final QueueNumbers<MessageReader> queues = new QueueNumbers<>(MessageReader::stats, System::nanoTime);
    private volatile MessageReader reader;
    private volatile long fetchLag = NOTHING_YET;

    SourceMetrics(SourceReaderMetricGroup group) {
        this.group = group;
        bytes = group.getIOMetricGroup().getNumBytesInCounter();
        records = group.getIOMetricGroup().getNumRecordsInCounter();
        errors = group.getNumRecordsInErrorsCounter();
        group.setPendingRecordsGauge(this::pending);
        group.gauge("currentFetchEventTimeLag", (Gauge<Long>) () -> fetchLag);
        group.gauge("numApiCalls", (Gauge<Long>) () -> queues.now(reader).apiCalls());
        group.gauge("numRetries", (Gauge<Long>) () -> queues.now(reader).retries());
        group.gauge("numThrottled", (Gauge<Long>) () -> queues.now(reader).throttled());
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
        int queue = queues.add(range.queue());
        if (queue < 0) {
            return;
        }
        MetricGroup own =
                group.addGroup("topic", range.topic()).addGroup("broker", range.broker()).addGroup("queue", "" + range.id());
        own.gauge("currentOffset", (Gauge<Long>) () -> queues.now(reader).position(queue));
        own.gauge("committedOffset", (Gauge<Long>) () -> queues.now(reader).committed(queue));
        own.gauge("pendingRecords", (Gauge<Long>) () -> queues.now(reader).lag(queue));
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
        ReaderStats now = queues.now(reader);
        long sum = 0;
        for (int queue = 0; queue < now.queues(); ++queue) {
            sum += now.lag(queue);
        }
        return sum;
    }
}
