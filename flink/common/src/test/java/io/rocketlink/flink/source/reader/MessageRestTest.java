package io.rocketlink.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rocketlink.client.Batches;
import io.rocketlink.client.MessageBatch;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MessageRestTest {
    private static final int PIECES = 1000;

    private final MessageRest rest = new MessageRest();

    @Test
    void piecesComeInTheirOrderHoweverOftenTheFetcherIsWoken() throws Exception {
        CompletableFuture<Integer> fetcher =
                CompletableFuture.supplyAsync(
                        () -> {
                            int woken = 0;
                            for (int i = 0; i < PIECES; ) {
                                try {
                                    if (rest.give(Batches.empty(i))) {
                                        ++i;
                                    } else {
                                        ++woken;
                                    }
                                } catch (InterruptedException end) {
                                    throw new IllegalStateException(end);
                                }
                            }
                            return woken;
                        });
        for (int i = 0; i < PIECES; ++i) {
            rest.wakeUp();
            assertThat(rest.take().nextOffset()).isEqualTo(i);
        }
        assertThat(fetcher.get(20, TimeUnit.SECONDS)).isLessThanOrEqualTo(PIECES);
    }

    @Test
    void aWakeUpEndsTheWaitForTheEmitterAndIsRemembered() throws Exception {
        MessageBatch first = Batches.empty(-1);
        MessageBatch second = Batches.empty(7);
        rest.wakeUp();
        assertThat(rest.give(first)).isTrue(); // nobody need wait
        assertThat(rest.give(second)).isFalse();
        assertThat(rest.take()).isSameAs(first);
        assertThat(rest.give(second)).isTrue();
        assertThat(rest.take()).isSameAs(second);
    }

    @Test
    void theFetchersFailureReachesTheEmitterBehindWhatWasGiven() throws Exception {
        MessageBatch first = Batches.empty(-1);
        assertThat(rest.give(first)).isTrue();
        rest.fail(new IOException("the record is bad"));
        assertThat(rest.take()).isSameAs(first);
        assertThatThrownBy(rest::take).isInstanceOf(IOException.class).hasMessage("the record is bad");
    }

    @Test
    void anInterruptEndsTheEmittersWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(rest::take).isInstanceOf(InterruptedException.class);
    }
}
