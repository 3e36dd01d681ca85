#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mock/mock_store.h"

namespace rocketlink::mock {

/// What one broker process holds: its log, the queues that were built from it, and committed offsets; each with what a
/// death leaves of it. Pure data.
class Replica {
 public:
  struct Record {
    std::uint64_t number = 0;  ///< of the append, in the whole cluster
    QueueId queue;
    std::int64_t offset = 0;
    std::int64_t span = 1;
    std::shared_ptr<const MockEntry> entry;  ///< null once it has expired
    bool removed = false;                    ///< by deletion of its topic or by cut_off
  };
  using Offsets = std::map<std::pair<std::string, QueueId>, std::int64_t>;  ///< (group, queue) → offset

  /// To the log; not visible before `dispatch`.
  const Record& append(std::uint64_t number, const QueueId& queue, MockMessage message,
                       std::optional<std::int64_t> store_time);
  /// A record of the master's log.
  void copy(const Record& record);
  /// Everything before position `end` of the log is on disk.
  void flush(std::size_t end) { flushed_ = std::max(flushed_, std::min(end, log_.size())); }
  /// The next record of the log becomes visible.
  const Record& dispatch_next();
  /// The log ends before position `end`, its queues too. Gives what stood behind, the last one first.
  std::vector<Record> truncate(std::size_t end);
  /// How much of this log is the same as that of `other`.
  [[nodiscard]] std::size_t common_with(const Replica& other) const;

  void create_queue(const QueueId& queue) { queues_[queue]; }
  void create_queue(const QueueId& queue, MockQueue made) { queues_.insert_or_assign(queue, std::move(made)); }
  void delete_topic(const std::string& topic, bool with_offsets);
  void skip_offsets(const QueueId& queue, std::int64_t count);
  void expire_before(const QueueId& queue, std::int64_t min_offset);
  void cut_off(const QueueId& queue, std::int64_t max_offset);

  [[nodiscard]] const std::vector<Record>& log() const { return log_; }
  [[nodiscard]] std::size_t flushed() const { return flushed_; }
  [[nodiscard]] std::size_t dispatched() const { return dispatched_; }
  [[nodiscard]] const std::map<QueueId, MockQueue>& queues() const { return queues_; }
  [[nodiscard]] const MockQueue* find(const QueueId& queue) const;
  /// Whether the log has it, expired or not.
  [[nodiscard]] bool contains(std::uint64_t number) const;

  Offsets committed;
  Offsets persisted;             ///< those that a death leaves
  Offsets reset;                 ///< set by an admin, given out once (5.x)
  std::set<std::string> groups;  ///< subscription groups
  std::set<std::string> topics;  ///< of a slave: those it has been told of

 private:
  std::vector<Record> log_;
  std::size_t flushed_ = 0;
  std::size_t dispatched_ = 0;
  std::map<QueueId, MockQueue> queues_;
};

}  // namespace rocketlink::mock
