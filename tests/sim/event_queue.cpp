#include "sim/event_queue.h"

#include <algorithm>

namespace rocketlink::sim {

namespace {
constexpr std::size_t kChildren = 4;
}

void EventQueue::push(Event& event, SteadyTime when) {
  heap_.emplace_back();
  rise(heap_.size() - 1, {when, ++sequence_, &event});
}

Event& EventQueue::pop() {
  Event& event = *heap_.front().event;
  remove(event);
  return event;
}

void EventQueue::remove(Event& event) {
  const std::size_t place = event.place;
  event.place = Event::kNowhere;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (place == heap_.size()) return;
  if (place > 0 && last.before(heap_[(place - 1) / kChildren])) {
    rise(place, last);
  } else {
    sink(place, last);
  }
}

void EventQueue::put(std::size_t place, const Entry& entry) {
  heap_[place] = entry;
  entry.event->place = place;
}

void EventQueue::rise(std::size_t place, const Entry& entry) {
  while (place > 0) {
    const std::size_t parent = (place - 1) / kChildren;
    if (!entry.before(heap_[parent])) break;
    put(place, heap_[parent]);
    place = parent;
  }
  put(place, entry);
}

void EventQueue::sink(std::size_t place, const Entry& entry) {
  for (;;) {
    const std::size_t first = place * kChildren + 1;
    if (first >= heap_.size()) break;
    std::size_t least = first;
    for (std::size_t child = first + 1; child < std::min(first + kChildren, heap_.size()); ++child) {
      if (heap_[child].before(heap_[least])) least = child;
    }
    if (!heap_[least].before(entry)) break;
    put(place, heap_[least]);
    place = least;
  }
  put(place, entry);
}

}  // namespace rocketlink::sim
