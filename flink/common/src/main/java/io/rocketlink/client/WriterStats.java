package io.rocketlink.client;

/** Numbers of a {@link MessageWriter} since it was opened, at one moment. */
public final class WriterStats {
    private final long[] numbers;

    WriterStats(long[] numbers) {
        this.numbers = numbers;
    }

    public long messagesAcknowledged() {
        return numbers[0];
    }

    /** Of the bodies. */
    public long bytesAcknowledged() {
        return numbers[1];
    }

    public long messagesFailed() {
        return numbers[2];
    }

    public long retries() {
        return numbers[3];
    }

    public long throttled() {
        return numbers[4];
    }

    /** Requests whose messages were stored, but flushed or replicated late. */
    public long sendsDegraded() {
        return numbers[5];
    }

    public long apiCalls() {
        return numbers[6];
    }

    /** How long the last acknowledged request took. */
    public long lastSendMillis() {
        return numbers[7];
    }

    /** Fields that hold the delimiter, so that a reader will see more fields than there were. */
    public long delimiterConflicts() {
        return numbers[8];
    }
}
