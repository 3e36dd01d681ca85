package io.rocketlink.client;

import io.rocketlink.client.NativeLayout.SourceSetting;

/** Those options of a source that the engine acts on, as the core reads them. */
public final class SourceSettings {
    private final String topic;
    private final long[] numbers;

    SourceSettings(String topic, long[] numbers) {
        this.topic = topic;
        this.numbers = numbers;
    }

    /** As rows show it. */
    public String topic() {
        return topic;
    }

    /** 0: queues are looked for at the start only. */
    public long discoveryIntervalMillis() {
        return numbers[SourceSetting.DISCOVERY_INTERVAL_MS];
    }

    public boolean bounded() {
        return isSet(SourceSetting.BOUNDED);
    }

    /** Null when it is the job's. */
    public Integer parallelism() {
        long readers = numbers[SourceSetting.PARALLELISM];
        return readers > 0 ? (int) readers : null;
    }

    /** A record that cannot be read fails the job; else it is skipped. */
    public boolean failsOnBadRecords() {
        return isSet(SourceSetting.FAILS_ON_BAD_RECORDS);
    }

    /** Each record that is skipped is logged; else one a minute. */
    public boolean logsEachBadRecord() {
        return isSet(SourceSetting.LOGS_EACH_BAD_RECORD);
    }

    /** No option says which messages to read. */
    public boolean readsAllMessages() {
        return isSet(SourceSetting.READS_ALL_MESSAGES);
    }

    private boolean isSet(int setting) {
        return numbers[setting] != 0;
    }
}
