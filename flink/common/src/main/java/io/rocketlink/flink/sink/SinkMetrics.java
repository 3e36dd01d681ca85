package io.rocketlink.flink.sink;

import io.rocketlink.client.WriterStats;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;

/**
 * The sink's metrics on Flink's group; records and bytes are counted when the broker has acknowledged them. Updated by the task
 * thread, read by Flink's.
 */
final class SinkMetrics {
    private final List<Follower> followers = new ArrayList<>();
    private volatile long sendMillis;

    SinkMetrics(SinkWriterMetricGroup group) {
        // Flink shows these as numRecordsOut, numBytesOut and numRecordsOutErrors of the operator.
        follow(group.getNumRecordsSendCounter(), WriterStats::messagesAcknowledged);
        follow(group.getNumBytesSendCounter(), WriterStats::bytesAcknowledged);
        follow(group.getNumRecordsSendErrorsCounter(), WriterStats::messagesFailed);
        follow(group.counter("numRetries"), WriterStats::retries);
        follow(group.counter("numThrottled"), WriterStats::throttled);
        follow(group.counter("numApiCalls"), WriterStats::apiCalls);
        follow(group.counter("numSendsDegraded"), WriterStats::sendsDegraded);
        follow(group.counter("numDelimiterConflicts"), WriterStats::delimiterConflicts);
        group.setCurrentSendTimeGauge((Gauge<Long>) () -> sendMillis);
    }

    void update(WriterStats stats) {
        sendMillis = stats.lastSendMillis();
        for (Follower follower : followers) {
            follower.update(stats);
        }
    }

    private void follow(Counter counter, ToLongFunction<WriterStats> number) {
        followers.add(new Follower(counter, number));
    }

    /** Raises a counter of Flink's as a number of ours grows. */
    private static final class Follower {
        private final Counter counter;
        private final ToLongFunction<WriterStats> number;
        private long counted;

        Follower(Counter counter, ToLongFunction<WriterStats> number) {
            this.counter = counter;
            this.number = number;
        }

        void update(WriterStats stats) {
            long now = number.applyAsLong(stats);
            counter.inc(now - counted);
            counted = now;
        }
    }
}
