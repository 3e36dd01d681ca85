package io.rocketlink.flink.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rocketlink.client.QueueRange;
import io.rocketlink.flink.source.enumerator.EnumeratorState;
import io.rocketlink.flink.source.enumerator.EnumeratorStateSerializer;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.junit.jupiter.api.Test;

/** What checkpoints hold. The bytes below are those of savepoints that users keep: they are never to be changed. */
class SerializersTest {
    private static final QueueSplit BOUNDED = new QueueSplit(new QueueRange("a.b%c", "näher", 7, 258, 1L << 40));
    private static final QueueSplit ENDLESS = new QueueSplit(new QueueRange("t", "b", 0, 0, QueueRange.NO_STOP));
    private static final EnumeratorState STATE = new EnumeratorState(List.of(BOUNDED, ENDLESS), List.of(ENDLESS));

    private static final String BOUNDED_1 =
            "0005612e622563" + "00066ec3a4686572" + "00000007" + "0000000000000102" + "0000010000000000";
    private static final String ENDLESS_1 = "000174" + "000162" + "00000000" + "0000000000000000" + "ffffffffffffffff";
    private static final String STATE_1 = "00000002" + BOUNDED_1 + ENDLESS_1 + "00000001" + ENDLESS_1;

    private static final QueueSplitSerializer SPLITS = new QueueSplitSerializer();
    private static final EnumeratorStateSerializer STATES = new EnumeratorStateSerializer();

    private static byte[] bytes(String hex) {
        byte[] padded = new BigInteger("01" + hex, 16).toByteArray();
        return Arrays.copyOfRange(padded, 1, padded.length);
    }

    private static <T> void refusesDamage(SimpleVersionedSerializer<T> serializer, byte[] sound) {
        for (int length = 0; length < sound.length; ++length) {
            byte[] cut = Arrays.copyOf(sound, length);
            assertThatThrownBy(() -> serializer.deserialize(1, cut)).isInstanceOf(IOException.class);
        }
        byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        assertThatThrownBy(() -> serializer.deserialize(1, longer))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 byte");
        assertThatThrownBy(() -> serializer.deserialize(2, sound))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 2")
                .hasMessageContaining("newer connector");
        for (int never : new int[] {0, -1}) {
            assertThatThrownBy(() -> serializer.deserialize(never, sound))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("damaged")
                    .hasMessageContaining("version " + never);
        }
    }

    @Test
    void version1OfASplit() throws Exception {
        assertThat(SPLITS.getVersion()).isEqualTo(1);
        assertThat(SPLITS.serialize(BOUNDED)).isEqualTo(bytes(BOUNDED_1));
        assertThat(SPLITS.serialize(ENDLESS)).isEqualTo(bytes(ENDLESS_1));
        assertThat(SPLITS.deserialize(1, bytes(BOUNDED_1))).isEqualTo(BOUNDED);
        assertThat(SPLITS.deserialize(1, bytes(ENDLESS_1))).isEqualTo(ENDLESS);
    }

    @Test
    void version1OfTheEnumeratorsState() throws Exception {
        assertThat(STATES.getVersion()).isEqualTo(1);
        assertThat(STATES.serialize(STATE)).isEqualTo(bytes(STATE_1));
        assertThat(STATES.deserialize(1, bytes(STATE_1))).isEqualTo(STATE);
        EnumeratorState empty = new EnumeratorState(List.of(), List.of());
        assertThat(STATES.deserialize(1, STATES.serialize(empty))).isEqualTo(empty);
    }

    @Test
    void damagedAndNewerOnesAreRefused() {
        refusesDamage(SPLITS, bytes(BOUNDED_1));
        refusesDamage(STATES, bytes(STATE_1));
        byte[] negative = bytes("ffffffff" + "00000000");
        assertThatThrownBy(() -> STATES.deserialize(1, negative)).isInstanceOf(IOException.class);
    }

    @Test
    void noQueueStandsBelowItsBegin() {
        String name = "000174" + "000162";
        String zero = "0000000000000000";
        for (String numbers :
                List.of(
                        "ffffffff" + zero + zero, // the queue's id
                        "00000000" + "ffffffffffffffff" + zero,
                        "00000000" + zero + "fffffffffffffffe")) {
            byte[] split = bytes(name + numbers);
            assertThatThrownBy(() -> SPLITS.deserialize(1, split))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("damaged")
                    .hasMessageContaining("t@b:");
            byte[] state = bytes("00000001" + name + numbers + "00000000");
            assertThatThrownBy(() -> STATES.deserialize(1, state)).isInstanceOf(IOException.class);
        }
    }
}
