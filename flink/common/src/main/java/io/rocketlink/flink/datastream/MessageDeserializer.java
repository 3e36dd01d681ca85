package io.rocketlink.flink.datastream;

import io.rocketlink.client.MessageBatch;
import io.rocketlink.client.MessageExt;
import io.rocketlink.client.RawMessages;
import io.rocketlink.flink.source.reader.MessageFormat;
import io.rocketlink.flink.source.reader.SchemaContext;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.util.Collector;

/** Raw messages through the user's schema. A record's timestamp is the time at which the broker stored its message. */
final class MessageDeserializer<T> implements MessageFormat<T> {
    private static final long serialVersionUID = 1L;

    private final RocketMQRecordDeserializationSchema<T> schema;
    private transient Output<T> output;

    MessageDeserializer(RocketMQRecordDeserializationSchema<T> schema) {
        this.schema = schema;
    }

    @Override
    public void open(SourceReaderContext context) throws Exception {
        schema.open(new SchemaContext(context));
        output = new Output<>();
    }

    @Override
    public int[] projection() {
        return null;
    }

    @Override
    public int emit(MessageBatch batch, int message, SourceOutput<T> to) throws IOException {
        List<MessageExt> one = Collections.singletonList(RawMessages.read(batch, message));
        output.begin(to, batch.storeTimestamp(message));
        schema.deserialize(one, output);
        return output.count;
    }

    private static final class Output<T> implements Collector<T> {
        private SourceOutput<T> to;
        private long timestamp;
        private int count;

        void begin(SourceOutput<T> output, long storeTimestamp) {
            to = output;
            timestamp = storeTimestamp;
            count = 0;
        }

        /** Null is no record: schemas of Flink's, which a user's may ask, say so that there is none. */
        @Override
        public void collect(T record) {
            if (record != null) {
                to.collect(record, timestamp);
                ++count;
            }
        }

        @Override
        public void close() {}
    }
}
