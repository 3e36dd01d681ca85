#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mock/mock_store.h"

namespace rocketlink::mock {

struct SeenRequest;

/// Told what brokers do, as they do it; must not call back. For judges, which see each step and not only how it ends.
class Observer {
 public:
  Observer() = default;
  virtual ~Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  /// A master has it in its log, whether visible, flushed or acknowledged yet or not.
  virtual void stored(const QueueId& queue, const MockRecord& record) = 0;
  /// It came to a server, whatever becomes of it.
  virtual void received(const SeenRequest& /*request*/) {}
  /// That is what it is going to be told, sooner or later, whether that arrives or not.
  virtual void answered(const SeenRequest& /*request*/, std::int32_t /*code*/) {}
  /// A master has taken it.
  virtual void committed(const std::string& group, const QueueId& queue, std::int64_t offset) = 0;
  /// Whoever sent it is given a success.
  virtual void acknowledged(const QueueId& /*queue*/, std::uint64_t /*number*/) {}
  /// Whoever sent it is told that it is stored, but not yet as safely as it should be.
  virtual void degraded(const QueueId& /*queue*/, std::uint64_t /*number*/) {}
  /// The master came back, or another rose, without it.
  virtual void lost(const QueueId& /*queue*/, const MockRecord& /*record*/) {}
  /// And one rose later that has it.
  virtual void found_again(const QueueId& /*queue*/, const MockRecord& /*record*/) {}
  /// By an admin or by the test.
  virtual void set_committed(const std::string& /*group*/, const QueueId& /*queue*/, std::int64_t /*offset*/) {}
  /// A broker's death left it at what was on disk, or a new master at what it knows; nothing: there is none any more.
  virtual void committed_fell_back(const std::string& /*group*/, const QueueId& /*queue*/,
                                   std::optional<std::int64_t> /*offset*/) {}
};

}  // namespace rocketlink::mock
