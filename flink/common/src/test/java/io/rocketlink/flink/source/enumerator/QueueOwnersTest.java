package io.rocketlink.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueOwnersTest {
    private static List<Integer> take(QueueOwners owners, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> owners.take("q" + i)).collect(Collectors.toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void newQueuesGoRound(int readers) {
        assertThat(take(new QueueOwners(readers), 0, 20))
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> i % readers).collect(Collectors.toList()));
    }

    @Test
    void readersThatHaveFewerGetMore() {
        QueueOwners owners = new QueueOwners(3);
        for (int i = 0; i < 3; ++i) {
            owners.hold("held" + i, 0);
        }
        owners.hold("held3", 2);
        assertThat(take(owners, 0, 6)).containsExactly(1, 1, 2, 1, 2, 0);
    }

    @Test
    void aQueueCountsOnceWhereItIs() {
        QueueOwners owners = new QueueOwners(2);
        owners.hold("a", 0);
        owners.hold("a", 0);
        owners.hold("b", 0);
        owners.hold("b", 1);
        assertThat(take(owners, 0, 3)).containsExactly(0, 1, 0);
    }
}
