package io.rocketlink.flink.sink;

import io.rocketlink.client.TableDescription;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;

/** Sinks of rows, for SQL. */
public final class RowSink {
    private RowSink() {}

    /**
     * The core makes the bodies by the table's options.
     *
     * @param types of the rows' fields
     * @param fields for each column of the table its field in the rows, -1 where it has none
     */
    public static RocketLinkSink<RowData> encoded(TableDescription table, LogicalType[] types, int[] fields) {
        return new RocketLinkSink<>(table, new RowEncoder(types, fields));
    }

    /**
     * A format of Flink's makes the bodies.
     *
     * @param table its first column is a body of BYTES that the rows do not have; then come those columns that the connector
     *     needs besides the body
     * @param physical types of the rows' physical fields, which come first and go into the body
     * @param positions of the columns behind the first in the rows
     * @param types of these columns
     */
    public static RocketLinkSink<RowData> formatted(
            TableDescription table,
            SerializationSchema<RowData> format,
            LogicalType[] physical,
            int[] positions,
            LogicalType[] types) {
        return new RocketLinkSink<>(table, new FormattedRowEncoder(format, physical, positions, types));
    }
}
