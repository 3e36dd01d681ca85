package io.rocketlink.flink.datastream;

import io.rocketlink.client.TableDescription;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/** The connector's options by name, gathered by a builder; names count without regard to case, the last value wins. */
final class Options implements Serializable {
    private static final long serialVersionUID = 1L;

    private final TreeMap<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    Options(String connector) {
        set("connector", connector);
    }

    /** Null and empty take an option away, as programs pass constants that are empty where there is nothing to say. */
    void set(String name, Object value) {
        if (value == null || value.toString().isEmpty()) {
            values.remove(name);
        } else {
            values.put(name, value.toString());
        }
    }

    void setAll(Map<String, String> options) {
        options.forEach(this::set);
    }

    String get(String name) {
        return values.get(name);
    }

    /** Messages as they are, without columns but the body. */
    TableDescription table() {
        return TableDescription.builder().options(values).physical("body", "BYTES").build();
    }

    /**
     * The same, checked.
     *
     * @throws IllegalArgumentException that names all that is wrong
     */
    TableDescription checked(boolean source) {
        TableDescription table = table();
        var problems = table.problems(source, !source);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        return table;
    }
}
