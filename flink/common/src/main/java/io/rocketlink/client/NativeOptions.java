package io.rocketlink.client;

/** The core's registry of options. */
final class NativeOptions {
    static {
        NativeLibrary.ensureLoaded();
    }

    private NativeOptions() {}

    /** All that is wrong with a table; see {@link TableDescription} for what crosses. */
    static native String[] check(String[] entries, String[] columns, boolean source, boolean sink);

    /** {@link NativeLayout.SourceSetting}. */
    static native long[] source(String[] entries, String[] columns) throws RocketLinkException;

    /** Of a source, as rows show it. */
    static native String topic(String[] entries, String[] columns) throws RocketLinkException;

    /** {@link NativeLayout.SinkSetting}. */
    static native long[] sink(String[] entries, String[] columns) throws RocketLinkException;

    /** A source or sink in some words, for a log. */
    static native String summary(String[] entries, String[] columns, boolean source) throws RocketLinkException;

    /** Of a connector's tables, of either direction. */
    static native String[] names(String connector);

    /** The one of {@code known} that is near enough to {@code name} to have been meant; null: none is. */
    static native String nearest(String name, String[] known);
}
