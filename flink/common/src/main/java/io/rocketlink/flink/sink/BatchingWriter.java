package io.rocketlink.flink.sink;

import io.rocketlink.client.MessageWriter;
import io.rocketlink.client.OutgoingArray;
import io.rocketlink.client.RocketLinkException;
import io.rocketlink.client.TableDescription;
import io.rocketlink.client.WriterStats;
import io.rocketlink.flink.Failures;
import java.io.IOException;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subtask's half of the sink: collects records and hands them to native code in batches. A batch goes when it is full, when
 * its first record has waited for {@link #LINGER_MILLIS}, or at a checkpoint. All on the task thread.
 */
final class BatchingWriter<T> implements SinkWriter<T> {
    private static final Logger LOG = LoggerFactory.getLogger(BatchingWriter.class);

    /** With so many a batch is full. */
    static final int BATCH_RECORDS = 1024;

    /** The same; one record always fits. */
    static final int BATCH_BYTES = 512 * 1024;

    /** Then a batch goes that is not full. */
    static final long LINGER_MILLIS = 5;

    /** After a batch, until its numbers and what failed of it are looked at. */
    private static final long REPORT_MILLIS = 1000;

    private final RecordEncoder<T> encoder;
    private final boolean rows;
    private final boolean atLeastOnce;
    private final MessageWriter writer;
    private final ProcessingTimeService timers;
    private final SinkMetrics metrics;
    private final OutgoingArray batch = new OutgoingArray();
    private long handedOver;
    private boolean timerSet;
    private boolean reportSet;
    private boolean untried; // nothing has been stored by this job

    BatchingWriter(TableDescription table, RecordEncoder<T> encoder, WriterInitContext context) throws IOException {
        try {
            encoder.open(context.asSerializationSchemaInitializationContext());
        } catch (IOException | RuntimeException problem) {
            throw problem;
        } catch (Exception problem) {
            throw new IOException("the serialization schema cannot be opened: " + problem.getMessage(), problem);
        }
        this.encoder = encoder;
        rows = encoder.fields() != null;
        timers = context.getProcessingTimeService();
        metrics = new SinkMetrics(context.metricGroup());
        untried = context.getTaskInfo().getAttemptNumber() == 0 && context.getRestoredCheckpointId().isEmpty();
        try {
            if (context.getTaskInfo().getIndexOfThisSubtask() == 0) {
                LOG.info(table.summary(false));
            }
            atLeastOnce = table.sinkSettings().atLeastOnce();
            writer = new MessageWriter(table, encoder.fields(), context.getTaskInfo().getNumberOfParallelSubtasks());
        } catch (RocketLinkException problem) {
            throw Failures.of(problem, untried);
        }
    }

    @Override
    public void write(T record, Context context) throws IOException, InterruptedException {
        try {
            encoder.encode(record, context.timestamp(), batch);
        } catch (IOException | RuntimeException problem) {
            throw problem;
        } catch (Exception problem) {
            throw new IOException("a record cannot be turned into a message: " + problem.getMessage(), problem);
        }
        if (batch.count() >= BATCH_RECORDS || batch.length() >= BATCH_BYTES) {
            handOver();
        } else if (!timerSet && batch.count() > 0) {
            timerSet = true;
            timers.registerTimer(timers.getCurrentProcessingTime() + LINGER_MILLIS, time -> lingered());
        }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        handOver();
        if (atLeastOnce || endOfInput) {
            counted(writer::flush);
        }
    }

    @Override
    public void close() {
        writer.close();
    }

    private void lingered() throws IOException, InterruptedException {
        timerSet = false;
        handOver();
    }

    private void handOver() throws IOException, InterruptedException {
        if (batch.count() == 0) {
            return;
        }
        counted(() -> {
            if (rows) {
                writer.writeRows(batch);
            } else {
                writer.writeMessages(batch);
            }
        });
        handedOver += batch.count();
        batch.clear();
        reportLater();
    }

    private interface Call {
        void run() throws RocketLinkException, InterruptedException;
    }

    /** Runs it, and brings the metrics up to date whatever becomes of it. */
    private void counted(Call call) throws IOException, InterruptedException {
        try {
            try {
                call.run();
            } finally {
                count();
            }
        } catch (RocketLinkException problem) {
            throw Failures.of(problem, untried);
        }
    }

    private WriterStats count() throws RocketLinkException {
        WriterStats stats = writer.stats();
        metrics.update(stats);
        untried &= stats.messagesAcknowledged() == 0;
        return stats;
    }

    private void reportLater() {
        if (!reportSet) {
            reportSet = true;
            timers.registerTimer(timers.getCurrentProcessingTime() + REPORT_MILLIS, time -> report());
        }
    }

    /** So that the numbers of the last batch are seen, and what fails of it, though no other and no checkpoint follows. */
    private void report() throws IOException, InterruptedException {
        reportSet = false;
        WriterStats stats = count();
        if (atLeastOnce && stats.messagesFailed() > 0) {
            counted(writer::flush); // throws the first error
        }
        if (stats.messagesAcknowledged() + stats.messagesFailed() < handedOver) {
            reportLater();
        }
    }
}
