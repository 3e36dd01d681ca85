package io.rocketlink.flink.source;

import io.rocketlink.client.RocketLinkException;
import io.rocketlink.client.ScanRestriction;
import io.rocketlink.client.TableDescription;
import io.rocketlink.flink.Failures;
import io.rocketlink.flink.source.enumerator.EnumeratorState;
import io.rocketlink.flink.source.enumerator.EnumeratorStateSerializer;
import io.rocketlink.flink.source.enumerator.QueueEnumerator;
import io.rocketlink.flink.source.reader.MessageFormat;
import io.rocketlink.flink.source.reader.Readers;
import io.rocketlink.flink.source.split.QueueSplit;
import io.rocketlink.flink.source.split.QueueSplitSerializer;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** A topic as a FLIP-27 source of {@code T}. */
public class RocketLinkSource<T> implements Source<T, QueueSplit, EnumeratorState>, ResultTypeQueryable<T> {
    private static final long serialVersionUID = 1L;

    private final TableDescription table;
    private final boolean bounded;
    private final MessageFormat<T> format;
    private final TypeInformation<T> type;
    private final ScanRestriction restriction;
    private final long limit;

    /** {@code bounded} as the table's options say. */
    public RocketLinkSource(TableDescription table, boolean bounded, MessageFormat<T> format, TypeInformation<T> type) {
        this(table, bounded, format, type, new ScanRestriction(), Long.MAX_VALUE);
    }

    /** {@code limit}: rows after which a reader of a bounded scan may end. */
    public RocketLinkSource(
            TableDescription table,
            boolean bounded,
            MessageFormat<T> format,
            TypeInformation<T> type,
            ScanRestriction restriction,
            long limit) {
        this.table = table;
        this.bounded = bounded;
        this.format = format;
        this.type = type;
        this.restriction = restriction;
        this.limit = limit;
    }

    @Override
    public Boundedness getBoundedness() {
        return bounded ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<T, QueueSplit> createReader(SourceReaderContext context) throws Exception {
        try {
            return Readers.create(table, format, limit, context);
        } catch (RocketLinkException problem) {
            throw Failures.of(problem, false);
        }
    }

    @Override
    public SplitEnumerator<QueueSplit, EnumeratorState> createEnumerator(SplitEnumeratorContext<QueueSplit> context)
            throws Exception {
        return restoreEnumerator(context, new EnumeratorState(List.of(), List.of()));
    }

    @Override
    public SplitEnumerator<QueueSplit, EnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<QueueSplit> context, EnumeratorState state) throws Exception {
        try {
            return new QueueEnumerator(context, table, table.sourceSettings(), restriction, state);
        } catch (RocketLinkException problem) {
            throw Failures.of(problem, false);
        }
    }

    @Override
    public SimpleVersionedSerializer<QueueSplit> getSplitSerializer() {
        return new QueueSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<EnumeratorState> getEnumeratorCheckpointSerializer() {
        return new EnumeratorStateSerializer();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return type;
    }
}
