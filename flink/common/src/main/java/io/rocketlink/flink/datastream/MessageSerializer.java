package io.rocketlink.flink.datastream;

import io.rocketlink.client.Message;
import io.rocketlink.client.OutgoingArray;
import io.rocketlink.flink.sink.RecordEncoder;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.util.Collector;

/** Records through the user's schema to messages. */
final class MessageSerializer<T> implements RecordEncoder<T> {
    private static final long serialVersionUID = 1L;

    private final RocketMQRecordSerializationSchema<T> schema;
    private transient Output output;

    MessageSerializer(RocketMQRecordSerializationSchema<T> schema) {
        this.schema = schema;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context) throws Exception {
        schema.open(context);
        output = new Output();
    }

    @Override
    public int[] fields() {
        return null;
    }

    @Override
    public void encode(T record, Long timestamp, OutgoingArray out) throws Exception {
        output.to = out;
        output.eventTime = timestamp == null ? OutgoingArray.NO_TIME : timestamp;
        schema.serialize(record, output);
    }

    private static final class Output implements Collector<Message> {
        private OutgoingArray to;
        private long eventTime;

        @Override
        public void collect(Message message) {
            to.addMessage(message, eventTime);
        }

        @Override
        public void close() {}
    }
}
