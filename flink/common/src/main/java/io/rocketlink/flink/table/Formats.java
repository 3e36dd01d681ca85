package io.rocketlink.flink.table;

import io.rocketlink.client.TableDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.factories.FactoryUtil;

/** The option {@code format}, by which one of Flink's formats stands in for the connector's own CSV and binary. */
final class Formats {
    /**
     * Those whose bodies say which column a value is of. Flink calls {@code avro} projectable as well, and then reads the first
     * wanted column where the first one was written.
     */
    private static final Set<String> PROJECTING = Set.of("json", "csv");

    private Formats() {}

    /** Whether a table's format can be told to read some columns only. */
    static boolean projects(Map<String, String> options) {
        return PROJECTING.contains(options.getOrDefault(FactoryUtil.FORMAT.key(), ""));
    }

    /** The connector's options: without {@code format} and that format's own, which begin with its name and a point. */
    static Map<String, String> withoutFormat(Map<String, String> options) {
        String format = options.get(FactoryUtil.FORMAT.key());
        if (format == null) {
            return options;
        }
        Map<String, String> own = new LinkedHashMap<>(options);
        own.remove(FactoryUtil.FORMAT.key());
        own.keySet().removeIf(name -> name.startsWith(format + "."));
        return own;
    }

    /** A source's table as native code is told about it when a format reads the bodies: a body, and the metadata columns. */
    static TableDescription describeBody(Map<String, String> options, List<Column> columns) {
        TableDescription.Builder table = TableDescription.builder().options(options).physical(bodyName(columns), "BYTES");
        columns.stream().filter(column -> !column.isPhysical()).forEach(column -> TableColumns.add(table, column));
        return table.build();
    }

    /** One that no column has. */
    static String bodyName(List<Column> columns) {
        String name = "body";
        while (taken(name, columns)) {
            name = "_" + name;
        }
        return name;
    }

    private static boolean taken(String name, List<Column> columns) {
        return columns.stream().anyMatch(column -> column.getName().equals(name));
    }
}
