package io.rocketlink.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rocketlink.client.Message;
import io.rocketlink.client.MessageExt;
import io.rocketlink.client.MessageReader;
import io.rocketlink.client.MessageWriter;
import io.rocketlink.client.OutgoingArray;
import io.rocketlink.client.QueueFinder;
import io.rocketlink.client.RocketLinkException;
import io.rocketlink.client.TableDescription;
import io.rocketlink.testing.OnRocketMq;
import io.rocketlink.testing.TopicReader;
import java.io.File;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.BooleanType;
import org.apache.flink.table.types.logical.DateType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.FloatType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.SmallIntType;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.logical.TinyIntType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;

/** The way from Flink's rows to a real broker, and what happens when the broker is not there. */
class WriterIT extends OnRocketMq {
    private static TableDescription.Builder table(String topic) {
        return TableDescription.builder()
                .option("connector", "mq5")
                .option("endpoint", server.endpoint())
                .option("topic", topic)
                .option("producerGroup", "writers");
    }

    private static String text(MessageExt message) {
        return new String(message.getBody(), StandardCharsets.UTF_8);
    }

    private static OutgoingArray messages(int count) {
        OutgoingArray messages = new OutgoingArray();
        for (int i = 0; i < count; ++i) {
            Message message = new Message(null, "TagA", "key" + i, ("m" + i).getBytes(StandardCharsets.UTF_8));
            messages.addMessage(message, OutgoingArray.NO_TIME);
        }
        return messages;
    }

