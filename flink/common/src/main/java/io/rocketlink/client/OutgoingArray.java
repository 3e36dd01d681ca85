package io.rocketlink.client;

import io.rocketlink.client.NativeLayout.WrittenMessage;
import io.rocketlink.client.NativeLayout.WrittenRow;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Rows or messages on their way to native code: one array, little-endian, {@link WrittenRow} or {@link WrittenMessage} before each. */
public final class OutgoingArray {
    /** There is no event time. */
    public static final long NO_TIME = NativeLayout.NO_TIME;

    /** Grows with what does not fit. */
    private static final int FIRST_BYTES = 64 * 1024;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private int count;

    byte[] bytes() {
        return bytes;
    }

    /** In bytes. */
    public int length() {
        return length;
    }

    /** Rows or messages. */
    public int count() {
        return count;
    }

    public void clear() {
        length = 0;
        count = 0;
    }

    /** Writes the bytes of a row, which are a multiple of eight. */
    public interface RowCopy {
        void copyTo(byte[] array, int at);
    }

    /** {@code body}: of the message; null: made of the row's fields. */
    public void addRow(int rowBytes, RowCopy row, byte[] body, long eventTimeMillis) {
        int bodyBytes = body == null ? 0 : body.length;
        int at = reserve(Math.addExact(WrittenRow.SIZE + padded(rowBytes), padded(bodyBytes)));
        putInt(at + WrittenRow.ROW_BYTES, rowBytes);
        putInt(at + WrittenRow.BODY_BYTES, body == null ? NativeLayout.NONE : bodyBytes);
        putLong(at + WrittenRow.EVENT_TIME_MS, eventTimeMillis);
        row.copyTo(bytes, at + WrittenRow.SIZE);
        if (body != null) {
            System.arraycopy(body, 0, bytes, at + WrittenRow.SIZE + padded(rowBytes), bodyBytes);
        }
        ++count;
    }

    /**
     * Adds a message. Its topic and what brokers and clients set for themselves are left out; a sharding key chooses the queue.
     *
     * @param eventTimeMillis or {@link #NO_TIME}
     * @throws IllegalArgumentException when a property holds a character that separates properties on the wire
     */
    public void addMessage(Message message, long eventTimeMillis) {
        byte[] body = message.getBody() == null ? new byte[0] : message.getBody();
        byte[] keys = utf8(message.getKeys());
        byte[] tags = utf8(message.getTags());
        byte[] partition = utf8(message.getShardingKey());
        byte[] properties = utf8(joined(message.getProperties()));
        int at = reserve(WrittenMessage.SIZE + body.length + size(keys) + size(tags) + size(partition) + properties.length);
        putInt(at + WrittenMessage.BODY_BYTES, body.length);
        putInt(at + WrittenMessage.KEY_BYTES, lengthOf(keys));
        putInt(at + WrittenMessage.TAG_BYTES, lengthOf(tags));
        putInt(at + WrittenMessage.PARTITION_BYTES, lengthOf(partition));
        putInt(at + WrittenMessage.PROPERTY_BYTES, properties.length);
        putLong(at + WrittenMessage.EVENT_TIME_MS, eventTimeMillis);
        at += WrittenMessage.SIZE;
        for (byte[] part : new byte[][] {body, keys, tags, partition, properties}) {
            if (part != null) {
                System.arraycopy(part, 0, bytes, at, part.length);
                at += part.length;
            }
        }
        ++count;
    }

    private static String joined(Map<String, String> properties) {
        StringBuilder text = new StringBuilder();
        properties.forEach(
                (name, value) -> {
                    if (value == null || name.equals(Message.KEYS) || name.equals(Message.TAGS)) {
                        return;
                    }
                    for (String part : new String[] {name, value}) {
                        if (part.indexOf(1) >= 0 || part.indexOf(2) >= 0) {
                            throw new IllegalArgumentException(
                                    "property '" + name + "' holds a character U+0001 or U+0002, which separate properties");
                        }
                    }
                    text.append(name).append('\1').append(value).append('\2');
                });
        return text.toString();
    }

    private static byte[] utf8(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static int lengthOf(byte[] part) {
        return part == null ? NativeLayout.NONE : part.length;
    }

    private static int size(byte[] part) {
        return part == null ? 0 : part.length;
    }

    private static int padded(int size) {
        return (size + 7) & ~7;
    }

    /** Room at the end; its begin. */
    private int reserve(int size) {
        int at = length;
        length = Math.addExact(length, size);
        if (length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
        return at;
    }

    private void putLong(int at, long value) {
        putInt(at, (int) value);
        putInt(at + 4, (int) (value >>> 32));
    }

    private void putInt(int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
        bytes[at + 2] = (byte) (value >> 16);
        bytes[at + 3] = (byte) (value >> 24);
    }
}
