package io.rocketlink.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Loads the native library out of the jar, once per class loader. A JVM loads a file only for one class loader, so each takes
 * a copy of its own in the temporary folder; it is deleted as soon as it is loaded, so that none is left behind however the
 * process ends. When the class loader is collected, the JVM unloads the library.
 */
final class NativeLibrary {
    private static final String RESOURCE = "/native/linux-x86_64/librocketlink_jni.so";

    static {
        load();
    }

    private NativeLibrary() {}

    /** Makes sure that the library is loaded; every class with native methods calls this in its initializer. */
    static void ensureLoaded() {}

    private static void load() {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!system.equals("Linux amd64")) {
            throw new UnsatisfiedLinkError(
                    "rocketlink's native library is for Linux on x86_64 (glibc "
                            + LoadFailure.NEEDED
                            + " or newer), this is "
                            + system);
        }
        try (InputStream library = NativeLibrary.class.getResourceAsStream(RESOURCE)) {
            if (library == null) {
                throw new UnsatisfiedLinkError("the rocketlink jar holds no " + RESOURCE + ": build it with scripts/build --flink");
            }
            Path file = Files.createTempFile("rocketlink-", ".so");
            try {
                Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
                System.load(file.toString());
            } catch (UnsatisfiedLinkError refusal) {
                throw LoadFailure.of(refusal, LoadFailure.glibc());
            } finally {
                Files.delete(file);
            }
        } catch (IOException problem) {
            UnsatisfiedLinkError error =
                    new UnsatisfiedLinkError(
                            "cannot unpack rocketlink's native library into "
                                    + System.getProperty("java.io.tmpdir")
                                    + ": "
                                    + problem.getMessage());
            error.initCause(problem);
            throw error;
        }
    }
}
