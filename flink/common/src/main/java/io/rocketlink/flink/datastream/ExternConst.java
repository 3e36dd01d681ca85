package io.rocketlink.flink.datastream;

import java.util.Properties;

/** Names of the properties that {@link MetaQSource} and {@link MetaQOutputFormat} are given. */
public final class ExternConst {
    /** {@code host:port} of the name servers. */
    public static final String NAMESRV_ADDR = "NAMESRV_ADDR";

    public static final String PROPERTY_ACCESSKEY = "AccessKey";
    public static final String PROPERTY_SECRETKEY = "SecretKey";
    public static final String PROPERTY_INSTANCE_ID = "INSTANCE_ID";

    /** Without effect: requests are signed when there is an access key. */
    public static final String PROPERTY_ROCKET_AUTH_ENABLED = "RocketAuthEnabled";

    /** Without effect. */
    public static final String PROPERTY_ONS_CHANNEL = "OnsChannel";

    private ExternConst() {}

    /** Takes the connector's options from such properties; other names are options themselves. */
    static void apply(Properties properties, Options options) {
        properties.forEach(
                (name, value) -> {
                    switch (name.toString()) {
                        case NAMESRV_ADDR:
                            options.set("endpoint", value);
                            break;
                        case PROPERTY_ACCESSKEY:
                            options.set("accessId", value);
                            break;
                        case PROPERTY_SECRETKEY:
                            options.set("accessKey", value);
                            break;
                        case PROPERTY_INSTANCE_ID:
                            options.set("instanceID", value);
                            break;
                        case PROPERTY_ROCKET_AUTH_ENABLED:
                        case PROPERTY_ONS_CHANNEL:
                            break;
                        default:
                            options.set(name.toString(), value);
                    }
                });
    }
}
