package io.rocketlink.flink.source.enumerator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/** Tells the enumerator which queues a reader begins with: those that Flink restored it with. */
public final class HeldQueues implements SourceEvent {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> queues;

    public HeldQueues(Collection<String> queues) {
        this.queues = new ArrayList<>(queues);
    }

    /** Ids of the splits. */
    public List<String> queues() {
        return queues;
    }
}
