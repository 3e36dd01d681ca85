package io.rocketlink.client;

/** Native half of {@link RepeatedWarnings}. */
final class NativeWarnings {
    static {
        NativeLibrary.ensureLoaded();
    }

    private NativeWarnings() {}

    static native long open();

    /** What of it is to be logged, as {@link NativeLog} takes it; null: nothing. */
    static native String[] write(long handle, String kind, String text);

    static native void close(long handle);
}
