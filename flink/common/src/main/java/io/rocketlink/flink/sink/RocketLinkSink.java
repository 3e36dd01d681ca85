package io.rocketlink.flink.sink;

import io.rocketlink.client.TableDescription;
import java.io.IOException;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * A topic as a sink (Sink V2), at least once: a checkpoint completes when every record before it is stored. It has no state of
 * its own.
 */
public class RocketLinkSink<T> extends LineSink<T> {
    private static final long serialVersionUID = 1L;

    private final TableDescription table;
    private final RecordEncoder<T> encoder;

    public RocketLinkSink(TableDescription table, RecordEncoder<T> encoder) {
        this.table = table;
        this.encoder = encoder;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
        return new BatchingWriter<>(table, encoder, context);
    }
}
