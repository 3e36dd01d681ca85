package io.rocketlink.client;

/** Native half of {@link MessageReader}. Splits cross as the two arrays of {@link SplitArrays}. */
final class NativeReader {
    static {
        NativeLibrary.ensureLoaded();
    }

    private NativeReader() {}

    /**
     * {@code projection}: the wanted columns in the order of the rows' fields; null for raw messages. {@code readers}, from 1 on,
     * share the budget of calls.
     */
    static native long open(String[] entries, String[] columns, int[] projection, int readers) throws RocketLinkException;

    static native void addSplits(long handle, String[] names, long[] numbers) throws RocketLinkException;

    static native void removeSplits(long handle, String[] names, long[] numbers) throws RocketLinkException;

    static native void pause(long handle, String[] names, long[] numbers, boolean paused) throws RocketLinkException;

    /** Null when nothing came in time or {@link #wakeUp} was called. */
    static native byte[] poll(long handle, long timeoutMillis, int mostBytes) throws RocketLinkException;

    /** Null when none was finished. */
    static native String[] takeFinished(long handle) throws RocketLinkException;

    static native void wakeUp(long handle);

    static native void commit(long handle, String[] names, long[] numbers, long timeoutMillis) throws RocketLinkException;

    static native void commitSoon(long handle, String[] names, long[] numbers) throws RocketLinkException;

    /** {@link NativeLayout.ReaderNumber}, then {@link NativeLayout.QueueNumber} of each of {@code queues}. */
    static native long[] stats(long handle, String[] queues) throws RocketLinkException;

    /** Null when there is nothing to log; else a letter (I, W, E) and the text of each line. */
    static native String[] takeLog(long handle);

    static native void close(long handle);
}
