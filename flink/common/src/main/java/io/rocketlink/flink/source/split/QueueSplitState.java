package io.rocketlink.flink.source.split;

import io.rocketlink.client.QueueRange;

/** A split while it is read: its position moves as rows are emitted. Task thread only. */
public final class QueueSplitState {
    private final QueueRange begin;
    private long offset;

    public QueueSplitState(QueueSplit split) {
        begin = split.range();
        offset = begin.offset();
    }

    /** {@code next}: offset of the message behind the last one whose rows are all emitted. */
    public void advance(long next) {
        offset = next;
    }

    public QueueSplit split() {
        return new QueueSplit(begin.from(offset));
    }
}
