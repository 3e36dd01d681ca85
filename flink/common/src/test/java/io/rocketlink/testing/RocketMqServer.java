package io.rocketlink.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/** A real RocketMQ on loopback (scripts/rocketmq), with Apache's own client to fill it. */
public final class RocketMqServer {
    private static final Path ROOT = Path.of(System.getProperty("rocketlink.root", "../.."));

    private static final Map<String, RocketMqServer> SHARED = new HashMap<>();
    private static final Map<String, IllegalStateException> FAILURES = new HashMap<>();

    /** It would refuse what has waited for 200 ms, or while a disk is slow: on a slow machine that is up to luck. */
    private static final List<String> PATIENT =
            List.of("waitTimeMillsInSendQueue=60000", "waitTimeMillsInPullQueue=60000", "osPageCacheBusyTimeOutMills=60000");

    private final Path folder;
    private final Map<String, String> facts;
    private final DefaultMQProducer producer;
    private final DefaultMQAdminExt admin;
    private IllegalStateException lost; // why one of its processes could not be started again

    /** The one of this version, which lasts as long as the JVM; another when it was lost. */
    static synchronized RocketMqServer shared(String version) {
        return SHARED.compute(
                version,
                (first, known) -> {
                    if (known != null && known.lost == null) {
                        return known;
                    }
                    RocketMqServer server = started(first);
                    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
                    return server;
                });
    }

    /** One that could not be started is not tried again: each class of tests would wait for it in vain. */
    private static RocketMqServer started(String version) {
        if (FAILURES.containsKey(version)) {
            throw new IllegalStateException("tried before, in vain", FAILURES.get(version));
        }
        try {
            return new RocketMqServer(version);
        } catch (IllegalStateException problem) {
            FAILURES.put(version, problem);
            throw problem;
        }
    }

    private RocketMqServer(String version) {
        try {
            folder = Files.createTempDirectory("rocketlink-test-");
            List<String> start = new ArrayList<>(List.of("start", "--version", version));
            PATIENT.forEach(setting -> start.addAll(List.of("--conf", setting)));
            facts = facts(script(start.toArray(new String[0])));
            producer = new DefaultMQProducer("test-producer-" + UUID.randomUUID());
            producer.setNamesrvAddr(endpoint());
            producer.start();
            admin = new DefaultMQAdminExt();
            admin.setNamesrvAddr(endpoint());
            admin.setInstanceName("admin-" + UUID.randomUUID());
            admin.start();
        } catch (Exception problem) {
            throw new IllegalStateException("no RocketMQ " + version + ": " + problem.getMessage(), problem);
        }
    }

    public String endpoint() {
        return facts.get("ENDPOINT");
    }

    public String brokerName() {
        return facts.get("BROKER_NAME");
    }

    /** A new topic; returns its name. */
    public String topic(int queues) {
        String topic = "t" + UUID.randomUUID().toString().replace("-", "");
        resize(topic, queues);
        return topic;
    }

    /** Makes the topic, or changes how many queues it has; returns when the name server knows. */
    public void resize(String topic, int queues) {
        if (lost != null) {
            throw new IllegalStateException("an earlier test has lost this server", lost);
        }
        TopicConfig config = new TopicConfig(topic);
        config.setReadQueueNums(queues);
        config.setWriteQueueNums(queues);
        try {
            Await.until("the topic " + topic, () -> {
                admin.createAndUpdateTopicConfig(facts.get("BROKER"), config);
                return true;
            });
            Await.until(
                    "the route of " + topic,
                    () -> admin.examineTopicRouteInfo(topic).getQueueDatas().get(0).getReadQueueNums() == queues);
        } catch (Exception problem) {
            throw new IllegalStateException(problem);
        }
    }

    public void send(String topic, int queue, String body) {
        send(topic, queue, body.getBytes(StandardCharsets.UTF_8), null, null);
    }

    public void send(String topic, int queue, byte[] body, String tags, String keys) {
        try {
            Message message = new Message(topic, tags, keys, body);
            Await.until("a broker that is not busy", () -> isSent(message, new MessageQueue(topic, brokerName(), queue)));
        } catch (Exception problem) {
            throw new IllegalStateException(problem);
        }
    }

    /** False when the broker has refused it for being busy, and so has not stored it. */
    private boolean isSent(Message message, MessageQueue queue) {
        try {
            producer.send(message, queue, 30_000);
            return true;
        } catch (Exception problem) {
            if (problem instanceof MQBrokerException
                    && ((MQBrokerException) problem).getResponseCode() == ResponseCode.SYSTEM_BUSY) {
                return false;
            }
            throw new AssertionError("it may be stored or not", problem);
        }
    }

    /** Of the group in the queue; -1 when it has none. */
    public long committed(String group, String topic, int queue) throws Exception {
        return admin.examineConsumeStats(group, topic).getOffsetTable().entrySet().stream()
                .filter(entry -> entry.getKey().getQueueId() == queue)
                .mapToLong(entry -> entry.getValue().getConsumerOffset())
                .findFirst()
                .orElse(-1);
    }

    /** {@code kill-broker}, {@code start-broker} …: see scripts/rocketmq. */
    public void run(String action) {
        try {
            script(action);
        } catch (IllegalStateException problem) {
            lost = problem;
            throw problem;
        }
    }

    private void close() {
        producer.shutdown();
        admin.shutdown();
        script("stop", "--remove");
    }

    private List<String> script(String... arguments) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", ROOT.resolve("scripts/rocketmq").toString()));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("--dir", folder.toString()));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            List<String> lines = new ArrayList<>();
            try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
                output.lines().forEach(lines::add);
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + lines);
            }
            return lines;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (InterruptedException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private static Map<String, String> facts(List<String> lines) {
        Map<String, String> facts = new HashMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                facts.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return facts;
    }
}
