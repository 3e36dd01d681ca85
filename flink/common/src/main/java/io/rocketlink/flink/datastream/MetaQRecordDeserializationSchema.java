package io.rocketlink.flink.datastream;

/** From messages to the records of a {@link MetaQSource}. */
public interface MetaQRecordDeserializationSchema<T> extends RocketMQRecordDeserializationSchema<T> {}
