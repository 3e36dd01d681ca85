package io.rocketlink.flink.sink;

import io.rocketlink.client.OutgoingArray;
import java.io.Serializable;
import org.apache.flink.api.common.serialization.SerializationSchema;

/** How the records of a sink become rows or messages for native code. */
public interface RecordEncoder<T> extends Serializable {
    /** Before the first record, on the task thread. */
    default void open(SerializationSchema.InitializationContext context) throws Exception {}

    /** For each column of the table its field in the rows, -1 where it has none; null when messages are written. */
    int[] fields();

    /** Appends what the record becomes. {@code timestamp}: its event time, null when it has none. */
    void encode(T record, Long timestamp, OutgoingArray out) throws Exception;
}