    private static List<String> bodies(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).collect(Collectors.toList());
    }

    @Test
    void rowsOfAllTypes() throws Exception {
        String topic = server.topic(1);
        LogicalType[] types = {
            new BooleanType(), new TinyIntType(), new SmallIntType(), new IntType(), new BigIntType(), new FloatType(),
            new DoubleType(), new DecimalType(10, 2), new DecimalType(38, 10), new VarCharType(VarCharType.MAX_LENGTH),
            new VarBinaryType(VarBinaryType.MAX_LENGTH), new DateType(), new TimeType(3), new TimestampType(3),
            new TimestampType(9), new LocalZonedTimestampType(6), new VarCharType(VarCharType.MAX_LENGTH)
        };
        TableDescription.Builder table = table(topic).option("fieldDelimiter", "|").option("timeZone", "Asia/Tokyo");
        for (int i = 0; i < types.length - 1; ++i) {
            table.physical("c" + i, types[i].asSerializableString());
        }
        table.metadata("k", "VARCHAR", "keys", false).metadata("place", "BIGINT", "queue-offset", true);
        int[] fields = IntStream.rangeClosed(0, types.length).map(i -> i == types.length ? -1 : i).toArray();
        GenericRowData row =
                GenericRowData.of(
                        true, (byte) -1, (short) -2, -3, Long.MIN_VALUE, 0.1f, 1e20,
                        DecimalData.fromBigDecimal(new BigDecimal("-0.05"), 10, 2),
                        DecimalData.fromBigDecimal(new BigDecimal("-1234567890123456789012345678.0123456789"), 38, 10),
                        StringData.fromString("längerer Text 🚀"), new byte[] {'a', 'b'}, -1, 3_723_004,
                        TimestampData.fromLocalDateTime(LocalDateTime.parse("1969-12-31T23:59:59.999")),
                        TimestampData.fromLocalDateTime(LocalDateTime.parse("2024-02-29T12:00:00.123456789")),
                        TimestampData.fromInstant(Instant.parse("2024-01-01T00:00:00.000001Z")),
                        StringData.fromString("k1 k2"));
        RecordEncoder<RowData> encoder = new RowEncoder(types, fields);
        encoder.open((SerializationSchema.InitializationContext) null);
        OutgoingArray rows = new OutgoingArray();
        encoder.encode(row, null, rows);
        encoder.encode(new GenericRowData(types.length), 5L, rows);
        try (MessageWriter writer = new MessageWriter(table.build(), fields, 1);
                TopicReader reader = new TopicReader(server, "mq5", topic)) {
            writer.writeRows(rows);
            writer.flush();
            List<MessageExt> stored = reader.take(2);
            assertThat(stored).hasSize(2);
            assertThat(text(stored.get(0)))
                    .isEqualTo(
                            "true|-1|-2|-3|-9223372036854775808|0.1|1e+20|-0.05|-1234567890123456789012345678.0123456789"
                                    + "|längerer Text 🚀|ab|1969-12-31|01:02:03.004|1969-12-31 23:59:59.999"
                                    + "|2024-02-29 12:00:00.123456789|2024-01-01 09:00:00.000001");
            assertThat(stored.get(0).getKeys()).isEqualTo("k1 k2");
            assertThat(text(stored.get(1))).isEqualTo("|".repeat(types.length - 2));
            assertThat(stored.get(1).getKeys()).isNull();
            assertThat(writer.stats().messagesAcknowledged()).isEqualTo(2);
        }
    }

    @Test
    void messagesWithWhatTheyCarry() throws Exception {
        String topic = server.topic(4);
        Message message = new Message("elsewhere", "TagA", "k1", new byte[0]);
        message.putUserProperty("shop", "näher");
        message.putUserProperty("UNIQ_KEY", "theirs");
        OutgoingArray out = new OutgoingArray();
        out.addMessage(message, OutgoingArray.NO_TIME);
        for (int i = 0; i < 20; ++i) {
            Message ordered = new Message(null, ("o" + i).getBytes(StandardCharsets.UTF_8));
            ordered.setShardingKey("same");
            out.addMessage(ordered, OutgoingArray.NO_TIME);
        }
        try (MessageWriter writer = new MessageWriter(table(topic).physical("body", "BYTES").build(), null, 1);
                TopicReader reader = new TopicReader(server, "mq5", topic)) {
            writer.writeMessages(out);
            writer.flush();
            List<MessageExt> stored = reader.take(21);
            MessageExt first = stored.stream().filter(one -> one.getBody().length == 0).findFirst().orElseThrow();
            assertThat(first.getTopic()).isEqualTo(topic);
            assertThat(first.getTags()).isEqualTo("TagA");
            assertThat(first.getKeys()).isEqualTo("k1");
            assertThat(first.getUserProperty("shop")).isEqualTo("näher");
            assertThat(first.getMsgId()).hasSize(32).isEqualTo(first.getUniqueKey()).isNotEqualTo("theirs");
            assertThat(first.getBrokerName()).isEqualTo("broker-a");
            List<MessageExt> ordered = stored.stream().filter(one -> one.getBody().length > 0).collect(Collectors.toList());
            assertThat(ordered.stream().map(MessageExt::getQueueId).distinct()).hasSize(1);
            assertThat(ordered.stream().map(WriterIT::text))
                    .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "o" + i).collect(Collectors.toList()));
        }
    }

    @Test
    void deliveryCountsFromTheEventTime() throws Exception {
        String topic = server.topic(1);
        long eventTime = System.currentTimeMillis() + 1000;
        TableDescription table =
                table(topic)
                        .option("deliveryTimestampMode", "relative")
                        .option("deliveryTimestampType", "event_time")
                        .option("deliveryTimestampValue", "1500")
                        .physical("b", "BYTES")
                        .build();
        OutgoingArray message = new OutgoingArray();
        message.addMessage(new Message(null, "a message".getBytes(StandardCharsets.UTF_8)), eventTime);
        OutgoingArray row = new OutgoingArray();
        RecordEncoder<RowData> encoder = new RowEncoder(new LogicalType[] {new VarBinaryType(VarBinaryType.MAX_LENGTH)}, new int[] {0});
        encoder.open((SerializationSchema.InitializationContext) null);
        encoder.encode(GenericRowData.of("a row".getBytes(StandardCharsets.UTF_8)), eventTime, row);
        OutgoingArray timeless = new OutgoingArray();
        encoder.encode(GenericRowData.of(new byte[] {1}), null, timeless);
        try (MessageWriter writer = new MessageWriter(table, new int[] {0}, 1);
                TopicReader reader = new TopicReader(server, "mq5", topic)) {
            writer.writeMessages(message);
            writer.writeRows(row);
            writer.flush();
            List<MessageExt> stored = reader.take(2);
            assertThat(stored.stream().map(WriterIT::text)).containsExactlyInAnyOrder("a message", "a row");
            assertThat(stored)
                    .allSatisfy(one -> assertThat(one.getStoreTimestamp()).isBetween(eventTime + 1500, eventTime + 60_000));
            assertThatThrownBy(
                            () -> {
                                writer.writeRows(timeless);
                                writer.flush();
                            })
                    .hasMessageContaining("a row has no event time");
        }
    }

    /** Forty calls a second for four writers are ten for each. */
    @Test
    void writersShareTheBudgetOfCalls() throws Exception {
        TableDescription table = table(server.topic(1)).option("max-api-calls-per-second", "40").physical("b", "BYTES").build();
        long alone = nanosForTwentyCalls(table, 1);
        long shared = nanosForTwentyCalls(table, 4);
        assertThat(alone).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(375));
        assertThat(shared).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1800));
    }

    private static long nanosForTwentyCalls(TableDescription table, int writers) throws Exception {
        try (MessageWriter writer = new MessageWriter(table, null, writers)) {
            writer.writeMessages(messages(1)); // what is saved at the start, and the topic's configuration
            writer.flush();
            long begin = System.nanoTime();
            long before = writer.stats().apiCalls();
            while (writer.stats().apiCalls() < before + 20) {
                writer.writeMessages(messages(1));
                writer.flush();
            }
            return System.nanoTime() - begin;
        }
    }

    @Test
    void readersShareTheBudgetOfCalls() throws Exception {
        TableDescription table =
                TableDescription.builder()
                        .option("connector", "mq")
                        .option("endpoint", server.endpoint())
                        .option("topic", server.topic(1))
                        .option("consumerGroup", "readers")
                        .option("pullIntervalMs", "1")
                        .option("max-api-calls-per-second", "40")
                        .physical("b", "BYTES")
                        .build();
        try (QueueFinder finder = new QueueFinder(table, List.of());
                MessageReader reader = new MessageReader(table, null, 4)) {
            reader.add(finder.discover());
            long begin = System.nanoTime();
            while (reader.stats().apiCalls() < 20) {
                assertThat(reader.poll(50, 1 << 20)).isNull();
            }
            assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1700));
        }
    }

    @Test
    void separatorsInPropertiesAreRefused() {
        Message message = new Message(null, new byte[] {1});
        message.putUserProperty("shop", "north\u0002west");
        assertThatThrownBy(() -> new OutgoingArray().addMessage(message, OutgoingArray.NO_TIME))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shop");
    }

    /** The checkpoint waits, and holds, through the death of the broker. */
    @Test
    void aFlushOutlivesTheDeathOfTheBroker() throws Exception {
        String topic = server.topic(4);
        TableDescription table = table(topic).option("sleepTimeMs", "200").option("retryTimes", "500").physical("b", "BYTES").build();
        try (MessageWriter writer = new MessageWriter(table, null, 1)) {
            writer.writeMessages(messages(10));
            writer.flush();
            server.run("kill-broker");
            CompletableFuture<Void> flushed;
            try {
                // More than are taken before some are acknowledged.
                flushed =
                        inBackground(
                                () -> {
                                    writer.writeMessages(messages(2000));
                                    writer.flush();
                                });
                assertThatThrownBy(() -> flushed.get(500, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
            } finally {
                server.run("start-broker");
            }
            flushed.get(180, TimeUnit.SECONDS);
            assertThat(writer.stats().retries()).isPositive();
            try (TopicReader reader = new TopicReader(server, "mq5", topic)) {
                assertThat(reader.take(2010).stream().map(WriterIT::text).distinct())
                        .containsExactlyInAnyOrderElementsOf(bodies(2000));
            }
        }
    }

    /** A row that finds no room is made a message anew, every 50 ms. */
    @Test
    void aDelimiterInAFieldIsCountedOnceHoweverLongTheRowWaits() throws Exception {
        TableDescription table =
                table(server.topic(1))
                        .option("fieldDelimiter", "|")
                        .option("sleepTimeMs", "200")
                        .option("retryTimes", "500")
                        .physical("a", "STRING")
                        .physical("b", "STRING")
                        .build();
        RecordEncoder<RowData> encoder =
                new RowEncoder(new LogicalType[] {VarCharType.STRING_TYPE, VarCharType.STRING_TYPE}, new int[] {0, 1});
        encoder.open((SerializationSchema.InitializationContext) null);
        OutgoingArray rows = new OutgoingArray();
        int count = 40; // of 1 MiB: more than a sink's window of 32 MiB
        StringData large = StringData.fromString("x".repeat(1 << 20));
        for (int i = 0; i < count; ++i) {
            encoder.encode(GenericRowData.of(StringData.fromString("a|b"), large), null, rows);
        }
        try (MessageWriter writer = new MessageWriter(table, new int[] {0, 1}, 1)) {
            server.run("kill-broker");
            CompletableFuture<Void> written;
            try {
                written = inBackground(() -> writer.writeRows(rows));
                assertThatThrownBy(() -> written.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            } finally {
                server.run("start-broker");
            }
            written.get(180, TimeUnit.SECONDS);
            assertThat(writer.stats().delimiterConflicts()).isEqualTo(count);
        }
    }

    @Test
    void theFirstErrorIsThrownByFlushAndEverAfter() throws Exception {
        String topic = server.topic(1);
        try (MessageWriter writer = new MessageWriter(table(topic).physical("b", "BYTES").build(), null, 1)) {
            OutgoingArray tooLarge = new OutgoingArray();
            tooLarge.addMessage(new Message(null, new byte[5 * 1024 * 1024]), OutgoingArray.NO_TIME);
            writer.writeMessages(tooLarge);
            for (int i = 0; i < 2; ++i) {
                assertThatThrownBy(writer::flush)
                        .isInstanceOf(RocketLinkException.class)
                        .hasMessageContaining("maxMessageSize")
                        .hasMessageContaining(topic);
            }
            assertThatThrownBy(() -> writer.writeMessages(messages(1))).isInstanceOf(RocketLinkException.class);
            assertThat(writer.stats().messagesFailed()).isEqualTo(1);
        }
    }

    /** As Flink interrupts a task's thread when its job is cancelled. */
    @Test
    void anInterruptEndsAWaitingFlushAndCloseLeavesNothing() throws Exception {
        String topic = server.topic(4);
        TableDescription table = table(topic).option("retryTimes", "1000").physical("b", "BYTES").build();
        int loops = eventLoops();
        MessageWriter writer = new MessageWriter(table, null, 1);
        server.run("kill-broker");
        try {
            writer.writeMessages(messages(50)); // as many are taken before the first is acknowledged
            Thread task =
                    new Thread(
                            () -> {
                                try {
                                    writer.flush();
                                } catch (RocketLinkException | InterruptedException ended) {
                                    return;
                                }
                                throw new IllegalStateException("flush returned though no broker is there");
                            });
            task.start();
            task.join(300);
            assertThat(task.isAlive()).isTrue();
            task.interrupt();
            task.join(60_000);
            assertThat(task.isAlive()).isFalse();
            long begin = System.nanoTime();
            writer.close();
            writer.close();
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(8)); // an answer is waited for ten
            assertThatThrownBy(writer::flush).isInstanceOf(RocketLinkException.class).hasMessageContaining("closed");
        } finally {
            server.run("start-broker");
        }
        assertThat(eventLoops()).isEqualTo(loops);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> inBackground(Work work) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        work.run();
                    } catch (Exception problem) {
                        throw new IllegalStateException(problem);
                    }
                });
    }

    @Test
    void writersLeaveNoThreadAndNoFile() throws Exception {
        String topic = server.topic(1);
        TableDescription table = table(topic).physical("b", "BYTES").build();
        int loops = eventLoops();
        int threads = new File("/proc/self/task").list().length;
        for (int i = 0; i < 30; ++i) {
            try (MessageWriter writer = new MessageWriter(table, null, 1)) {
                assertThat(eventLoops()).isEqualTo(loops + 1);
                writer.writeMessages(messages(3));
                if (i % 2 == 0) {
                    writer.flush();
                }
            }
        }
        assertThat(eventLoops()).isEqualTo(loops);
        assertThat(new File("/proc/self/task").list().length).isLessThan(threads + 15); // the JVM's own come and go
    }

    /** Each I/O thread of the native library waits on one. */
    private static int eventLoops() throws Exception {
        int count = 0;
        for (File descriptor : new File("/proc/self/fd").listFiles()) {
            try {
                if (Files.readSymbolicLink(descriptor.toPath()).toString().equals("anon_inode:[eventpoll]")) {
                    ++count;
                }
            } catch (NoSuchFileException gone) {
                // closed meanwhile
            }
        }
        return count;
    }
}
