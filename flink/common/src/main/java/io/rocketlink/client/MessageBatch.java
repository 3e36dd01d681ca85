package io.rocketlink.client;

import io.rocketlink.client.NativeLayout.BatchHeader;
import io.rocketlink.client.NativeLayout.BatchMessage;
import io.rocketlink.client.NativeLayout.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Some messages of one queue in one array, as the native {@code BatchWriter} lays them out. Nothing is copied out of it. */
public final class MessageBatch {
    private final byte[] array;
    private final ByteBuffer buffer;
    private final String queue;
    private final int table;

    MessageBatch(byte[] array) {
        this.array = array;
        buffer = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
        int nameBytes = buffer.getInt(BatchHeader.NAME_BYTES);
        queue = new String(array, BatchHeader.SIZE, nameBytes, StandardCharsets.UTF_8);
        table = BatchHeader.SIZE + (nameBytes + 7) / 8 * 8;
    }

    public byte[] array() {
        return array;
    }

    /** The array as little-endian numbers. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** {@link QueueRange#queue}. */
    public String queue() {
        return queue;
    }

    public int messages() {
        return buffer.getInt(BatchHeader.MESSAGES);
    }

    /** Whether the last message has further rows: they are all that the next batch holds. */
    public boolean goesOn() {
        return nextOffset() < 0;
    }

    /** Where reading goes on behind this batch, unless it {@link #goesOn}. */
    public long nextOffset() {
        return buffer.getLong(BatchHeader.NEXT_OFFSET);
    }

    /** Of the bodies, uncompressed. */
    public long bytes() {
        return buffer.getLong(BatchHeader.BODY_BYTES);
    }

    /** Records skipped, and damaged messages, since the batch before. */
    public int skipped() {
        return buffer.getInt(BatchHeader.SKIPPED);
    }

    public long offset(int message) {
        return buffer.getLong(at(message, BatchMessage.OFFSET));
    }

    /** Epoch milliseconds. */
    public long storeTimestamp(int message) {
        return buffer.getLong(at(message, BatchMessage.STORED_MS));
    }

    /** Epoch milliseconds. */
    public long bornTimestamp(int message) {
        return buffer.getLong(at(message, BatchMessage.BORN_MS));
    }

    /** Where in the array the message's rows, or the raw message, begin; each with its {@link #length} in front. */
    public int position(int message) {
        return buffer.getInt(at(message, BatchMessage.POSITION));
    }

    public int rows(int message) {
        return buffer.getInt(at(message, BatchMessage.ROWS));
    }

    private int at(int message, int field) {
        return table + message * BatchMessage.SIZE + field;
    }

    /** Where a row or raw message begins whose length stands at {@code position}. */
    public static int begin(int position) {
        return position + Content.SIZE;
    }

    /** In bytes, of the row or raw message whose length stands at {@code position}. */
    public int length(int position) {
        return (int) buffer.getLong(position + Content.LENGTH);
    }

    /** Of all its messages. */
    public long allRows() {
        long sum = 0;
        for (int i = 0; i < messages(); ++i) {
            sum += rows(i);
        }
        return sum;
    }
}
