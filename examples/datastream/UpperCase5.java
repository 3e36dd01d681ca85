import io.rocketlink.client.Message;
import io.rocketlink.client.MessageExt;
import io.rocketlink.flink.datastream.RocketMQRecordDeserializationSchema;
import io.rocketlink.flink.datastream.RocketMQRecordSerializationSchema;
import io.rocketlink.flink.datastream.RocketMQSink;
import io.rocketlink.flink.datastream.RocketMQSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/** Copies a topic of RocketMQ 5.x into another, in capitals: UpperCase5 ENDPOINT FROM GROUP TO */
public class UpperCase5 {
    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.enableCheckpointing(1000);
        RocketMQSource<MessageExt> source =
                RocketMQSource.<MessageExt>builder()
                        .setEndpoint(args[0])
                        .setTopic(args[1])
                        .setConsumerGroup(args[2])
                        .setDeserializationSchema(new WholeMessages())
                        .setOption("scan.startup.mode", "earliest")
                        .build();
        RocketMQSink<MessageExt> sink =
                RocketMQSink.<MessageExt>builder()
                        .setEndpoint(args[0])
                        .setTopic(args[3])
                        .setProducerGroup("upper-case")
                        .setSerializationSchema(new Capitals())
                        .build();
        environment.fromSource(source, WatermarkStrategy.noWatermarks(), "source").sinkTo(sink).name("sink");
        environment.execute("in capitals");
    }

    private static class WholeMessages implements RocketMQRecordDeserializationSchema<MessageExt> {
        @Override
        public void deserialize(List<MessageExt> messages, Collector<MessageExt> out) {
            messages.forEach(out::collect);
        }

        @Override
        public TypeInformation<MessageExt> getProducedType() {
            return TypeInformation.of(MessageExt.class);
        }
    }

    private static class Capitals implements RocketMQRecordSerializationSchema<MessageExt> {
        @Override
        public void serialize(MessageExt message, Collector<Message> out) {
            String text = new String(message.getBody(), StandardCharsets.UTF_8);
            message.setBody(text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            out.collect(message); // keys, tags and properties go along
        }
    }
}
