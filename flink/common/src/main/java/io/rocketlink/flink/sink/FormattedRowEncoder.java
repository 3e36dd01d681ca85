package io.rocketlink.flink.sink;

import io.rocketlink.client.OutgoingArray;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.logical.LogicalType;

/** Bodies by one of Flink's formats; what else the core needs of a row (keys, tags, partition) goes along as a row. */
final class FormattedRowEncoder implements RecordEncoder<RowData> {
    private static final long serialVersionUID = 1L;

    private final SerializationSchema<RowData> format;
    private final LogicalType[] physical;
    private final int[] positions;
    private final LogicalType[] types;
    private transient RowData.FieldGetter[] bodyFields;
    private transient RowData.FieldGetter[] others;
    private transient RowDataSerializer serializer;
    private transient GenericRowData othersRow;

    FormattedRowEncoder(
            SerializationSchema<RowData> format, LogicalType[] physical, int[] positions, LogicalType[] types) {
        this.format = format;
        this.physical = physical;
        this.positions = positions;
        this.types = types;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context) throws Exception {
        format.open(context);
        bodyFields =
                IntStream.range(0, physical.length)
                        .mapToObj(i -> RowData.createFieldGetter(physical[i], i))
                        .toArray(RowData.FieldGetter[]::new);
        others =
                IntStream.range(0, types.length)
                        .mapToObj(i -> RowData.createFieldGetter(types[i], positions[i]))
                        .toArray(RowData.FieldGetter[]::new);
        serializer = new RowDataSerializer(types);
        othersRow = new GenericRowData(types.length);
    }

    /** The table's first column is the body, which no row holds. */
    @Override
    public int[] fields() {
        return IntStream.range(-1, types.length).toArray();
    }

    @Override
    public void encode(RowData row, Long timestamp, OutgoingArray out) {
        byte[] body = format.serialize(bodyOf(row));
        for (int i = 0; i < others.length; ++i) {
            othersRow.setField(i, others[i].getFieldOrNull(row));
        }
        RowEncoder.add(serializer.toBinaryRow(othersRow), body == null ? new byte[0] : body, timestamp, out);
    }

    private RowData bodyOf(RowData row) {
        if (row.getArity() == physical.length) {
            return row;
        }
        GenericRowData fields = new GenericRowData(row.getRowKind(), physical.length);
        for (int i = 0; i < physical.length; ++i) {
            fields.setField(i, bodyFields[i].getFieldOrNull(row));
        }
        return fields;
    }
}
