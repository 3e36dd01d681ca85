package io.rocketlink.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rocketlink.client.MessageExt;
import io.rocketlink.testing.TopicReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.rocketmq.client.producer.selector.SelectMessageQueueByHash;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** INSERT INTO tables of the connector, on a real broker. */
class TableSinkIT extends SqlJobs {
    private void create(String columns, String topic, String... more) {
        List<String> options = new ArrayList<>(List.of("producerGroup", "writers"));
        options.addAll(List.of(more));
        createTable(columns, topic, options);
    }

    private List<MessageExt> written(String insert, String topic, int count) throws Exception {
        tables.executeSql(insert).await();
        try (TopicReader reader = new TopicReader(server, "mq5", topic)) {
            return reader.take(count);
        }
    }

    private static String text(MessageExt message) {
        return new String(message.getBody(), StandardCharsets.UTF_8);
    }

    private static final String ROWS =
            "INSERT INTO t (id, k, name, label) VALUES (1, 'k1 k2', 'Ann', 'TagA'), (2, CAST(NULL AS STRING), 'Bob, the'"
                    + " || ' long one', CAST(NULL AS STRING))";

    /** Metadata between the physical columns, a virtual one among them. */
    private static final String COLUMNS =
            "id INT, k STRING METADATA FROM 'keys', place BIGINT METADATA FROM 'queue-offset' VIRTUAL, name STRING,"
                    + " label STRING METADATA FROM 'tags'";

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void rowsWithKeysAndTags(int parallelism) throws Exception {
        String topic = server.topic(2);
        create(COLUMNS, topic, "fieldDelimiter", "|", "sink.parallelism", Integer.toString(parallelism));
        List<MessageExt> written = written(ROWS, topic, 2);
        assertThat(written.stream().map(TableSinkIT::text)).containsExactlyInAnyOrder("1|Ann", "2|Bob, the long one");
        MessageExt ann = written.stream().filter(message -> text(message).startsWith("1")).findFirst().orElseThrow();
        assertThat(ann.getKeys()).isEqualTo("k1 k2");
        assertThat(ann.getTags()).isEqualTo("TagA");
        MessageExt bob = written.stream().filter(message -> text(message).startsWith("2")).findFirst().orElseThrow();
        assertThat(bob.getKeys()).isNull();
        assertThat(bob.getTags()).isNull();
    }

    @Test
    void bytesAsTheyAre() throws Exception {
        String topic = server.topic(1);
        create("body BYTES", topic);
        List<MessageExt> written = written("INSERT INTO t VALUES (x'00ff01'), (x'')", topic, 2);
        assertThat(written.stream().map(message -> message.getBody().length)).containsExactlyInAnyOrder(3, 0);
    }

    @Test
    void oneValueOfThePartitionFieldOneQueue() throws Exception {
        String topic = server.topic(4);
        create("id INT, shop STRING", topic, "partitionField", "shop", "fieldDelimiter", ",");
        String rows =
                java.util.stream.IntStream.range(0, 60)
                        .mapToObj(i -> "(" + i + ", 'shop " + i % 3 + "')")
                        .collect(Collectors.joining(", "));
        Map<String, List<Integer>> queues =
                written("INSERT INTO t VALUES " + rows, topic, 60).stream()
                        .collect(
                                Collectors.groupingBy(
                                        message -> text(message).split(",")[1],
                                        Collectors.mapping(MessageExt::getQueueId, Collectors.toList())));
        assertThat(queues).hasSize(3);
        queues.forEach((shop, ids) -> assertThat(ids.stream().distinct()).hasSize(1));
        queues.forEach((shop, ids) -> assertThat(ids.get(0)).isEqualTo(javasQueue(shop, 4)));
    }

    /** By RocketMQ's own class; the hash of {@code order-1} is negative, that of the long word Integer.MIN_VALUE. */
    @ParameterizedTest
    @ValueSource(ints = {3, 7})
    void aPartitionTextGoesWhereJavaProducersSendIt(int queues) throws Exception {
        String topic = server.topic(queues);
        create("shop STRING", topic, "partitionField", "shop", "fieldDelimiter", ",");
        List<String> texts = new ArrayList<>(List.of("order-1", "polygenelubricants", "north"));
        for (int i = 0; i < 100; ++i) {
            texts.add("shop number " + i * 7919L);
        }
        String rows = texts.stream().map(text -> "('" + text + "')").collect(Collectors.joining(", "));
        for (MessageExt message : written("INSERT INTO t VALUES " + rows, topic, texts.size())) {
            assertThat(message.getQueueId()).as(text(message)).isEqualTo(javasQueue(text(message), queues));
        }
    }

