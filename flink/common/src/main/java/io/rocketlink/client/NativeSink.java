package io.rocketlink.client;

/** Native half of {@link MessageWriter}. */
final class NativeSink {
    static {
        NativeLibrary.ensureLoaded();
    }

    private NativeSink() {}

    /**
     * {@code fields}: for each column its field in the rows, -1 where it has none; null when only messages are written. {@code
     * writers}, from 1 on, share the budget of calls.
     */
    static native long open(String[] entries, String[] columns, int[] fields, int writers) throws RocketLinkException;

    /** Writes rows of the array from {@code from} to {@code to}, and gives how far it came in time. */
    static native int writeRows(long handle, byte[] array, int from, int to, long timeoutMillis) throws RocketLinkException;

    /** The same for messages. */
    static native int writeMessages(long handle, byte[] array, int from, int to, long timeoutMillis) throws RocketLinkException;

    /** False: not all is acknowledged yet. */
    static native boolean flush(long handle, long timeoutMillis) throws RocketLinkException;

    /** {@link NativeLayout.SinkNumber}. */
    static native long[] stats(long handle) throws RocketLinkException;

    /** Null when there is nothing to log; else a letter (I, W, E) and the text of each line. */
    static native String[] takeLog(long handle);

    /** Gives up what is not acknowledged. */
    static native void close(long handle);
}
