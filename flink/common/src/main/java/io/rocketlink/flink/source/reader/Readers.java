package io.rocketlink.flink.source.reader;

import io.rocketlink.client.MessageReader;
import io.rocketlink.client.RocketLinkException;
import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.Failures;
import io.rocketlink.flink.source.split.QueueSplit;
import java.io.UncheckedIOException;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;

/** Puts a subtask's reader together. */
public final class Readers {
    private Readers() {}

    public static <T> SourceReader<T, QueueSplit> create(
            TableDescription table, MessageFormat<T> format, long limit, SourceReaderContext context) throws Exception {
        format.open(context);
        SourceMetrics metrics = new SourceMetrics(context.metricGroup());
        CommittingFetcherManager fetchers =
                new CommittingFetcherManager(
                        () -> {
                            try {
                                return new QueueSplitReader(
                                        new MessageReader(table, format.projection(), context.currentParallelism()),
                                        metrics,
                                        limit);
                            } catch (RocketLinkException problem) {
                                throw new UncheckedIOException(problem.getMessage(), Failures.of(problem, false));
                            }
                        },
                        context.getConfiguration());
        return new QueueSourceReader<>(
                table.sourceSettings().topic(), fetchers, new MessageEmitter<>(format, metrics), context);
    }
}
