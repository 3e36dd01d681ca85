package io.rocketlink.client;

import io.rocketlink.client.NativeLayout.Discovery;
import io.rocketlink.client.NativeLayout.SplitName;
import io.rocketlink.client.NativeLayout.SplitNumber;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How queues cross to and from native code: {@link SplitName} of each, and {@link SplitNumber} of each. */
final class SplitArrays {
    final String[] names;
    final long[] numbers;

    SplitArrays(Collection<QueueRange> ranges) {
        names = new String[SplitName.SIZE * ranges.size()];
        numbers = new long[SplitNumber.SIZE * ranges.size()];
        int name = 0;
        int number = 0;
        for (QueueRange range : ranges) {
            names[name + SplitName.TOPIC] = range.topic();
            names[name + SplitName.BROKER] = range.broker();
            numbers[number + SplitNumber.QUEUE_ID] = range.id();
            numbers[number + SplitNumber.OFFSET] = range.offset();
            numbers[number + SplitNumber.STOP] = range.stop();
            name += SplitName.SIZE;
            number += SplitNumber.SIZE;
        }
    }

    SplitArrays(Object[] discovery) {
        names = (String[]) discovery[Discovery.NAMES];
        numbers = (long[]) discovery[Discovery.NUMBERS];
    }

    List<QueueRange> ranges() {
        List<QueueRange> ranges = new ArrayList<>();
        int number = 0;
        for (int name = 0; name < names.length; name += SplitName.SIZE) {
            ranges.add(
                    new QueueRange(
                            names[name + SplitName.TOPIC],
                            names[name + SplitName.BROKER],
                            (int) numbers[number + SplitNumber.QUEUE_ID],
                            numbers[number + SplitNumber.OFFSET],
                            numbers[number + SplitNumber.STOP]));
            number += SplitNumber.SIZE;
        }
        return ranges;
    }
}
