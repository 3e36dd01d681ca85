package io.rocketlink.client;

import java.io.IOException;
import java.util.Set;

/** Why the native core could not do something; the text says what, where, the value, and how to mend it. */
public final class RocketLinkException extends IOException {
    private static final long serialVersionUID = 1L;

    /** kInvalidArgument, kData, kOffsetOutOfRange, kUnsupported, kTooLarge. */
    private static final Set<Integer> LASTING = Set.of(-2, -8, -9, -10, -11);

    /** The brokers' NO_PERMISSION, which the core gives every denial, and kUntrusted. */
    private static final Set<Integer> DENIED = Set.of(16, -13);

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

    /** Whether whoever does the same with the same messages and options meets it again, however often he begins anew. */
    public boolean lasting() {
        return !retriable && LASTING.contains(code);
    }

    /** Whether a server does not let this account in, or one side of TLS does not trust the other. */
    public boolean denied() {
        return !retriable && DENIED.contains(code);
    }
}
