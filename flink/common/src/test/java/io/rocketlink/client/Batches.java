package io.rocketlink.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Batches as native code would hand them over. */
public final class Batches {
    private static final int HEADER = 32;

    private Batches() {}

    /** One without messages; {@code nextOffset} -1: it goes on. */
    public static MessageBatch empty(long nextOffset) {
        byte[] array = new byte[HEADER];
        ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN).putLong(8, nextOffset).putInt(28, HEADER);
        return new MessageBatch(array);
    }
}
