package io.rocketlink.flink.table;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.table.factories.FactoryUtil;

/** The option {@code format}, by which one of Flink's formats stands in for the connector's own CSV and binary. */
final class Formats {
    private Formats() {}

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
}
