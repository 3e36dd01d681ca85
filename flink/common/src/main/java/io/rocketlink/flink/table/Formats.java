package io.rocketlink.flink.table;

import io.rocketlink.client.TableDescription;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.FormatFactory;
import org.apache.flink.table.factories.SerializationFormatFactory;

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

    /** What is wrong with the options of the table's format, as far as Flink does not look: the format itself sees its own only. */
    static List<String> problems(DynamicTableFactory.Context context) {
        Map<String, String> options = context.getCatalogTable().getOptions();
        List<String> problems = new ArrayList<>();
        String format = options.get(FactoryUtil.FORMAT.key());
        if (format == null) {
            options.keySet().stream()
                    .filter(FactoryUtil.FORMAT.key()::equalsIgnoreCase)
                    .forEach(name -> problems.add("option '" + name + "': Flink knows it in small letters alone, 'format'"));
            return problems;
        }
        Set<String> known = new TreeSet<>();
        Set<String> knownBeginnings = new TreeSet<>();
        for (FormatFactory factory : factories(format, context.getClassLoader())) {
            for (ConfigOption<?> option : allOptions(factory)) {
                known.add(format + "." + option.key());
                option.fallbackKeys().forEach(other -> known.add(format + "." + other.getKey()));
                if (ConfigurationUtils.canBePrefixMap(option)) {
                    knownBeginnings.add(format + "." + option.key() + ".");
                }
            }
        }
        for (String name : options.keySet()) {
            boolean ofTheFormat = name.startsWith(format + ".");
            if (ofTheFormat && !known.contains(name) && knownBeginnings.stream().noneMatch(name::startsWith)) {
                problems.add(
                        "unknown option '"
                                + name
                                + "'; "
                                + TableDescription.nearestName(name, known)
                                        .map(near -> "did you mean '" + near + "'?")
                                        .orElse("Flink's documentation has those of the format '" + format + "'"));
            }
        }
        return problems;
    }

    /** That reads and that writes: a table may be used both ways, and a format may be for one. */
    private static List<FormatFactory> factories(String format, ClassLoader loader) {
        List<FormatFactory> factories = new ArrayList<>();
        for (Class<? extends FormatFactory> type :
                List.of(DeserializationFormatFactory.class, SerializationFormatFactory.class)) {
            try {
                factories.add(FactoryUtil.discoverFactory(loader, type, format));
            } catch (ValidationException none) {
                // The other one is there, or Flink has refused the format already.
            }
        }
        return factories;
    }

    private static Set<ConfigOption<?>> allOptions(FormatFactory factory) {
        Set<ConfigOption<?>> options = new HashSet<>(factory.requiredOptions());
        options.addAll(factory.optionalOptions());
        return options;
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
