package io.rocketlink.testing;

import io.rocketlink.client.MessageBatch;
import io.rocketlink.client.MessageExt;
import io.rocketlink.client.MessageReader;
import io.rocketlink.client.QueueFinder;
import io.rocketlink.client.RawMessages;
import io.rocketlink.client.RocketLinkException;
import io.rocketlink.client.TableDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads a topic's messages from the first one on. */
public final class TopicReader implements AutoCloseable {
    private final MessageReader reader;

    public TopicReader(RocketMqServer server, String connector, String topic) throws RocketLinkException {
        TableDescription.Builder table =
                TableDescription.builder()
                        .option("connector", connector)
                        .option("endpoint", server.endpoint())
                        .option("topic", topic)
                        .option("consumerGroup", "topic-reader")
                        .option("scan.startup.mode", "earliest")
                        .physical("body", "BYTES");
        if (connector.equals("mq")) {
            table.option("pullIntervalMs", "20");
        }
        TableDescription built = table.build();
        reader = new MessageReader(built, null, 1);
        try (QueueFinder finder = new QueueFinder(built, List.of())) {
            reader.add(finder.discover());
        }
    }

    /** What came within this time; returns as soon as something is there. */
    public List<MessageExt> poll(Duration timeout) throws RocketLinkException {
        List<MessageExt> messages = new ArrayList<>();
        MessageBatch batch = reader.poll(timeout.toMillis(), 1 << 20);
        for (int i = 0; batch != null && i < batch.messages(); ++i) {
            messages.add(RawMessages.read(batch, i));
        }
        return messages;
    }

    /** Waits until this many are read; fewer when they do not come in time. */
    public List<MessageExt> take(int count) throws RocketLinkException {
        List<MessageExt> messages = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(180).toNanos();
        while (messages.size() < count && System.nanoTime() < deadline) {
            messages.addAll(poll(Duration.ofMillis(200)));
        }
        return messages;
    }

    @Override
    public void close() {
        reader.close();
    }
}
