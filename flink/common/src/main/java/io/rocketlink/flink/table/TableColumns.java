package io.rocketlink.flink.table;

import io.rocketlink.client.TableDescription;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.catalog.Column;

/** Columns of Flink's catalog as native code is told about them. */
final class TableColumns {
    private TableColumns() {}

    static TableDescription describe(Map<String, String> options, List<Column> columns) {
        TableDescription.Builder table = TableDescription.builder().options(options);
        columns.forEach(column -> add(table, column));
        return table.build();
    }

    static void add(TableDescription.Builder table, Column column) {
        String type = column.getDataType().getLogicalType().asSerializableString();
        if (column.isPhysical()) {
            table.physical(column.getName(), type);
        } else if (column instanceof Column.MetadataColumn) {
            table.metadata(column.getName(), type, metadataKey((Column.MetadataColumn) column), !column.isPersisted());
        }
    }

    static String metadataKey(Column.MetadataColumn column) {
        return column.getMetadataKey().orElse(column.getName());
    }
}
