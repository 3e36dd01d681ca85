package io.rocketlink.flink.source.reader;

import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.UserCodeClassLoader;

/** What a user's schema is opened with. */
public final class SchemaContext implements DeserializationSchema.InitializationContext {
    private final SourceReaderContext context;

    public SchemaContext(SourceReaderContext context) {
        this.context = context;
    }

    @Override
    public MetricGroup getMetricGroup() {
        return context.metricGroup().addGroup("deserializer");
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
        return context.getUserCodeClassLoader();
    }
}
