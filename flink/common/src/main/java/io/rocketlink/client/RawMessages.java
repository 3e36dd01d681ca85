package io.rocketlink.client;

import io.rocketlink.client.NativeLayout.RawMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Reads raw messages of a {@link MessageBatch}, as the native {@code BatchWriter} lays them out. */
public final class RawMessages {
    private RawMessages() {}

    /** A copy of the batch's message. */
    public static MessageExt read(MessageBatch batch, int index) {
        ByteBuffer buffer = batch.buffer();
        int at = MessageBatch.begin(batch.position(index));
        int bodyBytes = buffer.getInt(at + RawMessage.BODY_BYTES);
        int propertyBytes = buffer.getInt(at + RawMessage.PROPERTY_BYTES);
        int idBytes = buffer.getInt(at + RawMessage.ID_BYTES);
        MessageExt message = new MessageExt();
        message.setFlag(buffer.getInt(at + RawMessage.FLAG));
        message.setSysFlag(buffer.getInt(at + RawMessage.SYS_FLAG));
        message.setReconsumeTimes(buffer.getInt(at + RawMessage.RECONSUME_TIMES));
        at += RawMessage.SIZE;
        byte[] body = new byte[bodyBytes];
        System.arraycopy(batch.array(), at, body, 0, bodyBytes);
        message.setBody(body);
        at += bodyBytes;
        split(new String(batch.array(), at, propertyBytes, StandardCharsets.UTF_8), message.getProperties());
        at += propertyBytes;
        message.setMsgId(new String(batch.array(), at, idBytes, StandardCharsets.US_ASCII));
        message.setQueueOffset(batch.offset(index));
        message.setStoreTimestamp(batch.storeTimestamp(index));
        message.setBornTimestamp(batch.bornTimestamp(index));
        String queue = batch.queue(); // topic@broker:id; of topic and id none holds these characters
        int broker = queue.indexOf('@') + 1;
        int id = queue.lastIndexOf(':') + 1;
        message.setTopic(queue.substring(0, broker - 1));
        message.setBrokerName(queue.substring(broker, id - 1));
        message.setQueueId(Integer.parseInt(queue.substring(id)));
        return message;
    }


    /** Name U+0001 value U+0002 …, the last one perhaps without its end; the last of a name wins. */
    private static void split(String text, Map<String, String> properties) {
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf('\2', at);
            if (end < 0) {
                end = text.length();
            }
            int middle = text.indexOf('\1', at);
            if (middle > at && middle < end - 1) {
                properties.put(text.substring(at, middle), text.substring(middle + 1, end));
            }
            at = end + 1;
        }
    }
}
