package io.rocketlink.flink.source.enumerator;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Tells a reader that discovery has succeeded and no queue is on its way to it: a reader without any is idle from now on, so
 * that watermarks do not wait for it.
 */
public final class NoQueueForNow implements SourceEvent {
    private static final long serialVersionUID = 1L;
}
