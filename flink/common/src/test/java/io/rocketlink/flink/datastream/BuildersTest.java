package io.rocketlink.flink.datastream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildersTest {
    /** Programs refer to the setters by their types, those that they give back included: they run with a newer connector only if these stay. */
    @ParameterizedTest
    @ValueSource(classes = {RocketMQSource.Builder.class, RocketMQSink.Builder.class, RocketMQOutputFormat.Builder.class})
    void settersGiveBackTheBuilderItself(Class<?> builder) throws Exception {
        assertThat(builder.getMethods())
                .filteredOn(method -> method.getName().startsWith("set"))
                .hasSizeGreaterThan(4)
                .extracting(Method::getReturnType)
                .allSatisfy(type -> assertThat(type).isEqualTo(builder));
    }
}
