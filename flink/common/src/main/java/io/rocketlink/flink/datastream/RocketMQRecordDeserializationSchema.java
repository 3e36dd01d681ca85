package io.rocketlink.flink.datastream;

import io.rocketlink.client.MessageExt;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.util.Collector;

/** From messages to the records of a {@link RocketMQSource}. */
public interface RocketMQRecordDeserializationSchema<T> extends Serializable, ResultTypeQueryable<T> {
    /** Before the first message, on the task thread. */
    default void open(DeserializationSchema.InitializationContext context) throws Exception {}

    /**
     * Collects what is in the messages, any number of records for each. The source's position moves behind these messages when
     * it returns; an exception fails the job.
     */
    void deserialize(List<MessageExt> messages, Collector<T> out) throws IOException;
}
