package io.rocketlink.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.rocketlink.testing.Await;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The native library goes with the class loader that brought it, as that of a job does when the job ends. */
class UnloadTest {
    private static List<URL> classPath() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls;
    }

    private static long copiesInMemory() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(mapping -> mapping.contains("/rocketlink-"))
                .map(mapping -> mapping.substring(mapping.indexOf('/')))
                .distinct()
                .count();
    }

    private static void use(long copiesBefore) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(classPath().toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Class<?> table = loader.loadClass(TableDescription.class.getName());
            assertThat((List<?>) table.getMethod("optionNames", String.class).invoke(null, "mq5")).isNotEmpty();
            assertThat(copiesInMemory()).isGreaterThan(copiesBefore); // later a collection may have come first
        }
    }

    @Test
    void itLeavesNothingInMemory() throws Exception {
        long before = copiesInMemory();
        for (int i = 0; i < 3; ++i) {
            use(before);
        }
        Await.until(
                "the unloading of the library",
                () -> {
                    System.gc();
                    return copiesInMemory() <= before;
                });
    }
}
