package io.rocketlink.testing;

import io.rocketlink.client.MessageExt;
import io.rocketlink.flink.datastream.MetaQRecordDeserializationSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;

/** A message's body as text, for sources of 5.x and 4.x. */
public final class BodyText implements MetaQRecordDeserializationSchema<String> {
    private static final long serialVersionUID = 1L;

    @Override
    public void deserialize(List<MessageExt> messages, Collector<String> out) {
        messages.forEach(message -> out.collect(new String(message.getBody(), StandardCharsets.UTF_8)));
    }

    @Override
    public TypeInformation<String> getProducedType() {
        return Types.STRING;
    }
}
