package io.rocketlink.flink.source.reader;

import io.rocketlink.client.MessageBatch;
import java.io.IOException;

/** What the emitter is given: a message of a batch, or the batch's end. One object serves a whole batch. */
final class MessageCursor {
    private final MessageBatch batch;
    private final QueueSplitReader reader;
    private int message = -1;

    MessageCursor(MessageBatch batch, QueueSplitReader reader) {
        this.batch = batch;
        this.reader = reader;
    }

    /** False when the end was reached already. */
    boolean advance() {
        return ++message <= batch.messages();
    }

    MessageBatch batch() {
        return batch;
    }

    /** The next piece of the last message, which goes on behind the batch. */
    MessageBatch readOn() throws IOException {
        return reader.readOn();
    }

    int message() {
        return message;
    }

    boolean isFirst() {
        return message == 0;
    }

    boolean isLast() {
        return message == batch.messages() - 1;
    }

    boolean isEnd() {
        return message == batch.messages();
    }
}
