package io.rocketlink.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableDescriptionTest {
    private static TableDescription.Builder table() {
        return TableDescription.builder()
                .option("connector", "mq5")
                .option("endPoint", "127.0.0.1:9876")
                .option("topic", "orders")
                .option("consumerGroup", "readers")
                .physical("id", "INT NOT NULL")
                .metadata("place", "BIGINT", "queue-offset", true);
    }

    @Test
    void aSoundTableHasNoProblems() {
        assertThat(table().build().problems(true, false)).isEmpty();
    }

    @Test
    void allProblemsAreTold() {
        TableDescription table =
                table().option("pullBatchSise", "1").option("lengthCheck", "perhaps").physical("list", "ARRAY<INT>").build();
        assertThat(table.problems(true, false))
                .anySatisfy(text -> assertThat(text).contains("pullBatchSise", "did you mean 'pullBatchSize'"))
                .anySatisfy(text -> assertThat(text).contains("lengthCheck", "perhaps"))
                .anySatisfy(text -> assertThat(text).contains("column 'list'", "ARRAY<INT>"));
    }

    @Test
    void textCrossesAsItIs() {
        String strange = "\u0000 ä € \uD83D\uDE80 \uD800";
        assertThat(table().option(strange, "1").build().problems(true, false))
                .anySatisfy(text -> assertThat(text).contains("\\x00 ä € \uD83D\uDE80 \uFFFD"));
    }

    @Test
    void aMissingSecretIsNamed() {
        TableDescription table = table().option("accessId", "${secret_values.no_such}").option("accessKey", "k").build();
        assertThat(table.problems(true, false))
                .anySatisfy(text -> assertThat(text).contains("ROCKETLINK_SECRET_no_such"));
    }

    /** The secret is of the environment, by the pom. */
    @Test
    void noSecretIsShownByAProblemNorByAnException() {
        TableDescription table = table().option("pullBatchSize", "${secret_values.hush}").build();
        assertThat(table.problems(true, false))
                .singleElement()
                .satisfies(text -> assertThat(text).contains("'${secret_values.hush}'").doesNotContain("hush-42-hush"));
        assertThatThrownBy(() -> table.summary(true))
                .isInstanceOf(RocketLinkException.class)
                .hasMessageContaining("'${secret_values.hush}'")
                .hasMessageNotContaining("hush-42-hush");
    }

    @Test
    void whatBeginsIsToldInOneLineWithoutSecrets() throws Exception {
        TableDescription.Builder table =
                table().option("producerGroup", "writers").option("accessId", "me").option("accessKey", "hidden");
        assertThat(table.build().summary(true))
                .matches("rocketlink \\S.* reads topic 'orders' at 127.0.0.1:9876, consumer group 'readers', from the group's"
                        + " offsets, earliest where there are none");
        assertThat(table.option("scan.startup.mode", "latest").build().summary(true)).endsWith("from latest");
        assertThat(table.build().summary(false)).endsWith("writes topic 'orders' at 127.0.0.1:9876, producer group 'writers'");
    }

    @Test
    void theNearestNameIsFound() {
        assertThat(TableDescription.nearestName("topik", List.of("tag", "topic"))).contains("topic");
        assertThat(TableDescription.nearestName("else", List.of("tag", "topic"))).isEmpty();
    }
}
