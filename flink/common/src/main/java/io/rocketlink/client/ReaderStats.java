package io.rocketlink.client;

/** Numbers of a {@link MessageReader}, at one moment. */
public final class ReaderStats {
    private static final int GENERAL = 4;

    private final long[] numbers;

    ReaderStats(long[] numbers) {
        this.numbers = numbers;
    }

    public long apiCalls() {
        return numbers[0];
    }

    public long retries() {
        return numbers[1];
    }

    public long throttled() {
        return numbers[2];
    }

    /** Offset of the next message that poll hands out, of the i-th queue that was asked for; -1 when it is not read. */
    public long position(int i) {
        return numbers[GENERAL + 3 * i];
    }

    /** Behind the queue's last message, as of the last answer; -1 when it is not read. */
    public long end(int i) {
        return numbers[GENERAL + 3 * i + 1];
    }

    /** Last offset committed by this reader; -1 when none was. */
    public long committed(int i) {
        return numbers[GENERAL + 3 * i + 2];
    }
}
