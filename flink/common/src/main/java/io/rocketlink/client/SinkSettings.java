package io.rocketlink.client;

import io.rocketlink.client.NativeLayout.SinkSetting;

/** Those options of a sink that the engine acts on, as the core reads them. */
public final class SinkSettings {
    private final long[] numbers;

    SinkSettings(long[] numbers) {
        this.numbers = numbers;
    }

    /** Null when it is the job's. */
    public Integer parallelism() {
        long writers = numbers[SinkSetting.PARALLELISM];
        return writers > 0 ? (int) writers : null;
    }

    /** False: a checkpoint does not wait for what is still being sent. */
    public boolean atLeastOnce() {
        return numbers[SinkSetting.AT_LEAST_ONCE] != 0;
    }
}
