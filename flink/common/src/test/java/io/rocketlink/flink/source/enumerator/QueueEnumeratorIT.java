package io.rocketlink.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.rocketlink.client.ScanRestriction;
import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.source.split.QueueSplit;
import io.rocketlink.testing.Await;
import io.rocketlink.testing.OnRocketMq;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The enumerator against a real name server and broker; Flink's executors stand still unless a test moves them. */
class QueueEnumeratorIT extends OnRocketMq {
    private static final EnumeratorState NOTHING = new EnumeratorState(List.of(), List.of());

    /** An enumerator and Flink around it. */
    private static final class Harness implements AutoCloseable {
        final TestingSplitEnumeratorContext<QueueSplit> flink;
        final QueueEnumerator enumerator;

        Harness(String topic, int readers, EnumeratorState state, String... options) throws Exception {
            Map<String, String> all = new HashMap<>();
            all.put("connector", "mq5");
            all.put("endpoint", server.endpoint());
            all.put("topic", topic);
            all.put("consumerGroup", "g-" + topic);
            all.put("scan.startup.mode", "earliest");
            all.put("scan.partition-discovery.interval", "1 ms");
            for (int i = 0; i < options.length; i += 2) {
                all.put(options[i], options[i + 1]);
            }
            TableDescription table = TableDescription.builder().options(all).physical("body", "BYTES").build();
            flink = new TestingSplitEnumeratorContext<>(readers);
            enumerator = new QueueEnumerator(flink, table, table.sourceSettings(), new ScanRestriction(), state);
            enumerator.start();
        }

        void register(int reader, String... held) {
            flink.registerReader(reader, "host");
            enumerator.addReader(reader);
            enumerator.handleSourceEvent(reader, new HeldQueues(List.of(held)));
        }

        void registerAll() {
            for (int reader = 0; reader < flink.currentParallelism(); ++reader) {
                register(reader);
            }
        }

        void discover() throws Exception {
            flink.triggerAllActions();
        }

        List<QueueSplit> of(int reader) {
            return flink.getSplitAssignments().containsKey(reader)
                    ? flink.getSplitAssignments().get(reader).getAssignedSplits()
                    : List.of();
        }

        List<Integer> counts() {
            List<Integer> counts = new ArrayList<>();
            for (int reader = 0; reader < flink.currentParallelism(); ++reader) {
                counts.add(of(reader).size());
            }
            return counts;
        }

        List<QueueSplit> all() {
            return flink.getSplitAssignments().values().stream()
                    .flatMap(one -> one.getAssignedSplits().stream())
                    .collect(Collectors.toList());
        }

        boolean toldNoQueue(int reader) {
            return flink.getSentEvents().getOrDefault(reader, List.of()).stream().anyMatch(NoQueueForNow.class::isInstance);
        }

        @Override
        public void close() {
            enumerator.close();
        }
    }

    private static String id(String topic, int queue) {
        return topic + "@" + server.brokerName() + ":" + queue;
    }

