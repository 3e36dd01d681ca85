package io.rocketlink.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Some messages of one queue in one array, as the native {@code BatchWriter} lays them out. Nothing is copied out of it. */
public final class MessageBatch {
    private static final int HEADER = 32;
    private static final int MESSAGE = 32;

    private final byte[] array;
    private final ByteBuffer buffer;
    private final String queue;
    private final int table;

    MessageBatch(byte[] array) {
        this.array = array;
        buffer = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
        int nameBytes = buffer.getInt(4);
        queue = new String(array, HEADER, nameBytes, StandardCharsets.UTF_8);
        table = HEADER + (nameBytes + 7) / 8 * 8;
    }

    public byte[] array() {
        return array;
    }

    /** The array as little-endian numbers. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** {@link QueueRange#queue}. */
    public String queue() {
        return queue;
    }

    public int messages() {
        return buffer.getInt(0);
    }

    /** Whether the last message has further rows: they are all that the next batch holds. */
    public boolean goesOn() {
        return nextOffset() < 0;
    }

    /** Where reading goes on behind this batch, unless it {@link #goesOn}. */
    public long nextOffset() {
        return buffer.getLong(8);
    }

    /** Of the bodies, uncompressed. */
    public long bytes() {
        return buffer.getLong(16);
    }

    /** Records skipped, and damaged messages, since the batch before. */
    public int skipped() {
        return buffer.getInt(24);
    }

    public long offset(int message) {
        return buffer.getLong(table + message * MESSAGE);
    }

    /** Epoch milliseconds. */
    public long storeTimestamp(int message) {
        return buffer.getLong(table + message * MESSAGE + 8);
    }

    /** Epoch milliseconds. */
    public long bornTimestamp(int message) {
        return buffer.getLong(table + message * MESSAGE + 16);
    }

    /** Where in the array the message's rows, or the raw message, begin; each with its length (8 bytes) in front. */
    public int position(int message) {
        return buffer.getInt(table + message * MESSAGE + 24);
    }

    public int rows(int message) {
        return buffer.getInt(table + message * MESSAGE + 28);
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
