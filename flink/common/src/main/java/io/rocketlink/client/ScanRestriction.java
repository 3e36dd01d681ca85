package io.rocketlink.client;

import io.rocketlink.client.NativeLayout.ScanBound;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** What of a topic's queues need not be read, because nobody wants it: the rows are as without, but for those left out. */
public final class ScanRestriction implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long NONE = NativeLayout.NONE;

    private int[] queueIds;
    private long firstOffset = NONE;
    private long stopOffset = NONE;
    private long firstTime = NONE;
    private long stopTime = NONE;

    /** Only queues of these ids. Of several calls all hold. */
    public void queues(Collection<Integer> ids) {
        int[] known = queueIds;
        queueIds =
                ids.stream()
                        .mapToInt(Integer::intValue)
                        .filter(id -> known == null || Arrays.stream(known).anyMatch(other -> other == id))
                        .sorted()
                        .distinct()
                        .toArray();
    }

    /** From this offset on; below 0 is without effect. */
    public void offsetsFrom(long first) {
        firstOffset = Math.max(firstOffset, first);
    }

    /** Until this offset, exclusive; only in bounded scans. */
    public void offsetsUntil(long stop) {
        stopOffset = lower(stopOffset, stop);
    }

    /** From the first message stored at or after this epoch millisecond on; below 0 is without effect. */
    public void storedFrom(long first) {
        firstTime = Math.max(firstTime, first);
    }

    /** Until the first message stored at or after this epoch millisecond, exclusive; only in bounded scans. */
    public void storedUntil(long stop) {
        stopTime = lower(stopTime, stop);
    }

    private static long lower(long known, long stop) {
        long sound = Math.max(0, stop);
        return known == NONE ? sound : Math.min(known, sound);
    }

    /** Null: all. */
    int[] queueIds() {
        return queueIds;
    }

    /** {@link NativeLayout.ScanBound}. */
    long[] bounds() {
        long[] bounds = new long[ScanBound.SIZE];
        bounds[ScanBound.FIRST_OFFSET] = firstOffset;
        bounds[ScanBound.STOP_OFFSET] = stopOffset;
        bounds[ScanBound.FIRST_TIME_MS] = firstTime;
        bounds[ScanBound.STOP_TIME_MS] = stopTime;
        return bounds;
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (queueIds != null) {
            parts.add("queues " + Arrays.toString(queueIds));
        }
        if (firstOffset != NONE || stopOffset != NONE) {
            parts.add("offsets " + firstOffset + " to " + stopOffset);
        }
        if (firstTime != NONE || stopTime != NONE) {
            parts.add("stored " + firstTime + " to " + stopTime);
        }
        return String.join(", ", parts);
    }
}
