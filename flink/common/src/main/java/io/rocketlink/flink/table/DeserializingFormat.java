package io.rocketlink.flink.table;

import io.rocketlink.client.MessageBatch;
import io.rocketlink.client.SourceSettings;
import io.rocketlink.flink.FinalFailure;
import io.rocketlink.flink.source.reader.MessageFormat;
import io.rocketlink.flink.source.reader.SchemaContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.utils.JoinedRowData;
import org.apache.flink.table.data.utils.ProjectedRowData;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows by one of Flink's formats. Native code hands over one row per message: its body, then the wanted metadata, which every
 * row of that body gets. A body that the format refuses is no record, and goes the way of a record that does not convert.
 */
final class DeserializingFormat implements MessageFormat<RowData> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(DeserializingFormat.class);

    /** Between two warnings about bodies that are no records; others are only counted. */
    private static final long LOG_PAUSE_NANOS = 60_000_000_000L;

    private final DeserializationSchema<RowData> schema;
    private final int[] projection;
    private final int[] fields;
    private final boolean failing;
    private final boolean loggingEach;
    private transient RowFormat bodies;
    private transient int[] metadata;
    private transient Rows rows;
    private transient Counter errors;
    private transient long lastLog;

    /**
     * @param projection of the native table: its body first
     * @param fields of the schema's rows that are wanted; null: all
     */
    DeserializingFormat(DeserializationSchema<RowData> schema, int[] projection, int[] fields, SourceSettings settings) {
        this.schema = schema;
        this.projection = projection;
        this.fields = fields;
        failing = settings.failsOnBadRecords();
        loggingEach = settings.logsEachBadRecord();
    }

    @Override
    public void open(SourceReaderContext context) throws Exception {
        schema.open(new SchemaContext(context));
        bodies = new RowFormat(projection);
        metadata = new int[projection.length - 1];
        for (int i = 0; i < metadata.length; ++i) {
            metadata[i] = i + 1;
        }
        rows = new Rows();
        errors = context.metricGroup().getNumRecordsInErrorsCounter();
        lastLog = System.nanoTime() - LOG_PAUSE_NANOS;
    }

    @Override
    public int[] projection() {
        return projection;
    }

    @Override
    public int emit(MessageBatch batch, int message, SourceOutput<RowData> output) throws IOException {
        if (batch.rows(message) == 0) {
            return 0;
        }
        RowData row = bodies.row(batch, batch.position(message));
        rows.found.clear();
        try {
            schema.deserialize(row.getBinary(0), rows);
        } catch (IOException | RuntimeException problem) {
            refused(batch, message, problem);
            return 0;
        }
        for (RowData found : rows.found) {
            output.collect(withMetadata(found, row), batch.storeTimestamp(message));
        }
        return rows.found.size();
    }

    private RowData withMetadata(RowData found, RowData message) {
        RowData physical = fields == null ? found : ProjectedRowData.from(fields).replaceRow(found);
        if (metadata.length == 0 && fields == null) {
            return found;
        }
        return new JoinedRowData(found.getRowKind(), physical, ProjectedRowData.from(metadata).replaceRow(message));
    }

    private void refused(MessageBatch batch, int message, Exception problem) throws IOException {
        String text =
                String.format(
                        "queue %s, offset %d: the format cannot read the body: %s",
                        batch.queue(), batch.offset(message), problem.getMessage());
        if (failing) {
            throw new FinalFailure(text + " ('lengthCheck' = 'NONE' skips such messages)", problem);
        }
        errors.inc();
        if (loggingEach || System.nanoTime() - lastLog >= LOG_PAUSE_NANOS) {
            lastLog = System.nanoTime();
            LOG.warn("{}: the message is skipped", text, problem);
        }
    }

    /** A body's rows are emitted when all of it is read, so that none stays of one that is refused. */
    private static final class Rows implements Collector<RowData> {
        private final List<RowData> found = new ArrayList<>();

        /** Formats of Flink 2 collect null for what they skip by an option of their own; those of 1.20 collect nothing. */
        @Override
        public void collect(RowData row) {
            if (row != null) {
                found.add(row);
            }
        }

        @Override
        public void close() {}
    }
}
