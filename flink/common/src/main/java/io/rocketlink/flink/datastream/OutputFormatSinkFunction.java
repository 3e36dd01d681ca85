package io.rocketlink.flink.datastream;

import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.io.OutputFormat;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/**
 * Writes a stream by an output format, at least once where that is one of {@link RocketMQOutputFormat} and {@link
 * MetaQOutputFormat}: a checkpoint completes when everything before it is stored. {@link RocketMQSink} does the same by Flink's
 * newer interface, and hands over more at a time.
 */
public final class OutputFormatSinkFunction<T> extends LineSinkFunction<T> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final OutputFormat<T> format;

    public OutputFormatSinkFunction(OutputFormat<T> format) {
        this.format = format;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        int task = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        int tasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        int attempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
        format.configure(new Configuration());
        format.open(
                new OutputFormat.InitializationContext() {
                    @Override
                    public int getNumTasks() {
                        return tasks;
                    }

                    @Override
                    public int getTaskNumber() {
                        return task;
                    }

                    @Override
                    public int getAttemptNumber() {
                        return attempt;
                    }
                });
    }

    @Override
    public void invoke(T record) throws Exception {
        format.writeRecord(record);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        flush();
    }

    private void flush() throws IOException {
        if (format instanceof MessageOutputFormat) {
            ((MessageOutputFormat) format).flush();
        }
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {}

    /** There may be no checkpoint any more. */
    @Override
    public void finish() throws Exception {
        flush();
    }

    /** Ends soon: what is not stored by now, after a failure or a cancellation, is written again from the checkpoint. */
    @Override
    public void close() throws Exception {
        if (format instanceof MessageOutputFormat) {
            ((MessageOutputFormat) format).abandon();
        } else {
            format.close();
        }
    }
}
