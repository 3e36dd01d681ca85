package io.rocketlink.client;

import java.util.Objects;

/** A queue to be read from {@code offset} on, until {@code stop} (exclusive; {@link #NO_STOP}: without end). */
public final class QueueRange {
    public static final long NO_STOP = NativeLayout.NONE;

    private final String topic;
    private final String broker;
    private final int id;
    private final long offset;
    private final long stop;

    public QueueRange(String topic, String broker, int id, long offset, long stop) {
        this.topic = topic;
        this.broker = broker;
        this.id = id;
        this.offset = offset;
        this.stop = stop;
    }

    public String topic() {
        return topic;
    }

    public String broker() {
        return broker;
    }

    public int id() {
        return id;
    }

    /** Of the next message to be read. */
    public long offset() {
        return offset;
    }

    public long stop() {
        return stop;
    }

    /** {@code topic@broker:id}, as the core names queues. */
    public String queue() {
        return topic + "@" + broker + ":" + id;
    }

    public boolean isFinished() {
        return stop != NO_STOP && offset >= stop;
    }

    public QueueRange from(long newOffset) {
        return new QueueRange(topic, broker, id, newOffset, stop);
    }

    /** With nothing left to be read. */
    public QueueRange endingHere() {
        return new QueueRange(topic, broker, id, offset, offset);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof QueueRange)) {
            return false;
        }
        QueueRange that = (QueueRange) other;
        return id == that.id
                && offset == that.offset
                && stop == that.stop
                && topic.equals(that.topic)
                && broker.equals(that.broker);
    }

    @Override
    public int hashCode() {
        return Objects.hash(topic, broker, id, offset, stop);
    }

    @Override
    public String toString() {
        return queue() + " from " + offset + (stop == NO_STOP ? "" : " to " + stop);
    }
}
