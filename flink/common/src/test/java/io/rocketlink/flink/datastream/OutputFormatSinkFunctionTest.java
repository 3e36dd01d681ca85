package io.rocketlink.flink.datastream;

import static org.assertj.core.api.Assertions.assertThat;

import io.rocketlink.client.MessageExt;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputFormatSinkFunctionTest {
    private static final class Recorded extends MessageOutputFormat {
        private static final long serialVersionUID = 1L;

        private final List<String> calls = new ArrayList<>();

        Recorded() {
            super(null);
        }

        @Override
        public void flush() {
            calls.add("flush");
        }

        @Override
        public void close() {
            calls.add("close");
        }

        @Override
        void abandon() {
            calls.add("abandon");
        }
    }

    private final Recorded format = new Recorded();
    private final OutputFormatSinkFunction<List<MessageExt>> function = new OutputFormatSinkFunction<>(format);

    /** A close is waited for by whoever cancels; what is called before can be interrupted. */
    @Test
    void whatIsWrittenIsStoredBeforeTheEndAndNotWaitedForByTheClose() throws Exception {
        function.finish();
        assertThat(format.calls).containsExactly("flush");
        function.close();
        assertThat(format.calls).containsExactly("flush", "abandon");
    }

    @Test
    void afterAFailureNothingIsWaitedFor() throws Exception {
        function.close();
        assertThat(format.calls).containsExactly("abandon");
    }
}
