package io.rocketlink.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in plain words why the system does not load the native library. */
final class LoadFailure {
    /** The oldest glibc that the library runs with. */
    static final String NEEDED = "2.28";

    private static final String NEEDS = "rocketlink's native library needs glibc " + NEEDED + " or newer, and ";
    private static final Pattern MAPPED = Pattern.compile("(/\\S+/libc(?:\\.so\\.6|-2\\.\\d+\\.so))$");
    private static final Pattern VERSION = Pattern.compile("GNU C Library [^\\n]*version (\\d+\\.\\d+)");

    private LoadFailure() {}

    /** {@code glibc}: its version here; null: this machine's C library is another one. */
    static UnsatisfiedLinkError of(UnsatisfiedLinkError refusal, String glibc) {
        String words = String.valueOf(refusal.getMessage());
        String why = "rocketlink's native library cannot be loaded";
        if (glibc == null) {
            why = NEEDS + "this machine's C library is another one";
        } else if (words.contains("GLIBC_")) {
            why = NEEDS + "this machine has " + glibc;
        } else if (words.contains("failed to map segment")) {
            String folder = System.getProperty("java.io.tmpdir");
            why += " from " + folder + ", which may be mounted noexec: set java.io.tmpdir to another folder";
        }
        UnsatisfiedLinkError error = new UnsatisfiedLinkError(why + " (" + words + ")");
        error.initCause(refusal);
        return error;
    }

    /** The version of the glibc that this process runs on; null: it runs on none. */
    static String glibc() {
        try {
            for (String mapping : Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)) {
                Matcher library = MAPPED.matcher(mapping);
                if (library.find()) {
                    Matcher version = VERSION.matcher(Files.readString(Path.of(library.group(1)), StandardCharsets.ISO_8859_1));
                    return version.find() ? version.group(1) : "one of unknown version";
                }
            }
            return null;
        } catch (IOException unknown) {
            return "one of unknown version";
        }
    }
}
