package io.rocketlink.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.rocketlink.client.RocketLinkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
    private static final int DENIED = 16;
    private static final int NOT_FOUND = -7;

    private static RocketLinkException problem(int code) {
        return new RocketLinkException(code, "our words", false);
    }

    /** As Flink's scheduler finds out. */
    private static boolean suppressesRestarts(Throwable failure) {
        return ThrowableClassifier.findThrowableOfThrowableType(failure, ThrowableType.NonRecoverableError).isPresent();
    }

    /** Options, data, an offset that is gone, what brokers of this version do not do, a message that is too large. */
    @ParameterizedTest
    @ValueSource(ints = {-2, -8, -9, -10, -11})
    void whatTheJobWouldMeetAgainIsFinal(int code) {
        assertThat(suppressesRestarts(Failures.of(problem(code), false))).isTrue();
        assertThat(Failures.of(new RocketLinkException(code, "in passing", true), true)).isInstanceOf(RocketLinkException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {DENIED, -13})
    void aDenialIsFinalBeforeTheFirstSuccess(int code) {
        assertThat(suppressesRestarts(Failures.of(problem(code), true))).isTrue();
        assertThat(suppressesRestarts(Failures.of(problem(code), false))).isFalse();
    }

    @Test
    void aTopicMayBeMadeLater() {
        assertThat(suppressesRestarts(Failures.of(problem(NOT_FOUND), true))).isFalse();
    }

    @Test
    void ourWordsLead() {
        Exception wrapped =
                new RuntimeException(
                        "One or more fetchers", new RuntimeException("SplitFetcher", new UncheckedIOException(problem(-8))));
        assertThat(Failures.unwrapped(wrapped, false)).isInstanceOf(FinalFailure.class).hasMessage("our words");
        assertThat(Failures.unwrapped(new RuntimeException(new FinalFailure("final", null)), false)).hasMessage("final");
        Exception theirs = new RuntimeException(new IOException("a user's function"));
        assertThat(Failures.unwrapped(theirs, true)).isSameAs(theirs);
    }
}
