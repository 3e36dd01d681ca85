package io.rocketlink.flink.datastream;

import io.rocketlink.client.Message;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.util.Collector;

/** One message for each record, without keys or tags. */
final class BodyOnly<T> implements RocketMQRecordSerializationSchema<T> {
    private static final long serialVersionUID = 1L;

    private final SerializationSchema<T> schema;

    BodyOnly(SerializationSchema<T> schema) {
        this.schema = schema;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context) throws Exception {
        schema.open(context);
    }

    @Override
    public void serialize(T record, Collector<Message> out) {
        Message message = new Message();
        message.setBody(schema.serialize(record));
        out.collect(message);
    }
}
