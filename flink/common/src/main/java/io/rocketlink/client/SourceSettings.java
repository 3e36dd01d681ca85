package io.rocketlink.client;

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
        return numbers[0];
    }

    public boolean bounded() {
        return numbers[1] != 0;
    }

    /** Null when it is the job's. */
    public Integer parallelism() {
        return numbers[2] > 0 ? (int) numbers[2] : null;
    }

    /** A record that cannot be read fails the job; else it is skipped. */
    public boolean failsOnBadRecords() {
        return numbers[3] != 0;
    }

    /** And not one a minute. */
    public boolean logsEachBadRecord() {
        return numbers[4] != 0;
    }

    /** No option says which messages to read. */
    public boolean readsAllMessages() {
        return numbers[5] != 0;
    }
}
