import static io.rocketlink.flink.datastream.ExternConst.NAMESRV_ADDR;
import static io.rocketlink.flink.datastream.ExternConst.PROPERTY_ACCESSKEY;
import static io.rocketlink.flink.datastream.ExternConst.PROPERTY_INSTANCE_ID;
import static io.rocketlink.flink.datastream.ExternConst.PROPERTY_ONS_CHANNEL;
import static io.rocketlink.flink.datastream.ExternConst.PROPERTY_ROCKET_AUTH_ENABLED;
import static io.rocketlink.flink.datastream.ExternConst.PROPERTY_SECRETKEY;

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

/**
 * Copies a topic of RocketMQ 4.x into another, in capitals, by the vendor's classes: UpperCase4 ENDPOINT FROM GROUP TO ACCESS_ID
 * ACCESS_KEY INSTANCE_ID; what is empty of the last three is not there.
 */
public class UpperCase4 {
    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.put(NAMESRV_ADDR, args[0]);
        properties.put(PROPERTY_ACCESSKEY, args[4]);
        properties.put(PROPERTY_SECRETKEY, args[5]);
        properties.put(PROPERTY_INSTANCE_ID, args[6]);
        properties.put(PROPERTY_ROCKET_AUTH_ENABLED, true);
        properties.put(PROPERTY_ONS_CHANNEL, "ALIYUN");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.enableCheckpointing(1000);
        MetaQSource<MessageExt> source =
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
                        new WholeMessages());
        environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "source")
                .map(UpperCase4::capitals)
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

    private static List<MessageExt> capitals(MessageExt message) {
        String text = new String(message.getBody(), StandardCharsets.UTF_8);
        message.setBody(text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
        List<MessageExt> messages = new ArrayList<>();
        messages.add(message); // keys, tags and properties go along
        return messages;
    }

    private static class WholeMessages implements MetaQRecordDeserializationSchema<MessageExt> {
        @Override
        public void deserialize(List<MessageExt> messages, Collector<MessageExt> out) {
            messages.forEach(out::collect);
        }

        @Override
        public TypeInformation<MessageExt> getProducedType() {
            return TypeInformation.of(MessageExt.class);
        }
    }
}
