package io.rocketlink.flink.source.reader;

import io.rocketlink.client.MessageBatch;

/** What the emitter is given: a message of a batch, or the batch's end. One object serves a whole batch. */
final class MessageCursor {
    private final MessageBatch batch;
    private int message = -1;

    MessageCursor(MessageBatch batch) {
        this.batch = batch;
    }

    /** False when the end was reached already. */
    boolean advance() {
        return ++message <= batch.messages();
    }

    MessageBatch batch() {
        return batch;
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
