package io.rocketlink.flink.source.split;

import io.rocketlink.client.QueueRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Version 1: topic, broker, queue id, offset, stop (-1: none). Every earlier version stays readable. */
public final class QueueSplitSerializer implements SimpleVersionedSerializer<QueueSplit> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(QueueSplit split) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(split, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @Override
    public QueueSplit deserialize(int version, byte[] bytes) throws IOException {
        checkVersion("a split", version, VERSION);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        QueueSplit split = read(in);
        checkEnd(in);
        return split;
    }

    public static void write(QueueSplit split, DataOutputStream out) throws IOException {
        QueueRange range = split.range();
        out.writeUTF(range.topic());
        out.writeUTF(range.broker());
        out.writeInt(range.id());
        out.writeLong(range.offset());
        out.writeLong(range.stop());
    }

    /** Refuses what is newer than {@code newest}, and what never was. */
    public static void checkVersion(String what, int version, int newest) throws IOException {
        if (version > newest) {
            throw new IOException(
                    what + " of version " + version + " is from a newer connector; this one reads up to " + newest);
        }
        if (version < 1) {
            throw new IOException("the state is damaged: it holds " + what + " of version " + version);
        }
    }

    /** Refuses what is longer than it should be, as damaged. */
    public static void checkEnd(DataInputStream in) throws IOException {
        if (in.available() > 0) {
            throw new IOException("the state is damaged: " + in.available() + " byte(s) are left over behind its end");
        }
    }

    public static QueueSplit read(DataInputStream in) throws IOException {
        QueueRange range = new QueueRange(in.readUTF(), in.readUTF(), in.readInt(), in.readLong(), in.readLong());
        if (range.id() < 0 || range.offset() < 0 || (range.stop() < 0 && range.stop() != QueueRange.NO_STOP)) {
            throw new IOException("the state is damaged: it says " + range);
        }
        return new QueueSplit(range);
    }
}
