package io.rocketlink.client;

import java.io.IOException;

/** Why the native core could not do something; the text says what, where, the value, and how to mend it. */
public final class RocketLinkException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final boolean retriable;

    /** Called by the native library too. */
    public RocketLinkException(int code, String text, boolean retriable) {
        super(text);
        this.code = code;
        this.retriable = retriable;
    }

    /** Positive: the broker's own response code; negative: one of the core's {@code ErrorCode}. */
    public int code() {
        return code;
    }

    /** Whether the same call may succeed later. */
    public boolean retriable() {
        return retriable;
    }
}
