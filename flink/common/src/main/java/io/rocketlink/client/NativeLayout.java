package io.rocketlink.client;

/**
 * Where the fields stand in what crosses to and from native code. Written from {@code jni/src/layout.h}: change that, then run
 * {@code ROCKETLINK_WRITE_DOCS=1 unit_tests --gtest_filter='LayoutDoc.*'}.
 */
final class NativeLayout {
    /** Where a number has nothing to say, and no other word for it. */
    static final int NONE = -1;

    /** There is no event time. */
    static final long NO_TIME = Long.MIN_VALUE;

    /** What {@link TableColumn#VIRTUAL} says of a virtual column. */
    static final String VIRTUAL = "virtual";

    private NativeLayout() {}

    /** {@code String[]}, Java → C++: a table's options, one after the other. */
    static final class OptionEntry {
        /** String: the option's, as written in WITH. */
        static final int NAME = 0;

        /** String: secrets still as placeholders. */
        static final int VALUE = 1;

        /** Of all these. */
        static final int SIZE = 2;

        private OptionEntry() {}
    }

    /** {@code String[]}, Java → C++: a table's columns, one after the other. */
    static final class TableColumn {
        /** String: the column's. */
        static final int NAME = 0;

        /** String: as Flink SQL writes it. */
        static final int TYPE = 1;

        /** String: empty: a physical column. */
        static final int METADATA_KEY = 2;

        /** String: "virtual" or empty. */
        static final int VIRTUAL = 3;

        /** String: may be empty. */
        static final int COMMENT = 4;

        /** Of all these. */
        static final int SIZE = 5;

        private TableColumn() {}
    }

    /** {@code String[]}, both ways: splits, one after the other: their texts. */
    static final class SplitName {
        /** String: the queue's. */
        static final int TOPIC = 0;

        /** String: the name of the queue's. */
        static final int BROKER = 1;

        /** Of all these. */
        static final int SIZE = 2;

        private SplitName() {}
    }

    /** {@code long[]}, both ways: the same splits: their numbers. */
    static final class SplitNumber {
        /** long: the queue's number on its broker. */
        static final int QUEUE_ID = 0;

        /** long, offset: of the next message to be read. */
        static final int OFFSET = 1;

        /** long, offset: where reading ends, exclusive; -1: never. */
        static final int STOP = 2;

        /** Of all these. */
        static final int SIZE = 3;

        private SplitNumber() {}
    }

    /** {@code Object[]}, C++ → Java: queues that were found. */
    static final class Discovery {
        /** array: String[]: a SplitName for each queue. */
        static final int NAMES = 0;

        /** array: long[]: a SplitNumber for each, in the same order. */
        static final int NUMBERS = 1;

        /** Of all these. */
        static final int SIZE = 2;

        private Discovery() {}
    }

    /** {@code long[]}, Java → C++: what of each queue is to be read. */
    static final class ScanBound {
        /** long, offset: -1: none. */
        static final int FIRST_OFFSET = 0;

        /** long, offset: exclusive; -1: none. */
        static final int STOP_OFFSET = 1;

        /** long, epoch ms: by when messages were stored; -1: none. */
        static final int FIRST_TIME_MS = 2;

        /** long, epoch ms: exclusive; -1: none. */
        static final int STOP_TIME_MS = 3;

        /** Of all these. */
        static final int SIZE = 4;

        private ScanBound() {}
    }

    /** {@code long[]}, C++ → Java: what Flink needs of a source's options. */
    static final class SourceSetting {
        /** long, ms: 0: queues are looked for at the start only. */
        static final int DISCOVERY_INTERVAL_MS = 0;

        /** long, 0 or 1: whether reading ends. */
        static final int BOUNDED = 1;

        /** long, readers: 0: the job's. */
        static final int PARALLELISM = 2;

        /** long, 0 or 1: whether a record that cannot be read fails the job; else it is skipped. */
        static final int FAILS_ON_BAD_RECORDS = 3;

        /** long, 0 or 1: whether the log names each one; else one a minute. */
        static final int LOGS_EACH_BAD_RECORD = 4;

        /** long, 0 or 1: whether no option says which messages to read. */
        static final int READS_ALL_MESSAGES = 5;

        /** Of all these. */
        static final int SIZE = 6;

        private SourceSetting() {}
    }

    /** {@code long[]}, C++ → Java: what Flink needs of a sink's options. */
    static final class SinkSetting {
        /** long, writers: 0: the job's. */
        static final int PARALLELISM = 0;

        /** long, 0 or 1: whether a checkpoint waits for acknowledgements. */
        static final int AT_LEAST_ONCE = 1;

        /** Of all these. */
        static final int SIZE = 2;

        private SinkSetting() {}
    }

    /** {@code long[]}, C++ → Java: how a reader fares; then comes a QueueNumber of each queue asked for. */
    static final class ReaderNumber {
        /** long, calls: to brokers. */
        static final int API_CALLS = 0;

        /** long, calls: that failed and were tried again. */
        static final int RETRIES = 1;

        /** long, calls: that a broker refused because it was busy or throttles. */
        static final int THROTTLED = 2;

        /** long, bytes: fetched and not handed out. */
        static final int BYTES_BUFFERED = 3;

        /** Of all these. */
        static final int SIZE = 4;

        private ReaderNumber() {}
    }

