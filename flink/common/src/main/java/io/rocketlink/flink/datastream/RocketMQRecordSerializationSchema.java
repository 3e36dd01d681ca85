package io.rocketlink.flink.datastream;

import io.rocketlink.client.Message;
import java.io.Serializable;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.util.Collector;

/** From the records of a {@link RocketMQSink} to messages. */
public interface RocketMQRecordSerializationSchema<T> extends Serializable {
    /** Before the first record, on the task thread. */
    default void open(SerializationSchema.InitializationContext context) throws Exception {}

    /** Collects the messages that a record becomes; none drops it. */
    void serialize(T record, Collector<Message> out) throws Exception;

    /** A message for each record, its body as a schema of Flink's makes it. */
    static <T> RocketMQRecordSerializationSchema<T> bodyOnly(SerializationSchema<T> body) {
        return new BodyOnly<>(body);
    }
}
