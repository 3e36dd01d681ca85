package io.rocketlink.client;

/** Native half of {@link QueueFinder}. */
final class NativeEnumerator {
    static {
        NativeLibrary.ensureLoaded();
    }

    private NativeEnumerator() {}

    static native long open(String[] entries, String[] columns, String[] knownNames, long[] knownNumbers)
            throws RocketLinkException;

    /** Topic and broker of each new queue; {@code numbers[0]} is set to id, offset and stop (-1: none) of each. */
    static native String[] discover(long handle, long[][] numbers) throws RocketLinkException;

    static native String[] takeLog(long handle);

    static native void close(long handle);
}
