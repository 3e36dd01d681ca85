package io.rocketlink.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.rocketlink.client.MessageBatch;
import io.rocketlink.client.QueueRange;
import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.datastream.RocketMQSource;
import io.rocketlink.flink.source.enumerator.HeldQueues;
import io.rocketlink.flink.source.enumerator.NoQueueForNow;
import io.rocketlink.flink.source.split.QueueSplit;
import io.rocketlink.testing.Await;
import io.rocketlink.testing.BodyText;
import io.rocketlink.testing.OnRocketMq;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.testutils.source.reader.TestingReaderContext;
import org.apache.flink.connector.testutils.source.reader.TestingReaderOutput;
import org.apache.flink.core.io.InputStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A subtask's reader on a real broker, called as Flink calls it. */
class SourceReaderIT extends OnRocketMq {
    private static final class Output extends TestingReaderOutput<String> {
        private int idle;

        @Override
        public void markIdle() {
            ++idle;
        }
    }

    private static final int PATIENCE_SECONDS = 180;

    private final TestingReaderContext flink = new TestingReaderContext();
    private final Output output = new Output();
    private String topic;
    private SourceReader<String, QueueSplit> reader;

    private void open(int queues) throws Exception {
        topic = server.topic(queues);
        reader = newReader();
    }

    private SourceReader<String, QueueSplit> newReader() throws Exception {
        return RocketMQSource.<String>builder()
                .setEndpoint(server.endpoint())
                .setTopic(topic)
                .setConsumerGroup(group())
                .setDeserializationSchema(new BodyText())
                .build()
                .createReader(flink);
    }

    @AfterEach
    void close() throws Exception {
        if (reader != null) {
            reader.close();
        }
    }

    private String group() {
        return "g-" + topic;
    }

    private QueueSplit queue(int id, long stop) {
        return new QueueSplit(new QueueRange(topic, server.brokerName(), id, 0, stop));
    }

    private void begin(QueueSplit... splits) {
        reader.addSplits(List.of(splits));
        reader.start();
    }