    /** {@code long[]}, C++ → Java: how far a queue is read. */
    static final class QueueNumber {
        /** long, offset: of the next message to be handed out; -1: the queue is not read. */
        static final int POSITION = 0;

        /** long, offset: behind the queue's last message, as of the last answer; -1: it is not read. */
        static final int END = 1;

        /** long, offset: the last one committed by this reader; -1: none. */
        static final int COMMITTED = 2;

        /** Of all these. */
        static final int SIZE = 3;

        private QueueNumber() {}
    }

    /** {@code long[]}, C++ → Java: how a sink fares, since it was opened. */
    static final class SinkNumber {
        /** long, messages: stored. */
        static final int MESSAGES_ACKNOWLEDGED = 0;

        /** long, bytes: of their bodies. */
        static final int BYTES_ACKNOWLEDGED = 1;

        /** long, messages: that could not be written. */
        static final int MESSAGES_FAILED = 2;

        /** long, calls: that failed and were tried again. */
        static final int RETRIES = 3;

        /** long, calls: that a broker refused because it was busy or throttles. */
        static final int THROTTLED = 4;

        /** long, messages: stored, but flushed or replicated late. */
        static final int DEGRADED = 5;

        /** long, calls: to brokers. */
        static final int API_CALLS = 6;

        /** long, ms: that the last acknowledged send took. */
        static final int LAST_SEND_MS = 7;

        /** long, fields: that hold the delimiter. */
        static final int DELIMITER_CONFLICTS = 8;

        /** Of all these. */
        static final int SIZE = 9;

        private SinkNumber() {}
    }

    /** {@code byte[]}, C++ → Java: a batch of messages of one queue: its begin. */
    static final class BatchHeader {
        /** u32, messages: in this batch. */
        static final int MESSAGES = 0;

        /** u32, bytes: of the queue's name. */
        static final int NAME_BYTES = 4;

        /** i64, offset: where reading goes on; -1: the last message has further rows, which come alone in the next batch. */
        static final int NEXT_OFFSET = 8;

        /** i64, bytes: of the messages' bodies, uncompressed. */
        static final int BODY_BYTES = 16;

        /** u32, records: skipped since the batch before, damaged messages among them. */
        static final int SKIPPED = 24;

        /** u32, position: where in the array the contents begin. */
        static final int CONTENTS = 28;

        /** Of all these. */
        static final int SIZE = 32;

        private BatchHeader() {}
    }

    /** {@code byte[]}, C++ → Java: one message in the table of a batch. */
    static final class BatchMessage {
        /** i64, offset: of the message in its queue. */
        static final int OFFSET = 0;

        /** i64, epoch ms: when the broker stored it. */
        static final int STORED_MS = 8;

        /** i64, epoch ms: when the producer made it. */
        static final int BORN_MS = 16;

        /** u32, position: where in the array its contents begin. */
        static final int POSITION = 24;

        /** u32, rows: how many they are; 1 for a raw message. */
        static final int ROWS = 28;

        /** Of all these. */
        static final int SIZE = 32;

        private BatchMessage() {}
    }

    /** {@code byte[]}, C++ → Java: what stands before each row and raw message of a batch. */
    static final class Content {
        /** u64, bytes: of the row or raw message that follows. */
        static final int LENGTH = 0;

        /** Of all these. */
        static final int SIZE = 8;

        private Content() {}
    }

    /** {@code byte[]}, C++ → Java: a raw message of a batch: its begin. */
    static final class RawMessage {
        /** u32, bytes: of the body. */
        static final int BODY_BYTES = 0;

        /** u32, bytes: of the properties. */
        static final int PROPERTY_BYTES = 4;

        /** u32, bytes: of the message id. */
        static final int ID_BYTES = 8;

        /** i32: the application's own. */
        static final int FLAG = 12;

        /** i32: RocketMQ's. */
        static final int SYS_FLAG = 16;

        /** i32, times: how often it was handed out again before. */
        static final int RECONSUME_TIMES = 20;

        /** Of all these. */
        static final int SIZE = 24;

        private RawMessage() {}
    }

    /** {@code byte[]}, Java → C++: a row to be written: its begin. */
    static final class WrittenRow {
        /** i32, bytes: of the row, before it is padded. */
        static final int ROW_BYTES = 0;

        /** i32, bytes: of the body; -1: none follows, it is made of the row. */
        static final int BODY_BYTES = 4;

        /** i64, epoch ms: the least i64: none. */
        static final int EVENT_TIME_MS = 8;

        /** Of all these. */
        static final int SIZE = 16;

        private WrittenRow() {}
    }

    /** {@code byte[]}, Java → C++: a message to be written: its begin. */
    static final class WrittenMessage {
        /** i32, bytes: of the body. */
        static final int BODY_BYTES = 0;

        /** i32, bytes: of the keys; -1: none. */
        static final int KEY_BYTES = 4;

        /** i32, bytes: of the tag; -1: none. */
        static final int TAG_BYTES = 8;

        /** i32, bytes: of the sharding key; -1: none. */
        static final int PARTITION_BYTES = 12;

        /** i32, bytes: of further properties, as on the wire. */
        static final int PROPERTY_BYTES = 16;

        /** i64, epoch ms: the least i64: none. */
        static final int EVENT_TIME_MS = 20;

        /** Of all these. */
        static final int SIZE = 28;

        private WrittenMessage() {}
    }
}
