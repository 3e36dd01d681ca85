package io.rocketlink.flink.source.reader;

import io.rocketlink.client.ReaderStats;
import io.rocketlink.client.RocketLinkException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a reader tells of its queues, asked for all of them at once: a reporter reads three gauges of each queue, one after the
 * other, and each answer costs as much as there are queues. Any thread.
 */
final class QueueNumbers<R> {
    /** Asks a reader. */
    interface Question<R> {
        ReaderStats ask(R reader, String[] queues) throws RocketLinkException;
    }

    /** Older numbers are asked for again. */
    private static final long FRESH_NANOS = 500_000_000L;

    private final Question<R> question;
    private final LongSupplier nanos;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private ReaderStats stats = ReaderStats.ofNone(0);
    private R asked;
    private long asOf;

    QueueNumbers(Question<R> question, LongSupplier nanos) {
        this.question = question;
        this.nanos = nanos;
    }

    /** The queue's place in {@link #now}, or -1 if it has had one already. */
    synchronized int add(String queue) {
        if (places.putIfAbsent(queue, names.size()) != null) {
            return -1;
        }
        names.add(queue);
        return names.size() - 1;
    }

    /** Numbers of all queues that were added, half a second old at most; those of a reader that is closed or null are of none. */
    synchronized ReaderStats now(R reader) {
        boolean fresh = reader == asked && stats.queues() == names.size() && nanos.getAsLong() - asOf < FRESH_NANOS;
        if (!fresh) {
            stats = ask(reader);
            asked = reader;
            asOf = nanos.getAsLong();
        }
        return stats;
    }

    private ReaderStats ask(R reader) {
        try {
            return reader == null ? ReaderStats.ofNone(names.size()) : question.ask(reader, names.toArray(new String[0]));
        } catch (RocketLinkException closed) {
            return ReaderStats.ofNone(names.size());
        }
    }
}
