import io.rocketlink.client.MessageExt;
import io.rocketlink.flink.datastream.OutputFormatSinkFunction;
import io.rocketlink.flink.datastream.RocketMQOutputFormat;
import io.rocketlink.flink.datastream.RocketMQRecordDeserializationSchema;
import io.rocketlink.flink.datastream.RocketMQSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/**
 * Copies the texts of a topic of RocketMQ 5.x into another, but for the first of each queue (a heading, say), by the vendor's
 * classes: SkipFirst5 ENDPOINT FROM GROUP TO ACCESS_ID ACCESS_KEY
 */
public class SkipFirst5 {
    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.enableCheckpointing(1000);
        RocketMQSource<String> source =
                RocketMQSource.<String>builder()
                        .setEndpoint(args[0])
                        .setTopic(args[1])
                        .setConsumerGroup(args[2])
                        .setAccessId(args[4])
                        .setAccessKey(args[5])
                        .setStartOffset(1)
                        .setDeserializationSchema(new Texts())
                        .build();
        RocketMQOutputFormat output =
                new RocketMQOutputFormat.Builder()
                        .setEndpoint(args[0])
                        .setTopicName(args[3])
                        .setProducerGroup("skip-first")
                        .setAccessId(args[4])
                        .setAccessKey(args[5])
                        .build();
        environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "source")
                .map(SkipFirst5::message)
                .returns(Types.LIST(TypeInformation.of(MessageExt.class)))
                .addSink(new OutputFormatSinkFunction<>(output))
                .name("sink");
        environment.execute("without the first");
    }

    private static List<MessageExt> message(String text) {
        MessageExt message = new MessageExt();
        message.setBody(text.getBytes(StandardCharsets.UTF_8));
        List<MessageExt> messages = new ArrayList<>();
        messages.add(message);
        return messages;
    }

    private static class Texts implements RocketMQRecordDeserializationSchema<String> {
        @Override
        public void deserialize(List<MessageExt> messages, Collector<String> out) {
            messages.forEach(message -> out.collect(new String(message.getBody(), StandardCharsets.UTF_8)));
        }

        @Override
        public TypeInformation<String> getProducedType() {
            return Types.STRING;
        }
    }
}
