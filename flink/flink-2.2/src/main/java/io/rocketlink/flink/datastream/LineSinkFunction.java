package io.rocketlink.flink.datastream;

import org.apache.flink.streaming.api.functions.sink.legacy.RichSinkFunction;

/** The class of sink functions where this line of Flink has it. */
abstract class LineSinkFunction<T> extends RichSinkFunction<T> {
    private static final long serialVersionUID = 1L;
}
