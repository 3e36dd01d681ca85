package io.rocketlink.flink.sink;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;

/** What Sink V2 asks of a sink in this line of Flink beyond what it asks in all. */
abstract class LineSink<T> implements Sink<T> {
    private static final long serialVersionUID = 1L;

    /** The form before 1.19, which must be there and which Flink no longer calls. */
    @Override
    @Deprecated
    public final SinkWriter<T> createWriter(InitContext context) {
        throw new UnsupportedOperationException("Flink 1.20 creates writers by a WriterInitContext");
    }
}
