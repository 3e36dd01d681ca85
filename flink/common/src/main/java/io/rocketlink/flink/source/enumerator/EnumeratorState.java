package io.rocketlink.flink.source.enumerator;

import io.rocketlink.flink.source.split.QueueSplit;
import java.util.List;
import java.util.Objects;

/** All queues that were ever found, where reading began in each, and those of them that no reader has been given yet. */
public final class EnumeratorState {
    private final List<QueueSplit> known;
    private final List<QueueSplit> unassigned;

    public EnumeratorState(List<QueueSplit> known, List<QueueSplit> unassigned) {
        this.known = known;
        this.unassigned = unassigned;
    }

    public List<QueueSplit> known() {
        return known;
    }

    /** With the positions that they are to be read from. */
    public List<QueueSplit> unassigned() {
        return unassigned;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EnumeratorState
                && ((EnumeratorState) other).known.equals(known)
                && ((EnumeratorState) other).unassigned.equals(unassigned);
    }

    @Override
    public int hashCode() {
        return Objects.hash(known, unassigned);
    }
}
