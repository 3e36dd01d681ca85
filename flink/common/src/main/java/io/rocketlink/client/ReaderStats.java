package io.rocketlink.client;

import io.rocketlink.client.NativeLayout.QueueNumber;
import io.rocketlink.client.NativeLayout.ReaderNumber;
import java.util.Arrays;

/** Numbers of a {@link MessageReader}, at one moment. */
public final class ReaderStats {
    private final long[] numbers;

    ReaderStats(long[] numbers) {
        this.numbers = numbers;
    }

    /** Of so many queues that nobody reads. */
    public static ReaderStats ofNone(int queues) {
        long[] numbers = new long[ReaderNumber.SIZE + QueueNumber.SIZE * queues];
        Arrays.fill(numbers, ReaderNumber.SIZE, numbers.length, NativeLayout.NONE);
        return new ReaderStats(numbers);
    }

    /** How many were asked for. */
    public int queues() {
        return (numbers.length - ReaderNumber.SIZE) / QueueNumber.SIZE;
    }

    public long apiCalls() {
        return numbers[ReaderNumber.API_CALLS];
    }

    public long retries() {
        return numbers[ReaderNumber.RETRIES];
    }

    public long throttled() {
        return numbers[ReaderNumber.THROTTLED];
    }

    /** Offset of the next message that poll hands out, of the i-th queue that was asked for; -1 when it is not read. */
    public long position(int i) {
        return of(i, QueueNumber.POSITION);
    }

    /** Behind the queue's last message, as of the last answer; -1 when it is not read. */
    public long end(int i) {
        return of(i, QueueNumber.END);
    }

    /** Messages behind the position, as of the last answer; 0 when it is not read. */
    public long lag(int i) {
        return Math.max(0, end(i) - position(i));
    }

    /** Last offset committed by this reader; -1 when none was. */
    public long committed(int i) {
        return of(i, QueueNumber.COMMITTED);
    }

    private long of(int queue, int field) {
        return numbers[ReaderNumber.SIZE + QueueNumber.SIZE * queue + field];
    }
}
