package io.rocketlink.client;

import io.rocketlink.client.NativeLayout.SinkNumber;

/** Numbers of a {@link MessageWriter} since it was opened, at one moment. */
public final class WriterStats {
    private final long[] numbers;

    WriterStats(long[] numbers) {
        this.numbers = numbers;
    }

    public long messagesAcknowledged() {
        return numbers[SinkNumber.MESSAGES_ACKNOWLEDGED];
    }

    /** Of the acknowledged messages, their bodies alone. */
    public long bytesAcknowledged() {
        return numbers[SinkNumber.BYTES_ACKNOWLEDGED];
    }

    public long messagesFailed() {
        return numbers[SinkNumber.MESSAGES_FAILED];
    }

    public long retries() {
        return numbers[SinkNumber.RETRIES];
    }

    public long throttled() {
        return numbers[SinkNumber.THROTTLED];
    }

    /** Messages that were stored, but flushed or replicated late. */
    public long sendsDegraded() {
        return numbers[SinkNumber.DEGRADED];
    }

    public long apiCalls() {
        return numbers[SinkNumber.API_CALLS];
    }

    /** How long the last acknowledged send took. */
    public long lastSendMillis() {
        return numbers[SinkNumber.LAST_SEND_MS];
    }

    /** Fields that hold the delimiter, so that a reader will see more fields than there were. */
    public long delimiterConflicts() {
        return numbers[SinkNumber.DELIMITER_CONFLICTS];
    }
}
