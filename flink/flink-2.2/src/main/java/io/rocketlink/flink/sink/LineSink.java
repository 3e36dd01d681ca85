package io.rocketlink.flink.sink;

import org.apache.flink.api.connector.sink2.Sink;

/** What Sink V2 asks of a sink in this line of Flink beyond what it asks in all. */
abstract class LineSink<T> implements Sink<T> {
    private static final long serialVersionUID = 1L;
}