    /** Polls until this many records are out, or the end is reached. */
    private InputStatus read(int records) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        InputStatus status = InputStatus.MORE_AVAILABLE;
        while (output.getEmittedRecords().size() < records && status != InputStatus.END_OF_INPUT && System.nanoTime() < end) {
            status = pollOnce();
        }
        assertThat(output.getEmittedRecords()).hasSizeGreaterThanOrEqualTo(records);
        return status;
    }

    private void readToTheEnd(int records) throws Exception {
        InputStatus status = read(records);
        while (status != InputStatus.END_OF_INPUT) {
            status = pollOnce();
        }
    }

    private InputStatus pollOnce() throws Exception {
        InputStatus status = reader.pollNext(output);
        if (status == InputStatus.NOTHING_AVAILABLE) {
            reader.isAvailable().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        return status;
    }

    private void send(int queue, String... bodies) {
        for (String body : bodies) {
            server.send(topic, queue, body);
        }
    }

    private void awaitCommitted(long offset) throws Exception {
        Await.until("the commit of " + offset, () -> server.committed(group(), topic, 0) == offset);
    }

    /** A fetcher that reads up to a stop hands over so often that somebody must take it. */
    private void awaitWhilePolling(String what, Callable<Boolean> condition) throws Exception {
        Await.until(
                what,
                () -> {
                    reader.pollNext(output);
                    return condition.call();
                });
    }

    private void awaitCommittedWhilePolling(long offset) throws Exception {
        awaitWhilePolling("the commit of " + offset, () -> server.committed(group(), topic, 0) == offset);
    }

    /** Until it has done what it was told: a queue that is finished at once is the last of it. */
    private void awaitTheFetcher(QueueSplit finished) throws Exception {
        int before = queuesBeingRead();
        reader.addSplits(List.of(finished));
        awaitWhilePolling("the fetcher", () -> queuesBeingRead() == before);
    }

    private int queuesBeingRead() {
        return ((QueueSourceReader<?>) reader).getNumberOfCurrentlyAssignedSplits();
    }

    private QueueSplit readTo(int id, long stop) {
        return new QueueSplit(queue(id, stop).range().from(stop));
    }

    @Test
    void saysWhatItBeginsWith() throws Exception {
        open(2);
        begin(queue(0, QueueRange.NO_STOP), queue(1, QueueRange.NO_STOP));
        assertThat(flink.getSentEvents()).hasSize(1);
        assertThat(((HeldQueues) flink.getSentEvents().get(0)).queues())
                .containsExactlyInAnyOrder(queue(0, 0).splitId(), queue(1, 0).splitId());
    }

    @Test
    void commitsWhatTheCompletedCheckpointHolds() throws Exception {
        open(1);
        send(0, "a", "b", "c");
        begin(queue(0, QueueRange.NO_STOP));
        read(3);
        assertThat(reader.snapshotState(1)).containsExactly(new QueueSplit(queue(0, -1).range().from(3)));
        send(0, "d", "e");
        read(5);
        reader.snapshotState(2);
        assertThat(server.committed(group(), topic, 0)).isLessThanOrEqualTo(0); // none, or that the group is new
        reader.notifyCheckpointComplete(1);
        awaitCommitted(3);
        reader.notifyCheckpointAborted(2);
        assertThat(((QueueSourceReader<?>) reader).uncommittedCheckpoints()).isEmpty();
        send(0, "f");
        read(6);
        reader.snapshotState(3);
        reader.notifyCheckpointComplete(3);
        awaitCommitted(6);
        reader.notifyCheckpointComplete(2); // late, and of no use
        send(0, "g");
        read(7);
        assertThat(server.committed(group(), topic, 0)).isEqualTo(6);
    }

    /** Behind its snapshot; who calls it starts the broker again. */
    private void readOneOfABrokerThatIsKilled() throws Exception {
        open(1);
        send(0, "a");
        begin(queue(0, QueueRange.NO_STOP));
        read(1);
        reader.snapshotState(1);
        server.run("kill-broker");
    }

    @Test
    void aCommitThatFailsIsMadeUpForByTheNext() throws Exception {
        readOneOfABrokerThatIsKilled();
        try {
            reader.notifyCheckpointComplete(1);
            assertThat(reader.pollNext(output)).isNotEqualTo(InputStatus.END_OF_INPUT);
        } finally {
            server.run("start-broker");
        }
        send(0, "b");
        read(2);
        reader.snapshotState(2);
        reader.notifyCheckpointComplete(2);
        awaitCommitted(2);
        assertThat(output.getEmittedRecords()).containsExactly("a", "b");
    }

    @Test
    void theEndOfAQueueIsKeptUntilItIsCommitted() throws Exception {
        open(3);
        send(0, "a", "b"); // a queue that is shorter than its stop for seconds fails the job
        begin(queue(0, 2), queue(1, QueueRange.NO_STOP));
        read(1);
        reader.snapshotState(1);
        reader.notifyCheckpointComplete(1);
        awaitCommittedWhilePolling(1);
        awaitWhilePolling("the end of the queue", () -> queuesBeingRead() == 1);
        reader.snapshotState(2);
        server.run("kill-broker");
        try {
            reader.notifyCheckpointComplete(2);
            awaitTheFetcher(queue(2, 0));
        } finally {
            server.run("start-broker");
        }
        reader.snapshotState(3);
        reader.notifyCheckpointComplete(3);
        awaitCommittedWhilePolling(2);
        awaitWhilePolling(
                "a state without what is committed",
                () -> {
                    reader.snapshotState(4);
                    reader.notifyCheckpointComplete(4);
                    return reader.snapshotState(5).size() == 1;
                });
    }

    @Test
    void theEndOfAQueueIsCommittedAfterARestoreFromBeforeItWas() throws Exception {
        open(2);
        send(0, "a", "b");
        begin(queue(0, 2), queue(1, QueueRange.NO_STOP));
        read(2);
        awaitWhilePolling("the end of the queue", () -> queuesBeingRead() == 1);
        List<QueueSplit> state = reader.snapshotState(1);
        assertThat(state).containsExactlyInAnyOrder(readTo(0, 2), queue(1, QueueRange.NO_STOP));
        reader.close();
        reader = newReader();
        begin(state.toArray(new QueueSplit[0]));
        awaitWhilePolling("the end of the queue", () -> queuesBeingRead() == 1);
        assertThat(reader.snapshotState(2)).hasSameElementsAs(state);
        reader.notifyCheckpointComplete(2);
        awaitCommittedWhilePolling(2);
        assertThat(output.getEmittedRecords()).containsExactly("a", "b");
    }

    /** As at a stop with a savepoint: Flink closes readers as soon as they know that it is complete. */
    @Test
    void whatTheLastCheckpointHoldsIsCommittedThoughTheReaderIsClosedAtOnce() throws Exception {
        open(2);
        send(0, "a", "b", "c");
        send(1, "d");
        begin(queue(0, QueueRange.NO_STOP), queue(1, QueueRange.NO_STOP));
        read(4);
        reader.snapshotState(1);
        reader.notifyCheckpointComplete(1);
        reader.close();
        reader = null;
        assertThat(server.committed(group(), topic, 0)).isEqualTo(3);
        assertThat(server.committed(group(), topic, 1)).isEqualTo(1);
    }

    private long millisToClose() throws Exception {
        long begin = System.nanoTime();
        reader.close();
        reader = null;
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    /** Flink polls what runs after each snapshot, and nothing after the one with which a job stops. */
    @Test
    void oneThatIsCancelledIsClosedAtOnceThoughItsCommitIsNotAnswered() throws Exception {
        readOneOfABrokerThatIsKilled();
        try {
            reader.pollNext(output);
            reader.notifyCheckpointComplete(1);
            assertThat(millisToClose()).isLessThan(5000); // for which one that stops waits
        } finally {
            server.run("start-broker");
        }
    }

    @Test
    void oneThatStopsWaitsForItsCommitForSomeTime() throws Exception {
        readOneOfABrokerThatIsKilled();
        try {
            reader.notifyCheckpointComplete(1);
            assertThat(millisToClose()).isBetween(4000L, 60_000L);
        } finally {
            server.run("start-broker");
        }
    }

    @Test
    void aSnapshotAsksForAPoll() throws Exception {
        open(1);
        send(0, "a");
        begin(queue(0, QueueRange.NO_STOP));
        read(1);
        Await.until(
                "nothing to read",
                () -> reader.pollNext(output) == InputStatus.NOTHING_AVAILABLE && !reader.isAvailable().isDone());
        reader.snapshotState(1);
        assertThat(reader.isAvailable()).isDone();
    }

    @Test
    void aPausedQueueRestsAndLosesNothing() throws Exception {
        open(2);
        begin(queue(0, QueueRange.NO_STOP), queue(1, QueueRange.NO_STOP));
        send(0, "first");
        read(1);
        reader.pauseOrResumeSplits(List.of(queue(0, 0).splitId()), List.of());
        // The pause may not have been carried out yet.
        send(0, "paused 1");
        send(1, "a");
        read(2);
        send(0, "paused 2");
        send(1, "b", "c");
        Await.until(
                "the other queue",
                () -> {
                    pollOnce();
                    return output.getEmittedRecords().containsAll(List.of("a", "b", "c"));
                });
        assertThat(output.getEmittedRecords()).doesNotContain("paused 2");
        reader.pauseOrResumeSplits(List.of(), List.of(queue(0, 0).splitId()));
        read(6);
        assertThat(output.getEmittedRecords())
                .containsExactlyInAnyOrder("first", "paused 1", "paused 2", "a", "b", "c");
    }

    @Test
    void aReaderWithoutQueuesIsIdleUntilItGetsOne() throws Exception {
        open(1);
        begin();
        assertThat(((HeldQueues) flink.getSentEvents().get(0)).queues()).isEmpty();
        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        assertThat(output.idle).isZero();
        reader.handleSourceEvents(new NoQueueForNow());
        reader.isAvailable().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        reader.pollNext(output);
        assertThat(output.idle).isEqualTo(1);
        assertThat(reader.snapshotState(1)).isEmpty();
        reader.notifyCheckpointComplete(1);
        send(0, "a");
        reader.addSplits(List.of(queue(0, QueueRange.NO_STOP)));
        read(1);
        reader.handleSourceEvents(new NoQueueForNow()); // late: it has one
        reader.pollNext(output);
        assertThat(output.idle).isEqualTo(1);
    }

    @Test
    void aBoundedReadEndsAndItsEndIsCommitted() throws Exception {
        open(2);
        send(0, "a", "b", "behind the stop");
        begin(queue(0, 2), queue(1, 0)); // nothing to read in the second
        reader.notifyNoMoreSplits();
        readToTheEnd(2);
        assertThat(output.getEmittedRecords()).containsExactly("a", "b");
        assertThat(reader.snapshotState(1)).containsExactlyInAnyOrder(readTo(0, 2), queue(1, 0));
        reader.notifyCheckpointComplete(1);
        reader.close(); // as Flink does then
        reader = null;
        assertThat(server.committed(group(), topic, 0)).isEqualTo(2);
    }

    @Test
    void theEndIsCommittedThoughACheckpointOfBeforeCompletesBehindIt() throws Exception {
        open(1);
        send(0, "a", "b");
        begin(queue(0, 2));
        reader.notifyNoMoreSplits();
        read(1);
        reader.snapshotState(1);
        readToTheEnd(2);
        reader.notifyCheckpointComplete(1);
        awaitCommitted(1);
        reader.snapshotState(2);
        reader.notifyCheckpointComplete(2);
        reader.close(); // as Flink does then
        reader = null;
        assertThat(server.committed(group(), topic, 0)).isEqualTo(2);
    }

    /** Emits a word for each row. */
    private static final class Counted implements MessageFormat<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public int[] projection() {
            return IntStream.range(0, 50).toArray();
        }

        @Override
        public int emit(MessageBatch batch, int message, SourceOutput<String> output) {
            assertThat(batch.array().length).isLessThan(2 << 20);
            for (int i = 0; i < batch.rows(message); ++i) {
                output.collect("row");
            }
            return batch.rows(message);
        }
    }

    private void openRows(long limit) throws Exception {
        topic = server.topic(1);
        TableDescription.Builder table =
                TableDescription.builder()
                        .option("connector", "mq5")
                        .option("endpoint", server.endpoint())
                        .option("topic", topic)
                        .option("consumerGroup", group())
                        .option("fieldDelimiter", ",")
                        .option("lengthCheck", "PAD");
        for (int i = 0; i < 50; ++i) {
            table.physical("c" + i, "INT");
        }
        reader = Readers.create(table.build(), new Counted(), limit, flink);
    }

    /** 20,000 rows of more than 400 bytes are eight pieces. */
    @Test
    void aPositionNeverStandsInsideAMessageThatComesInPieces() throws Exception {
        openRows(Long.MAX_VALUE);
        send(0, "1\n".repeat(20_000), "2\n", "x\n".repeat(20_000) + "3\n"); // of the last, one row
        begin(queue(0, QueueRange.NO_STOP));
        reader.snapshotState(1);
        int before = 0;
        while (before < 20_002) {
            pollOnce();
            int rows = output.getEmittedRecords().size();
            long offset = reader.snapshotState(2).get(0).range().offset();
            assertThat(rows).isEqualTo(offset == 0 ? 0 : offset == 1 ? 20_000 : offset == 2 ? 20_001 : 20_002);
            reader.notifyCheckpointComplete(2);
            before = rows;
        }
    }

    /** Each change of the queues makes the fetcher hand over a batch without messages, and there is room for two. */
    @Test
    @Timeout(PATIENCE_SECONDS)
    void aMessageThatComesInPiecesEndsHoweverOftenTheFetcherWasWoken() throws Exception {
        openRows(Long.MAX_VALUE);
        send(0, "0\n", "1\n".repeat(20_000));
        begin(queue(0, QueueRange.NO_STOP));
        read(1); // the second message has begun, and waits for the first one's end
        for (int i = 0; i < 10; ++i) {
            reader.pauseOrResumeSplits(List.of(), List.of(queue(0, 0).splitId()));
            Thread.sleep(50); // until it is carried out: with less nothing is shown
        }
        read(20_001);
    }

    @Test
    void aLimitIsReachedWithinAMessageThatComesInPieces() throws Exception {
        openRows(10);
        send(0, "1\n".repeat(20_000), "2\n");
        begin(queue(0, QueueRange.NO_STOP));
        reader.notifyNoMoreSplits();
        readToTheEnd(20_000);
        assertThat(output.getEmittedRecords()).hasSize(20_000);
    }

    @Test
    void closesAtOnceThoughItWaitsAtTheBroker() throws Exception {
        open(1);
        begin(queue(0, QueueRange.NO_STOP));
        send(0, "a");
        read(1);
        reader.pollNext(output);
        long begin = System.nanoTime();
        reader.close();
        reader = null; // Flink closes a reader once
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(9)); // a poll waits for ten
    }
}
