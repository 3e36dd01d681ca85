package io.rocketlink.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.rocketlink.client.NativeLayout.Discovery;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitArraysTest {
    @Test
    void queuesComeBackAsTheyWent() {
        List<QueueRange> queues =
                List.of(
                        new QueueRange("orders", "broker-a", 3, 42, 4711),
                        new QueueRange("orders", "broker-b", 0, 0, QueueRange.NO_STOP),
                        new QueueRange("rest", "broker-a", 1, 7, 7));
        SplitArrays there = new SplitArrays(queues);
        Object[] found = new Object[Discovery.SIZE];
        found[Discovery.NAMES] = there.names;
        found[Discovery.NUMBERS] = there.numbers;
        assertThat(new SplitArrays(found).ranges()).isEqualTo(queues);
    }

    @Test
    void noQueuesAreEmptyArrays() {
        SplitArrays none = new SplitArrays(List.of());
        assertThat(none.names).isEmpty();
        assertThat(none.numbers).isEmpty();
    }
}