    private static int javasQueue(String text, int queues) {
        List<MessageQueue> all = new ArrayList<>();
        for (int i = 0; i < queues; ++i) {
            all.add(new MessageQueue("topic", "broker", i));
        }
        return new SelectMessageQueueByHash().select(all, null, text).getQueueId();
    }

    @Test
    void aFormatMakesTheBody() throws Exception {
        String topic = server.topic(4);
        create(
                "id INT, k STRING METADATA FROM 'keys', tags ARRAY<STRING>, shop STRING",
                topic,
                "format",
                "json",
                "json.encode.decimal-as-plain-number",
                "true",
                "partitionField",
                "shop");
        List<MessageExt> written =
                written("INSERT INTO t VALUES (1, 'k1', ARRAY['a', 'b'], 'north'), (2, 'k2', ARRAY['c'], 'north')", topic, 2);
        assertThat(written.stream().map(TableSinkIT::text))
                .containsExactly(
                        "{\"id\":1,\"tags\":[\"a\",\"b\"],\"shop\":\"north\"}", "{\"id\":2,\"tags\":[\"c\"],\"shop\":\"north\"}");
        assertThat(written.stream().map(MessageExt::getKeys)).containsExactly("k1", "k2");
        assertThat(written.get(0).getQueueId()).isEqualTo(javasQueue("north", 4));
    }

    @Test
    void aFormatOfChangesTakesUpdates() throws Exception {
        String topic = server.topic(1);
        create("shop STRING, total BIGINT", topic, "format", "debezium-json");
        List<MessageExt> written =
                written(
                        "INSERT INTO t SELECT shop, COUNT(*) FROM (VALUES ('a'), ('b'), ('a')) AS s (shop) GROUP BY shop", topic, 4);
        assertThat(written.stream().map(TableSinkIT::text))
                .containsExactlyInAnyOrder(
                        "{\"before\":null,\"after\":{\"shop\":\"a\",\"total\":1},\"op\":\"c\"}",
                        "{\"before\":null,\"after\":{\"shop\":\"b\",\"total\":1},\"op\":\"c\"}",
                        "{\"before\":{\"shop\":\"a\",\"total\":1},\"after\":null,\"op\":\"d\"}",
                        "{\"before\":null,\"after\":{\"shop\":\"a\",\"total\":2},\"op\":\"c\"}");
    }

    @Test
    void updatesAreRefusedAtPlanning() {
        create("shop STRING, total BIGINT", server.topic(1));
        assertThatThrownBy(
                        () ->
                                tables.executeSql(
                                        "INSERT INTO t SELECT shop, COUNT(*) FROM (VALUES ('a'), ('b')) AS s (shop) GROUP BY"
                                                + " shop"))
                .hasMessageContaining("doesn't support consuming update changes")
                .hasMessageContaining("t");
    }

    /** Rows of VALUES have no event time, however often the job begins anew. */
    @Test
    @Timeout(300)
    void whatCanNeverBeWrittenFailsTheJobForGood() {
        tables.getConfig().set("restart-strategy.type", "fixed-delay");
        tables.getConfig().set("restart-strategy.fixed-delay.attempts", "1000000");
        tables.getConfig().set("restart-strategy.fixed-delay.delay", "100 ms");
        create(
                "id INT",
                server.topic(1),
                "deliveryTimestampMode",
                "relative",
                "deliveryTimestampType",
                "event_time",
                "deliveryTimestampValue",
                "1000");
        assertThatThrownBy(() -> tables.executeSql("INSERT INTO t VALUES (1)").await())
                .hasStackTraceContaining("io.rocketlink.flink.FinalFailure: ")
                .hasStackTraceContaining("a row has no event time");
    }

    @Test
    void whatIsWrongIsSaidAtPlanning() {
        create("id INT, a ARRAY<INT>", "orders", "tag", "TagA", "retryTime", "3");
        assertThatThrownBy(() -> tables.executeSql("INSERT INTO t VALUES (1, ARRAY[1])"))
                .hasStackTraceContaining("table default_catalog.default_database.t: ")
                .hasStackTraceContaining("did you mean 'retryTimes'?")
                .hasStackTraceContaining("column 'a'")
                .hasStackTraceContaining("METADATA"); // the tag option in a mq5 sink
    }
}
