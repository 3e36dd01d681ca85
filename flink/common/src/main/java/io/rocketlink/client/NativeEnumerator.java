package io.rocketlink.client;

/** Native half of {@link QueueFinder}. */
final class NativeEnumerator {
    static {
        NativeLibrary.ensureLoaded();
    }

    private NativeEnumerator() {}

    /** {@code queueIds} and {@code bounds} as {@link ScanRestriction} has them. */
    static native long open(
            String[] entries, String[] columns, int[] queueIds, long[] bounds, String[] knownNames, long[] knownNumbers)
            throws RocketLinkException;

    /** Topic and broker of each new queue; {@code numbers[0]} is set to id, offset and stop (-1: none) of each. */
    static native String[] discover(long handle, long[][] numbers) throws RocketLinkException;

    static native String[] takeLog(long handle);

    static native void close(long handle);
}
