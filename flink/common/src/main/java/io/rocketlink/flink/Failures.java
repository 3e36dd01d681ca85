package io.rocketlink.flink;

import io.rocketlink.client.RocketLinkException;
import java.io.IOException;

/** What Flink is told of a failure. */
public final class Failures {
    private Failures() {}

    /**
     * The problem, marked as final when the job would only meet it again.
     *
     * @param untried nothing has ever succeeded here, so a denial is no passing state of servers whose accounts are being reloaded
     */
    public static IOException of(RocketLinkException problem, boolean untried) {
        return isFinal(problem, untried) ? new FinalFailure(problem.getMessage(), problem) : problem;
    }

    public static boolean isFinal(RocketLinkException problem, boolean untried) {
        return problem.lasting() || (untried && problem.denied());
    }

    /** The same of what Flink has wrapped in exceptions of its own, whose text says nothing; others stay as they are. */
    public static Exception unwrapped(Exception failure, boolean untried) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FinalFailure) {
                return (FinalFailure) cause;
            }
            if (cause instanceof RocketLinkException) {
                return of((RocketLinkException) cause, untried);
            }
        }
        return failure;
    }
}
