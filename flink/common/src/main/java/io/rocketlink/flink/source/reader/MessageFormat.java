package io.rocketlink.flink.source.reader;

import io.rocketlink.client.MessageBatch;
import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;

/** How messages become the records of a source. */
public interface MessageFormat<T> extends Serializable {
    /** Before the first message, on the task thread. */
    default void open(SourceReaderContext context) throws Exception {}

    /** The columns that native code shall decode, in the order of the rows' fields; null for raw messages. */
    int[] projection();

    /** Emits what is in one message of the batch; returns how many records that were. */
    int emit(MessageBatch batch, int message, SourceOutput<T> output) throws IOException;
}
