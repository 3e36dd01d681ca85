import static io.rocketlink.flink.datastream.ExternConst.NAMESRV_ADDR;

import io.rocketlink.client.MessageExt;
import io.rocketlink.flink.datastream.MetaQOutputFormat;
import io.rocketlink.flink.datastream.MetaQRecordDeserializationSchema;
import io.rocketlink.flink.datastream.MetaQSource;
import io.rocketlink.flink.datastream.OutputFormatSinkFunction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/** Copies a topic of RocketMQ 4.x into another, in capitals, by the vendor's classes: UpperCase4 ENDPOINT FROM GROUP TO */
public class UpperCase4 {
    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.put(NAMESRV_ADDR, args[0]);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.enableCheckpointing(1000);
        MetaQSource<String> source =
                new MetaQSource<>(
                        args[1],
                        args[2],
                        null,
                        null,
                        Long.MAX_VALUE,
                        -1,
                        0,
                        300_000,
                        properties,
                        Boundedness.CONTINUOUS_UNBOUNDED,
                        new Texts());
        environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "source")
                .map(UpperCase4::message)
                .returns(Types.LIST(TypeInformation.of(MessageExt.class)))
                .addSink(
                        new OutputFormatSinkFunction<>(
                                new MetaQOutputFormat.Builder()
                                        .setTopicName(args[3])
                                        .setProducerGroup("upper-case")
                                        .setMqProperties(properties)
                                        .build()))
                .name("sink");
        environment.execute("in capitals");
    }

    private static List<MessageExt> message(String text) {
        MessageExt message = new MessageExt();
        message.setTags("capitals");
        message.setBody(text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
        List<MessageExt> messages = new ArrayList<>();
        messages.add(message);
        return messages;
    }

    private static class Texts implements MetaQRecordDeserializationSchema<String> {
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
