package io.rocketlink.client;

/** Native half of {@link QueueFinder}. */
final class NativeEnumerator {
    static {
        NativeLibrary.ensureLoaded();
    }

    private NativeEnumerator() {}

    /** {@code queueIds}: null: all; {@code bounds}: {@link NativeLayout.ScanBound}; what is known as {@link SplitArrays} has it. */
    static native long open(
            String[] entries, String[] columns, int[] queueIds, long[] bounds, String[] knownNames, long[] knownNumbers)
            throws RocketLinkException;

    /** {@link NativeLayout.Discovery} of the new queues. */
    static native Object[] discover(long handle) throws RocketLinkException;

    static native String[] takeLog(long handle);

    static native void close(long handle);
}
