package io.rocketlink.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that exits while threads are inside of the native library. */
class ExitTest {
    private static final long MOST_SECONDS = 20; // they wait for sixty

    @TempDir private Path folder;

    /** The program that exits: two threads poll, one discovers, and nobody answers at the endpoint. */
    public static final class Program {
        public static void main(String[] arguments) throws Exception {
            TableDescription table =
                    TableDescription.builder()
                            .option("connector", "mq5")
                            .option("endpoint", arguments[0])
                            .option("topic", "orders")
                            .option("consumerGroup", "readers")
                            .physical("body", "BYTES")
                            .build();
            CountDownLatch running = new CountDownLatch(3);
            for (int i = 0; i < 2; ++i) {
                MessageReader reader = new MessageReader(table, null, 1);
                reader.add(List.of(new QueueRange("orders", "broker-a", i, 0, QueueRange.NO_STOP)));
                inBackground(
                        running,
                        () -> {
                            while (true) {
                                reader.poll(60_000, 1 << 20);
                            }
                        });
            }
            QueueFinder finder = new QueueFinder(table, List.of());
            inBackground(running, finder::discover);
            running.await();
            Thread.sleep(300); // until they are inside
            System.out.print("exits");
            System.out.flush();
            System.exit(7);
        }

        private interface Work {
            void run() throws Exception;
        }

        private static void inBackground(CountDownLatch running, Work work) {
            Thread thread =
                    new Thread(
                            () -> {
                                running.countDown();
                                try {
                                    work.run();
                                } catch (Exception problem) {
                                    problem.printStackTrace();
                                }
                            });
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Test
    void theJvmExitsAtOnceAndSoundly() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Process program =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                    "-Xmx64m",
                                    "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Program.class.getName(),
                                    "127.0.0.1:" + silent.getLocalPort())
                            .directory(folder.toFile())
                            .redirectError(folder.resolve("stderr").toFile())
                            .start();
            try (InputStream output = program.getInputStream()) {
                assertThat(new String(output.readNBytes(5))).isEqualTo("exits");
                assertThat(program.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
                assertThat(program.exitValue()).isEqualTo(7);
                assertThat(folder.resolve("hs_err.log")).doesNotExist();
            } finally {
                program.destroyForcibly();
            }
        }
    }
}
