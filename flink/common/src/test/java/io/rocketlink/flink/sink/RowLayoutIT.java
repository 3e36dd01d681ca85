package io.rocketlink.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rocketlink.client.MessageBatch;
import io.rocketlink.client.MessageReader;
import io.rocketlink.client.MessageWriter;
import io.rocketlink.client.OutgoingArray;
import io.rocketlink.client.QueueFinder;
import io.rocketlink.client.TableDescription;
import io.rocketlink.testing.OnRocketMq;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
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

/**
 * Rows as Flink writes them are read by native code, and rows that native code writes by Flink: the bytes of both are the
 * same, and so is what Flink's getters say.
 */
class RowLayoutIT extends OnRocketMq {
    private static final LogicalType TEXT = new VarCharType(VarCharType.MAX_LENGTH);

    /** {@code more}: names and values of options. */
    private static TableDescription table(String topic, LogicalType[] types, String... more) {
        TableDescription.Builder table =
                TableDescription.builder()
                        .option("connector", "mq5")
                        .option("endpoint", server.endpoint())
                        .option("topic", topic)
                        .option("fieldDelimiter", "|");
        for (int i = 0; i < more.length; i += 2) {
            table.option(more[i], more[i + 1]);
        }
        for (int i = 0; i < types.length; ++i) {
            table.physical("c" + i, types[i].asSerializableString());
        }
        return table.build();
    }

    private static void write(String topic, LogicalType[] types, List<RowData> rows) throws Exception {
        int[] fields = IntStream.range(0, types.length).toArray();
        RowEncoder encoder = new RowEncoder(types, fields);
        encoder.open((SerializationSchema.InitializationContext) null);
        OutgoingArray array = new OutgoingArray();
        for (RowData row : rows) {
            encoder.encode(row, null, array);
        }
        try (MessageWriter writer = new MessageWriter(table(topic, types, "producerGroup", "writers"), fields, 1)) {
            writer.writeRows(array);
            writer.flush();
        }
    }

    /** Of the wanted columns, in their order. */
    private static List<BinaryRowData> read(String topic, LogicalType[] types, int[] projection, int count) throws Exception {
        TableDescription table =
                table(topic, types, "consumerGroup", "g", "scan.startup.mode", "earliest", "lengthCheck", "PAD");
        List<BinaryRowData> rows = new ArrayList<>();
        try (QueueFinder finder = new QueueFinder(table, List.of());
                MessageReader reader = new MessageReader(table, projection, 1)) {
            reader.add(finder.discover());
            long end = System.nanoTime() + 180_000_000_000L;
            while (rows.size() < count && System.nanoTime() < end) {
                MessageBatch batch = reader.poll(200, 1 << 20);
                for (int message = 0; batch != null && message < batch.messages(); ++message) {
                    int position = batch.position(message);
                    for (int i = 0; i < batch.rows(message); ++i) {
                        int length = batch.length(position);
                        BinaryRowData row = new BinaryRowData(projection.length);
                        row.pointTo(MemorySegmentFactory.wrap(batch.array()), MessageBatch.begin(position), length);
                        rows.add(row.copy());
                        position = MessageBatch.begin(position) + length;
                    }
                }
            }
        }
        assertThat(rows).hasSize(count);
        return rows;
    }

    private static byte[] bytes(BinaryRowData row) {
        byte[] bytes = new byte[row.getSizeInBytes()];
        row.getSegments()[0].get(row.getOffset(), bytes);
        return bytes;
    }

    private static void sameBytes(BinaryRowData found, RowData expected, LogicalType[] types) {
        same(found, expected, types);
        assertThat(bytes(found)).isEqualTo(bytes(new RowDataSerializer(types).toBinaryRow(expected)));
    }

    private static void same(BinaryRowData found, RowData expected, LogicalType[] types) {
        for (int i = 0; i < types.length; ++i) {
            RowData.FieldGetter getter = RowData.createFieldGetter(types[i], i);
            assertThat(getter.getFieldOrNull(found)).as("field %d, %s", i, types[i]).isEqualTo(getter.getFieldOrNull(expected));
        }
    }

    private static final LogicalType[] TYPES = {
        new BooleanType(), new TinyIntType(), new SmallIntType(), new IntType(), new BigIntType(), new FloatType(),
        new DoubleType(), new DecimalType(5, 2), new DecimalType(18, 0), new DecimalType(19, 4), new DecimalType(38, 10),
        new DateType(), new TimeType(3), new TimestampType(0), new TimestampType(3), new TimestampType(6),
        new TimestampType(9), new LocalZonedTimestampType(3), new LocalZonedTimestampType(9), TEXT,
        new VarBinaryType(VarBinaryType.MAX_LENGTH)
    };

    private static DecimalData decimal(String text, int precision, int scale) {
        return DecimalData.fromBigDecimal(new BigDecimal(text), precision, scale);
    }

    private static TimestampData time(String text) {
        return TimestampData.fromLocalDateTime(LocalDateTime.parse(text));
    }

