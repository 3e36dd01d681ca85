package io.rocketlink.client;

import java.util.Arrays;

/** Numbers of a {@link MessageReader}, at one moment. */
public final class ReaderStats {
    private static final int GENERAL = 4;

    private final long[] numbers;

    ReaderStats(long[] numbers) {
        this.numbers = numbers;
    }

    /** Of so many queues that nobody reads. */
    public static ReaderStats ofNone(int queues) {
        long[] numbers = new long[GENERAL + 3 * queues];
        Arrays.fill(numbers, GENERAL, numbers.length, -1);
        return new ReaderStats(numbers);
    }

    /** How many were asked for. */
    public int queues() {
        return (numbers.length - GENERAL) / 3;
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

    /** Messages behind the position, as of the last answer; 0 when it is not read. */
    public long lag(int i) {
        return Math.max(0, end(i) - position(i));
    }

    /** Last offset committed by this reader; -1 when none was. */
    public long committed(int i) {
        return numbers[GENERAL + 3 * i + 2];
    }
}
