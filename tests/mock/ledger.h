#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rocketlink/message.h"
#include "rocketlink/runtime.h"

/// What brokers did, as a judge sees it.
namespace rocketlink::mock {

/// A message that was ever appended to a queue.
struct LedgerRecord {
  std::int64_t offset = 0;
  std::int64_t span = 1;
  std::string body;  ///< as sent: maybe compressed
  std::string unique_key;
  std::string tags;
  std::uint64_t number = 0;  ///< of the append, in the whole cluster
  SteadyTime appended;
  std::optional<SteadyTime> acknowledged;  ///< when a success was given to whoever sent it; a test's own: at once
  bool lost = false;                       ///< whether the broker that is, or was last, master has it no more
};

/// A group's offset of a queue, as it changed.
struct LedgerCommit {
  enum class By : std::uint8_t { kClient, kAdmin, kDeath };  ///< kDeath: it fell back to what was on disk
  SteadyTime time;
  std::string server;
  std::optional<std::int64_t> offset;  ///< nothing: there is none any more
  By by = By::kClient;
};

class Ledger {
 public:
  using Group = std::pair<std::string, QueueId>;

  void appended(const QueueId& queue, LedgerRecord record);
  void acknowledged(std::uint64_t number, SteadyTime time);
  void committed(const Group& group, LedgerCommit commit) { commits_[group].push_back(std::move(commit)); }

  [[nodiscard]] std::vector<LedgerRecord> records(const QueueId& queue, std::size_t first) const;
  [[nodiscard]] std::vector<LedgerCommit> commits(const Group& group) const;
  [[nodiscard]] std::vector<QueueId> queues() const;

 private:
  struct Place {
    QueueId queue;
    std::size_t index = 0;
  };
  std::map<QueueId, std::vector<LedgerRecord>> records_;
  std::map<std::uint64_t, Place> places_;  ///< of those not acknowledged yet, by number
  std::map<Group, std::vector<LedgerCommit>> commits_;
};

}  // namespace rocketlink::mock
