package io.rocketlink.flink.source.enumerator;

import io.rocketlink.flink.source.split.QueueSplit;
import io.rocketlink.flink.source.split.QueueSplitSerializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Version 1: the known splits, the unassigned ones, each list with its length in front. */
public final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(EnumeratorState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        write(state.known(), out);
        write(state.unassigned(), out);
        return bytes.toByteArray();
    }

    @Override
    public EnumeratorState deserialize(int version, byte[] bytes) throws IOException {
        QueueSplitSerializer.checkVersion("an enumerator", version, VERSION);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        EnumeratorState state = new EnumeratorState(read(in), read(in));
        QueueSplitSerializer.checkEnd(in);
        return state;
    }

    private static void write(List<QueueSplit> splits, DataOutputStream out) throws IOException {
        out.writeInt(splits.size());
        for (QueueSplit split : splits) {
            QueueSplitSerializer.write(split, out);
        }
    }

    private static List<QueueSplit> read(DataInputStream in) throws IOException {
        List<QueueSplit> splits = new ArrayList<>();
        int count = in.readInt();
        if (count < 0) {
            throw new IOException("the state is damaged: it says that " + count + " queues follow");
        }
        for (int i = 0; i < count; ++i) {
            splits.add(QueueSplitSerializer.read(in));
        }
        return splits;
    }
}
