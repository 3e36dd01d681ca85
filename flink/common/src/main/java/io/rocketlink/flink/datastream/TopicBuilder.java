package io.rocketlink.flink.datastream;

/**
 * Gathers the options of one topic. Each setter is short for the option of that name; null and empty leave it out.
 *
 * @param <B> the builder itself
 */
abstract class TopicBuilder<B extends TopicBuilder<B>> {
    final Options options;

    TopicBuilder(String connector) {
        options = new Options(connector);
    }

    /** {@code host:port} of name servers or of the proxy; several are separated by {@code ;}. */
    public B setEndpoint(String endpoint) {
        return setOption("endpoint", endpoint);
    }

    public B setAccessId(String id) {
        return setOption("accessId", id);
    }

    public B setAccessKey(String key) {
        return setOption("accessKey", key);
    }

    public B setTopic(String topic) {
        return setOption("topic", topic);
    }

    /** Any option of a table, by its name. */
    @SuppressWarnings("unchecked")
    public B setOption(String name, String value) {
        options.set(name, value);
        return (B) this;
    }
}