    private static final RowData ONE =
            GenericRowData.of(
                    true, (byte) -128, (short) 32767, Integer.MIN_VALUE, Long.MAX_VALUE, 0.1f, -1e300,
                    decimal("-999.99", 5, 2), decimal("999999999999999999", 18, 0), decimal("-0.0001", 19, 4),
                    decimal("-1234567890123456789012345678.0123456789", 38, 10), -719162, 86_399_999,
                    time("1969-12-31T23:59:59"), time("1969-12-31T23:59:59.999"), time("1969-12-31T23:59:59.999999"),
                    time("0001-01-01T00:00:00.000000001"), time("9999-12-31T23:59:59.999"),
                    time("2024-02-29T12:00:00.123456789"), StringData.fromString("seven b"), new byte[] {'x'});

    private static final RowData OTHER =
            GenericRowData.of(
                    false, (byte) 127, (short) -32768, 0, -1L, 0f, 0.0,
                    decimal("0.00", 5, 2), decimal("-1", 18, 0), decimal("999999999999999.9999", 19, 4),
                    decimal("0.0000000128", 38, 10), 0, 0,
                    time("1970-01-01T00:00:00"), time("1970-01-01T00:00:00.001"), time("1970-01-01T00:00:00.000001"),
                    time("1970-01-01T00:00:00"), time("1970-01-01T00:00:00"),
                    time("1969-12-31T23:59:59.000000001"), StringData.fromString("eight by"),
                    "twelve bytes".getBytes(StandardCharsets.UTF_8));

    @Test
    void everyTypeThereAndBack() throws Exception {
        String topic = server.topic(1);
        write(topic, TYPES, List.of(ONE, OTHER));
        List<BinaryRowData> rows = read(topic, TYPES, IntStream.range(0, TYPES.length).toArray(), 2);
        sameBytes(rows.get(0), ONE, TYPES);
        sameBytes(rows.get(1), OTHER, TYPES);
    }

    /** Fields that are missing at a record's end are NULL, those of text too. */
    @Test
    void nullsOfEveryType() throws Exception {
        String topic = server.topic(1);
        server.send(topic, 0, " ");
        LogicalType[] textFirst = new LogicalType[TYPES.length + 1];
        textFirst[0] = TEXT;
        System.arraycopy(TYPES, 0, textFirst, 1, TYPES.length);
        BinaryRowData row = read(topic, textFirst, IntStream.range(0, textFirst.length).toArray(), 1).get(0);
        GenericRowData expected = new GenericRowData(textFirst.length);
        expected.setField(0, StringData.fromString(" "));
        same(row, expected, textFirst);
        // Those that do not fit into their field keep room behind it, so that Flink may set them in place.
        DecimalData number = decimal("-1234567890123456789012345678.0123456789", 38, 10);
        row.setDecimal(11, number, 38);
        row.setTimestamp(17, time("2024-02-29T12:00:00.123456789"), 9);
        expected.setField(11, number);
        expected.setField(17, time("2024-02-29T12:00:00.123456789"));
        same(row, expected, textFirst);
    }

    @Test
    void aNullIsWrittenAsNothing() throws Exception {
        String topic = server.topic(1);
        write(topic, TYPES, List.of(new GenericRowData(TYPES.length)));
        GenericRowData expected = new GenericRowData(TYPES.length);
        expected.setField(19, StringData.fromString(""));
        expected.setField(20, new byte[0]);
        same(read(topic, TYPES, IntStream.range(0, TYPES.length).toArray(), 1).get(0), expected, TYPES);
    }

    @Test
    void textOfEveryLengthThatMatters() throws Exception {
        String topic = server.topic(1);
        LogicalType[] types = {TEXT, TEXT, new VarBinaryType(VarBinaryType.MAX_LENGTH), TEXT};
        List<RowData> rows = new ArrayList<>();
        for (int length : new int[] {0, 1, 6, 7, 8, 9, 15, 16, 17, 127, 128, 70_000}) {
            String text = "x".repeat(length);
            rows.add(
                    GenericRowData.of(
                            StringData.fromString(text),
                            StringData.fromString("\uD83D\uDE80é"), // six bytes
                            text.getBytes(StandardCharsets.UTF_8),
                            StringData.fromString("last")));
        }
        write(topic, types, rows);
        List<BinaryRowData> found = read(topic, types, new int[] {0, 1, 2, 3}, rows.size());
        for (int i = 0; i < rows.size(); ++i) {
            sameBytes(found.get(i), rows.get(i), types);
        }
    }

    /** More than one word of null bits, and fields in another order than the columns. */
    @Test
    void manyColumnsAndAProjection() throws Exception {
        String topic = server.topic(1);
        LogicalType[] types = new LogicalType[130];
        Arrays.fill(types, new IntType());
        GenericRowData row = new GenericRowData(types.length);
        for (int i = 0; i < types.length; i += 3) {
            row.setField(i, i);
        }
        write(topic, types, List.of(row));
        sameBytes(read(topic, types, IntStream.range(0, types.length).toArray(), 1).get(0), row, types);
        int[] backwards = IntStream.range(0, types.length).map(i -> types.length - 1 - i).limit(100).toArray();
        GenericRowData expected = new GenericRowData(backwards.length);
        for (int i = 0; i < backwards.length; ++i) {
            expected.setField(i, row.getField(backwards[i]));
        }
        sameBytes(read(topic, types, backwards, 1).get(0), expected, Arrays.copyOf(types, backwards.length));
    }
}
