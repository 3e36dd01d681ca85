package io.rocketlink.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Test;

/** The options that the factories tell Flink are those of docs/options.md, which is generated from the core's registry. */
class FactoryOptionsTest {
    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| ([^|]+) \\|", Pattern.MULTILINE);

    private static Set<String> documented(String connector) throws Exception {
        String text = Files.readString(Path.of("../../docs/options.md"));
        Set<String> names = new TreeSet<>();
        for (Matcher row = ROW.matcher(text); row.find(); ) {
            if (Set.of(row.group(2).trim().split(", ")).contains(connector)) {
                names.add(row.group(1));
            }
        }
        return names;
    }

    private static Set<String> known(MessageTableFactory factory) {
        assertThat(factory.requiredOptions()).isEmpty();
        return factory.optionalOptions().stream().map(ConfigOption::key).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theFactoriesKnowTheOptionsOfTheRegistry() throws Exception {
        assertThat(known(new MqTableFactory())).isEqualTo(documented("mq")).contains("pullIntervalMs", "instanceID");
        assertThat(known(new Mq5TableFactory())).isEqualTo(documented("mq5")).doesNotContain("pullIntervalMs", "instanceID");
    }
}
