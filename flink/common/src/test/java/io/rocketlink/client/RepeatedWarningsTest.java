package io.rocketlink.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class RepeatedWarningsTest {
    private final List<String> lines = new ArrayList<>();
    private final Logger log =
            (Logger)
                    Proxy.newProxyInstance(
                            Logger.class.getClassLoader(),
                            new Class<?>[] {Logger.class},
                            (proxy, method, arguments) -> lines.add(method.getName() + " " + arguments[0]));

    @Test
    void ofAKindOneIsWrittenAndANewKindAtOnce() {
        try (RepeatedWarnings warnings = new RepeatedWarnings()) {
            for (int i = 0; i < 10; ++i) {
                warnings.warn(log, "commit -3", "no answer within " + i + " ms");
                warnings.warn(log, "commit -4", "closed ä");
            }
        }
        assertThat(lines).containsExactly("warn no answer within 0 ms", "warn closed ä");
    }

    @Test
    void whoeverHasClosedThemIsQuiet() {
        RepeatedWarnings warnings = new RepeatedWarnings();
        warnings.close();
        warnings.warn(log, "late", "late");
        assertThat(lines).isEmpty();
    }
}