    @Test
    void startAsksNobody() throws Exception {
        String topic = server.topic(4);
        try (Harness harness = new Harness(topic, 2, NOTHING)) {
            harness.registerAll();
            assertThat(harness.enumerator.snapshotState(1)).isEqualTo(NOTHING);
            assertThat(harness.all()).isEmpty();
            harness.discover();
            assertThat(harness.counts()).containsExactly(2, 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "2, 22", "8, 11110000"})
    void queuesAreSharedOutEqually(int readers, String counts) throws Exception {
        String topic = server.topic(4);
        List<List<String>> shares = new ArrayList<>();
        for (int run = 0; run < 2; ++run) {
            try (Harness harness = new Harness(topic, readers, NOTHING)) {
                if (run == 0) {
                    harness.registerAll();
                    harness.discover();
                } else { // the same owners, though readers come late and in another order
                    harness.discover();
                    for (int reader = readers - 1; reader >= 0; --reader) {
                        harness.register(reader);
                    }
                }
                assertThat(harness.counts().stream().map(String::valueOf).collect(Collectors.joining())).isEqualTo(counts);
                for (int reader = 0; reader < readers; ++reader) {
                    shares.add(harness.of(reader).stream().map(QueueSplit::splitId).collect(Collectors.toList()));
                    assertThat(harness.toldNoQueue(reader)).isEqualTo(harness.of(reader).isEmpty());
                }
            }
        }
        assertThat(shares.subList(readers, 2 * readers)).isEqualTo(shares.subList(0, readers));
    }

    @Test
    void aFailedDiscoveryChangesNothing() throws Exception {
        String topic = server.topic(2);
        try (Harness harness = new Harness(topic, 1, NOTHING)) {
            harness.registerAll();
            harness.discover();
            EnumeratorState before = harness.enumerator.snapshotState(1);
            assertThat(before.known()).hasSize(2);
            server.run("kill-namesrv");
            try {
                Thread.sleep(5); // beyond the interval of discovery
                harness.discover();
                assertThat(harness.enumerator.snapshotState(2)).isEqualTo(before);
            } finally {
                server.run("start-namesrv");
            }
            server.resize(topic, 3);
            Await.until(
                    "the third queue",
                    () -> {
                        harness.discover();
                        return harness.of(0).size() == 3;
                    });
            assertThat(harness.of(0).get(2).range().offset()).isZero();
        }
    }

    @Test
    void whereReadingBeganIsKept() throws Exception {
        String topic = server.topic(2);
        server.send(topic, 0, "before");
        EnumeratorState state;
        try (Harness harness = new Harness(topic, 2, NOTHING, "scan.startup.mode", "latest")) {
            harness.discover(); // no reader is there: the queues stay in the state, with their offsets
            assertThat(harness.all()).isEmpty();
            state = harness.enumerator.snapshotState(1);
        }
        assertThat(state.unassigned()).hasSize(2).isEqualTo(state.known());
        server.send(topic, 0, "meanwhile");
        try (Harness harness = new Harness(topic, 1, state, "scan.startup.mode", "latest")) {
            harness.discover();
            harness.registerAll();
            Map<Integer, Long> begins =
                    harness.of(0).stream().collect(Collectors.toMap(one -> one.range().id(), one -> one.range().offset()));
            assertThat(begins).isEqualTo(Map.of(0, 1L, 1, 0L));
            assertThat(harness.enumerator.snapshotState(2).unassigned()).isEmpty();
        }
    }

    @Test
    void aTableThatNamesAnotherTopicBeginsAnew() throws Exception {
        String before = server.topic(2);
        EnumeratorState state;
        try (Harness harness = new Harness(before, 2, NOTHING)) {
            harness.register(0);
            harness.discover(); // the queue of the other reader stays in the state
            state = harness.enumerator.snapshotState(1);
        }
        assertThat(state.unassigned()).hasSize(1);
        String now = server.topic(2);
        server.send(now, 0, "before the restore");
        try (Harness harness = new Harness(now, 2, state, "scan.startup.mode", "latest")) {
            harness.registerAll();
            harness.discover();
            assertThat(harness.all()).extracting(QueueSplit::splitId).containsExactlyInAnyOrder(id(now, 0), id(now, 1));
            assertThat(harness.all()).extracting(split -> split.range().offset()).containsExactlyInAnyOrder(1L, 0L);
            assertThat(harness.enumerator.snapshotState(2).known()).hasSize(2);
        }
    }

    @Test
    void queuesOfAFailedReaderGoBackToIt() throws Exception {
        String topic = server.topic(4);
        try (Harness harness = new Harness(topic, 2, NOTHING)) {
            harness.registerAll();
            harness.discover();
            List<QueueSplit> second = new ArrayList<>(harness.of(1));
            List<QueueSplit> moved = new ArrayList<>();
            second.forEach(split -> moved.add(new QueueSplit(split.range().from(42))));
            harness.flink.registeredReaders().remove(1);
            harness.enumerator.addSplitsBack(moved, 1);
            assertThat(harness.of(1)).isEqualTo(second);
            assertThat(harness.enumerator.snapshotState(1).unassigned()).isEqualTo(moved);
            harness.register(1);
            assertThat(harness.of(1)).containsAll(moved).hasSize(4);
            assertThat(harness.of(0)).hasSize(2);
        }
    }

    /** Flink spreads what readers had; the enumerator fills up where least is. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5})
    void aRestoreWithOtherReadersStaysBalanced(int readers) throws Exception {
        String topic = server.topic(4);
        EnumeratorState state;
        try (Harness harness = new Harness(topic, 4, NOTHING)) {
            harness.register(0);
            harness.register(1);
            harness.register(2);
            harness.discover();
            state = harness.enumerator.snapshotState(1);
        }
        assertThat(state.unassigned()).hasSize(1);
        Set<String> handedOut = state.known().stream().map(QueueSplit::splitId).collect(Collectors.toCollection(HashSet::new));
        handedOut.remove(state.unassigned().get(0).splitId());
        server.resize(topic, 9);
        try (Harness harness = new Harness(topic, readers, state)) {
            List<List<String>> held = new ArrayList<>();
            for (int reader = 0; reader < readers; ++reader) {
                held.add(new ArrayList<>());
            }
            // Those that are over go to the first ones, so a count that leaves out what is held would favour these again.
            int next = 0;
            for (String queue : handedOut) {
                held.get(next++ % readers).add(queue);
            }
            for (int reader = 0; reader < readers; ++reader) {
                assertThat(harness.all()).isEmpty(); // none before all have said what they have
                assertThat(harness.enumerator.snapshotState(2).unassigned()).containsAll(state.unassigned());
                harness.register(reader, held.get(reader).toArray(new String[0]));
                if (reader == 0) {
                    harness.discover();
                }
            }
            List<Integer> loads = new ArrayList<>();
            for (int reader = 0; reader < readers; ++reader) {
                loads.add(held.get(reader).size() + harness.of(reader).size());
            }
            assertThat(loads.stream().mapToInt(Integer::intValue).sum()).isEqualTo(9);
            assertThat(loads).allMatch(load -> load == 9 / readers || load == (9 + readers - 1) / readers);
            Set<String> ids = harness.all().stream().map(QueueSplit::splitId).collect(Collectors.toSet());
            assertThat(ids).doesNotContainAnyElementsOf(handedOut).contains(id(topic, 8)).hasSize(6);
        }
    }

    @Test
    void aBoundedScanLooksOnceAndTellsReadersTheEnd() throws Exception {
        String topic = server.topic(1);
        server.send(topic, 0, "one");
        EnumeratorState state;
        try (Harness harness = new Harness(topic, 2, NOTHING, "scan.bounded.mode", "latest")) {
            harness.registerAll();
            harness.discover();
            assertThat(harness.of(0)).hasSize(1);
            assertThat(harness.of(0).get(0).range().stop()).isEqualTo(1);
            for (int reader = 0; reader < 2; ++reader) {
                assertThat(harness.flink.getSplitAssignments().get(reader).hasReceivedNoMoreSplitsSignal()).isTrue();
            }
            server.resize(topic, 2);
            Thread.sleep(5);
            harness.discover();
            assertThat(harness.all()).hasSize(1);
            state = harness.enumerator.snapshotState(1);
        }
        try (Harness harness = new Harness(topic, 2, state, "scan.bounded.mode", "latest")) {
            harness.register(0);
            assertThat(harness.flink.getSplitAssignments()).isEmpty(); // more may be coming until all have spoken
            harness.register(1, id(topic, 0));
            harness.discover();
            assertThat(harness.all()).isEmpty();
            for (int reader = 0; reader < 2; ++reader) {
                assertThat(harness.flink.getSplitAssignments().get(reader).hasReceivedNoMoreSplitsSignal()).isTrue();
            }
        }
    }
}
