package io.rocketlink.client;

/** Those options of a source that the engine acts on, as the core reads them. */
public final class SourceSettings {
    private final long[] numbers;

    SourceSettings(long[] numbers) {
        this.numbers = numbers;
    }

    /** 0: queues are looked for at the start only. */
    public long discoveryIntervalMillis() {
        return numbers[0];
    }

    public boolean bounded() {
        return numbers[1] != 0;
    }

    /** Null when it is the job's. */
    public Integer parallelism() {
        return numbers[2] > 0 ? (int) numbers[2] : null;
    }
}
