package io.rocketlink.flink;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/** A failure that no restart heals: Flink fails the job at once, whatever its restart strategy. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class FinalFailure extends IOException {
    private static final long serialVersionUID = 1L;

    public FinalFailure(String text, Throwable cause) {
        super(text, cause);
    }
}
