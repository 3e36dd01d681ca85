package io.rocketlink.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.rocketlink.client.ReaderStats;
import org.junit.jupiter.api.Test;

class QueueNumbersTest {
    private static final int QUEUES = 1_000;

    private int questions;
    private long nanos = Long.MAX_VALUE; // whatever the clock's begin is
    private final QueueNumbers<String> numbers = new QueueNumbers<>(this::answer, () -> nanos);

    private ReaderStats answer(String reader, String[] queues) {
        ++questions;
        assertThat(queues).hasSize(QUEUES);
        return ReaderStats.ofNone(queues.length);
    }

    /** As a reporter does: three gauges of each queue. */
    private void report(String reader) {
        for (int i = 0; i < 3 * QUEUES; ++i) {
            assertThat(numbers.now(reader).queues()).isEqualTo(QUEUES);
        }
    }

    @Test
    void aReportOfManyQueuesIsOneQuestion() {
        for (int queue = 0; queue < QUEUES; ++queue) {
            assertThat(numbers.add("q" + queue)).isEqualTo(queue);
        }
        report("reader");
        assertThat(questions).isEqualTo(1);
        nanos += 499_000_000;
        report("reader");
        assertThat(questions).isEqualTo(1);
        nanos += 1_000_000;
        report("reader");
        assertThat(questions).isEqualTo(2);
        report("its successor");
        assertThat(questions).isEqualTo(3);
        report(null);
        assertThat(questions).isEqualTo(3);
    }
}
