#include "connectors/sink_group.h"

#include <functional>

namespace rocketlink::connectors {

Result<std::shared_ptr<SinkGroup>> SinkGroup::open(const std::shared_ptr<Client>& client, const SinkOptions& options,
                                                   std::size_t sinks, std::size_t writers) {
  std::shared_ptr<SinkGroup> group(new SinkGroup(sinks, writers));
  for (Member& member : group->members_) {
    auto sink = Sink::open(client, options);
    if (!sink) return std::move(sink).error();
    member.sink = *std::move(sink);
  }
  return group;
}

std::size_t SinkGroup::sink_of(std::string_view partition) const {
  return members_.size() == 1 ? 0 : std::hash<std::string_view>{}(partition) % members_.size();
}

Status SinkGroup::write(std::size_t sink, const OutgoingMessage& message) {
  Member& member = members_[sink];
  const std::lock_guard lock(member.mutex);
  return member.sink->write(message);
}

Status SinkGroup::flush() {
  for (Member& member : members_) {
    const std::lock_guard lock(member.mutex);
    if (auto flushed = member.sink->flush(); !flushed) return flushed;
  }
  return {};
}

Status SinkGroup::close(std::chrono::milliseconds timeout) {
  {
    const std::lock_guard lock(close_mutex_);
    if (--open_writers_ > 0) return flush();
  }
  Status first;
  for (Member& member : members_) {
    const std::lock_guard lock(member.mutex);
    auto closed = member.sink->close(timeout);
    if (!closed && first) first = std::move(closed);
  }
  return first;
}

void SinkGroup::abort() {
  for (Member& member : members_) member.sink->abort();
}

SinkStats SinkGroup::stats() const {
  SinkStats sum;
  for (const Member& member : members_) sum += member.sink->stats();
  return sum;
}

}  // namespace rocketlink::connectors
