#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "rocketlink/runtime.h"

namespace rocketlink::sim {

class Thread;
struct Executor;

/// Something that is to happen. Events are used again and again; `id` says for what, 0 for nothing.
struct Event {
  static constexpr std::size_t kNowhere = ~std::size_t{0};

  std::uint64_t id = 0;
  Executor* executor = nullptr;  ///< runs `action`; null: `thread` goes on
  Thread* thread = nullptr;
  std::function<void()> action;
  std::size_t place = kNowhere;  ///< in the queue
  Event* previous = nullptr;     ///< of the same executor
  Event* next = nullptr;
};

/// Names an event, also after it has happened.
class EventId {
 public:
  EventId() = default;
  explicit EventId(Event& event) : event_(&event), id_(event.id) {}
  /// Null when it has happened or was cancelled.
  [[nodiscard]] Event* find() const { return event_ != nullptr && event_->id == id_ ? event_ : nullptr; }

 private:
  Event* event_ = nullptr;
  std::uint64_t id_ = 0;
};

/// Events by time, those of one time in the order they were pushed. A heap of four children a node, which events are
/// taken out of anywhere, since most timers are cancelled.
class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] SteadyTime next_time() const { return heap_.front().when; }
  [[nodiscard]] const Event& next() const { return *heap_.front().event; }
  void push(Event& event, SteadyTime when);
  [[nodiscard]] Event& pop();
  void remove(Event& event);

 private:
  struct Entry {
    SteadyTime when;
    std::uint64_t sequence;
    Event* event;
    [[nodiscard]] bool before(const Entry& other) const {
      return when != other.when ? when < other.when : sequence < other.sequence;
    }
  };
  void put(std::size_t place, const Entry& entry);
  void rise(std::size_t place, const Entry& entry);
  void sink(std::size_t place, const Entry& entry);

  std::vector<Entry> heap_;
  std::uint64_t sequence_ = 0;
};

}  // namespace rocketlink::sim
