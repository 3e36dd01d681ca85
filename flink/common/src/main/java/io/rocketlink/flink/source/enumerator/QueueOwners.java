package io.rocketlink.flink.source.enumerator;

import java.util.HashMap;
import java.util.Map;

/** Which reader has which queue. A new one goes to the reader with the fewest, the first of several. */
final class QueueOwners {
    private final Map<String, Integer> owners = new HashMap<>();
    private final int[] queues;

    QueueOwners(int readers) {
        queues = new int[readers];
    }

    /** The reader that shall have the queue. */
    int take(String queue) {
        int reader = 0;
        for (int other = 1; other < queues.length; ++other) {
            reader = queues[other] < queues[reader] ? other : reader;
        }
        hold(queue, reader);
        return reader;
    }

    /** The reader has the queue already. */
    void hold(String queue, int reader) {
        Integer before = owners.put(queue, reader);
        if (before != null) {
            --queues[before];
        }
        ++queues[reader];
    }
}
