package io.rocketlink.client;

/** Those options of a sink that the engine acts on, as the core reads them. */
public final class SinkSettings {
    private final long[] numbers;

    SinkSettings(long[] numbers) {
        this.numbers = numbers;
    }

    /** Null when it is the job's. */
    public Integer parallelism() {
        return numbers[0] > 0 ? (int) numbers[0] : null;
    }

    /** False: a checkpoint does not wait for what is still being sent. */
    public boolean atLeastOnce() {
        return numbers[1] != 0;
    }
}
