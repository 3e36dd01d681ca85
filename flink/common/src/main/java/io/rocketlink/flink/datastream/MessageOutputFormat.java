package io.rocketlink.flink.datastream;

import io.rocketlink.client.Message;
import io.rocketlink.client.MessageExt;
import io.rocketlink.client.MessageWriter;
import io.rocketlink.client.OutgoingArray;
import io.rocketlink.client.RocketLinkException;
import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.Failures;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.io.OutputFormat;
import org.apache.flink.configuration.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lists of messages; each list goes to native code at once, which sends in batches of its own. At least once when {@link
 * #flush} is called before each checkpoint completes, as {@link OutputFormatSinkFunction} does.
 */
abstract class MessageOutputFormat implements OutputFormat<List<MessageExt>> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(MessageOutputFormat.class);

    private final TableDescription table;
    private transient MessageWriter writer;
    private transient OutgoingArray messages;

    MessageOutputFormat(TableDescription table) {
        this.table = table;
    }

    @Override
    public void configure(Configuration parameters) {}

    @Override
    public void open(InitializationContext context) throws IOException {
        told(
                () -> {
                    if (context.getTaskNumber() == 0) {
                        LOG.info(table.summary(false));
                    }
                    writer = new MessageWriter(table, null, context.getNumTasks());
                });
        messages = new OutgoingArray();
    }

    @Override
    public void writeRecord(List<MessageExt> record) throws IOException {
        messages.clear();
        for (Message message : record) {
            messages.addMessage(message, OutgoingArray.NO_TIME);
        }
        told(() -> writer.writeMessages(messages));
    }

    /** Returns when everything written is stored, or throws the first error. */
    public void flush() throws IOException {
        told(writer::flush);
    }

    @Override
    public void close() throws IOException {
        if (writer == null) {
            return;
        }
        try {
            flush();
        } finally {
            abandon();
        }
    }

    /** Closes and gives up what is not stored yet. */
    void abandon() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    private interface Waiting {
        void run() throws IOException, InterruptedException;
    }

    /** Flink is told what it needs to know of a failure. */
    private static void told(Waiting call) throws IOException {
        try {
            call.run();
        } catch (RocketLinkException problem) {
            throw Failures.of(problem, false); // whether the job has run before is not known here
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted.getMessage(), interrupted);
        }
    }
}
