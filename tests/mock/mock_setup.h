#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rocketlink::mock {

class Observer;

using Milliseconds = std::chrono::milliseconds;

/// How answers' headers are encoded.
enum class MockEncoding : std::uint8_t { kJson, kBinary, kAsAsked };

/// How long a request waits for its turn at most; then it is refused with SYSTEM_BUSY (brokerFastFailureEnable).
struct QueueLimits {
  Milliseconds sends{200};
  Milliseconds pulls{5'000};
  Milliseconds others{5'000};
};

struct MockSetup {
  int name_servers = 1;
  std::vector<std::string> brokers = {"broker-a"};
  std::int32_t version = 513;                 ///< of every answer; 407 makes it behave like 4.9.7
  std::optional<MockEncoding> encoding = {};  ///< unset: as that version does
  bool create_topics = false;                 ///< autoCreateTopicEnable
  std::string broker_config = {};             ///< what GET_BROKER_CONFIG shows; empty: it is not served
  std::size_t max_message_bytes = 4 << 20;    ///< maxMessageSize
  Milliseconds longest_suspend{15'000};       ///< a long poll is held no longer
  bool keeps_seen = true;                     ///< for `seen` and its like
  Observer* observer = nullptr;               ///< on the loop's thread; outlives the cluster

  // What real servers do besides, and a test seldom wants: off unless set.
  bool sync_flush = false;  ///< flushDiskType=SYNC_FLUSH: acknowledged, and with 5.x visible, once it is flushed
  bool sync_replication =
      false;                   ///< brokerRole=SYNC_MASTER, with 5.x inSyncReplicas=2: acknowledged once a slave has it
  bool slave_reads = true;     ///< slaveReadEnable, of which 4.9 takes no notice
  bool slave_offsets = true;   ///< slaves get committed offsets; those of 5.5.0 fail to read what is sent to them
  bool acting_master = false;  ///< enableSlaveActingMaster of 5.x, and supportActingMaster of its name servers
  bool clock_timestamps = false;  ///< store times by the broker's clock, not one ms after the queue's last message
  std::optional<QueueLimits> queue_limits = {};
  std::optional<Milliseconds> register_every = {};         ///< brokers at name servers; unset: routes show what is
  std::optional<Milliseconds> hold_check = {};             ///< of long polls; unset: they end on time
  std::optional<Milliseconds> persist_offsets_every = {};  ///< unset: at once
  std::optional<Milliseconds> sync_slaves_every = {};      ///< topics, groups, offsets; unset: at once
  Milliseconds flush_timeout{5'000};                       ///< syncFlushTimeout
  Milliseconds slave_timeout{3'000};                       ///< slaveTimeout
  Milliseconds broker_expiry{120'000};  ///< a name server forgets a broker that is silent for so long

  /// Brokers and name servers with the habits of real ones, at their default settings.
  [[nodiscard]] static MockSetup like_real(std::int32_t version = 513) {
    MockSetup setup;
    setup.version = version;
    setup.slave_reads = false;
    setup.slave_offsets = version < 413;
    setup.clock_timestamps = true;
    setup.queue_limits = QueueLimits();
    setup.register_every = Milliseconds(30'000);
    setup.hold_check = Milliseconds(5'000);
    setup.persist_offsets_every = Milliseconds(5'000);
    setup.sync_slaves_every = version >= 413 ? Milliseconds(60'000) : Milliseconds(10'000);
    return setup;
  }
};

/// The steps of a server's work that can each be slow or stand still. Those from kFlush on are of brokers alone.
enum class Step : std::uint8_t {
  kReceive,    ///< before a request is seen: a hop in between that buffers and forwards late, even for a dead client
  kSend,       ///< the queue of sends, and appending
  kPull,       ///< the queue of pulls
  kOther,      ///< the queue of all other requests
  kAnswer,     ///< behind the answer
  kFlush,      ///< from memory to disk
  kDispatch,   ///< from the log into the queues, where pulls and max offsets see it
  kReplicate,  ///< of a slave: from its master's log into its own
  kRegister,   ///< telling the name servers
};
inline constexpr std::size_t kSteps = 9;

struct Pace {
  std::chrono::nanoseconds delay{0};
  std::chrono::nanoseconds jitter{0};  ///< up to so much more, drawn each time
  bool stalled = false;
  bool unordered = false;  ///< what has the shorter delay goes first
};

/// How a broker or name server dies.
struct Death {
  bool loses_unflushed = true;  ///< the machine's death; a process alone leaves its pages to the machine
  bool silent = false;          ///< nobody is told: connections stay open, and nothing answers
};

}  // namespace rocketlink::mock
