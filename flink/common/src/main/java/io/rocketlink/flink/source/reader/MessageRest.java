package io.rocketlink.flink.source.reader;

import io.rocketlink.client.MessageBatch;
import java.io.IOException;

/**
 * Hands the rest of a message that goes on behind its batch from the fetcher to the emitter, a batch at a time. The emitter waits
 * here, so that no checkpoint comes between: a position never stands inside of a message.
 */
final class MessageRest {
    private MessageBatch next;
    private Exception failure;
    private boolean woken;

    /** Waits until the batch before is taken; false when woken first, sticky. On the fetcher thread. */
    synchronized boolean give(MessageBatch batch) throws InterruptedException {
        while (next != null && !woken) {
            wait();
        }
        if (next != null) {
            woken = false;
            return false;
        }
        next = batch;
        notifyAll();
        return true;
    }

    /** There is no next batch. On the fetcher thread. */
    synchronized void fail(Exception problem) {
        failure = problem;
        notifyAll();
    }

    synchronized void wakeUp() {
        woken = true;
        notifyAll();
    }

    /** Waits for the next batch. On the task thread. */
    synchronized MessageBatch take() throws IOException, InterruptedException {
        while (next == null && failure == null) {
            wait();
        }
        if (next == null) {
            throw new IOException(failure.getMessage(), failure);
        }
        MessageBatch batch = next;
        next = null;
        notifyAll();
        return batch;
    }
}
