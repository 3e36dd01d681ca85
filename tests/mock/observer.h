#pragma once

#include <cstdint>
#include <string>

#include "mock/mock_store.h"

namespace rocketlink::mock {

/// Told what brokers do, as they do it; must not call back. For judges, which see each step and not only how it ends.
class Observer {
 public:
  Observer() = default;
  virtual ~Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  virtual void stored(const QueueId& queue, const MockRecord& record) = 0;
  virtual void committed(const std::string& group, const QueueId& queue, std::int64_t offset) = 0;
};

}  // namespace rocketlink::mock
