package io.rocketlink.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoadFailureTest {
    private static String text(String words, String glibc) {
        return LoadFailure.of(new UnsatisfiedLinkError(words), glibc).getMessage();
    }

    @Test
    void saysWhichGlibcIsNeededAndFound() {
        String words = "/tmp/rocketlink-1.so: /lib64/libc.so.6: version `GLIBC_2.28' not found (required by /tmp/rocketlink-1.so)";
        assertThat(text(words, "2.17"))
                .isEqualTo("rocketlink's native library needs glibc 2.28 or newer, and this machine has 2.17 (" + words + ")");
        assertThat(text("ld-linux-x86-64.so.2: No such file", null))
                .startsWith("rocketlink's native library needs glibc 2.28 or newer, and this machine's C library is another one");
    }

    @Test
    void saysWhatElseMayBe() {
        assertThat(text("/tmp/rocketlink-1.so: failed to map segment from shared object", "2.36")).contains("noexec");
        assertThat(text("something new", "2.36")).isEqualTo("rocketlink's native library cannot be loaded (something new)");
    }

    @Test
    void findsTheGlibcOfThisMachine() {
        assertThat(LoadFailure.glibc()).matches("2\\.\\d+");
    }
}
