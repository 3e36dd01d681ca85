package io.rocketlink.client;

import java.util.Collection;

/** How queues cross to native code: topic and broker of each; id, offset and stop of each. */
final class SplitArrays {
    final String[] names;
    final long[] numbers;

    SplitArrays(Collection<QueueRange> ranges) {
        names = new String[2 * ranges.size()];
        numbers = new long[3 * ranges.size()];
        int i = 0;
        for (QueueRange range : ranges) {
            names[2 * i] = range.topic();
            names[2 * i + 1] = range.broker();
            numbers[3 * i] = range.id();
            numbers[3 * i + 1] = range.offset();
            numbers[3 * i + 2] = range.stop();
            ++i;
        }
    }
}
