#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mock/observer.h"
#include "rocketlink/runtime.h"

namespace rocketlink::mock {

/// Keeps all that brokers ever stored and all that was ever committed there. Thread-safe.
class Ledger : public Observer {
 public:
  struct Record {
    MockRecord message;
    SteadyTime stored;
    std::optional<SteadyTime> acknowledged;  ///< never of what the test itself appended
    bool lost = false;
  };
  struct Commit {
    enum class By : std::uint8_t { kClient, kAdmin, kDeath };
    SteadyTime time;
    std::optional<std::int64_t> offset;  ///< nothing: there is none any more
    By by = By::kClient;
  };

  explicit Ledger(const Runtime& runtime) : runtime_(runtime) {}

  /// In the order of appending.
  [[nodiscard]] std::vector<Record> records(const QueueId& queue) const;
  [[nodiscard]] std::vector<Commit> commits(const std::string& group, const QueueId& queue) const;

  void stored(const QueueId& queue, const MockRecord& record) override;
  void acknowledged(const QueueId& queue, std::uint64_t number) override;
  void lost(const QueueId& queue, const MockRecord& record) override;
  void found_again(const QueueId& queue, const MockRecord& record) override;
  void committed(const std::string& group, const QueueId& queue, std::int64_t offset) override;
  void set_committed(const std::string& group, const QueueId& queue, std::int64_t offset) override;
  void committed_fell_back(const std::string& group, const QueueId& queue, std::optional<std::int64_t> offset) override;

 private:
  void note(const std::string& group, const QueueId& queue, std::optional<std::int64_t> offset, Commit::By by);

  const Runtime& runtime_;
  mutable std::mutex mutex_;
  std::map<QueueId, std::map<std::uint64_t, Record>> records_;  ///< by the number of the append
  std::map<std::pair<std::string, QueueId>, std::vector<Commit>> commits_;
};

}  // namespace rocketlink::mock
