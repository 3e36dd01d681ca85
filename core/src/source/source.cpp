#include "rocketlink/source.h"

#include <fmt/format.h>

#include <map>

#include "cluster/cluster.h"

namespace rocketlink {

struct Source::State {
  std::shared_ptr<Client> client;
  std::unique_ptr<SourceEnumerator> enumerator;
  std::unique_ptr<SourceReader> reader;
  bool commits_start = false;
  std::chrono::milliseconds interval{0};  ///< between two looks for new queues; 0 = none
  SteadyTime next_look{};
  /// Where to go on behind what was handed out and not committed; of a start that is passing, also where that was.
  std::map<QueueId, std::int64_t> polled;

  Status look() {
    next_look = client->cluster().runtime().now() + interval;
    auto found = enumerator->discover();
    if (!found) return std::move(found).error();
    std::vector<Split> splits;
    for (auto& assignment : *found) {
      if (commits_start) polled.emplace(assignment.split.queue, assignment.split.offset);
      splits.push_back(std::move(assignment.split));
    }
    if (!splits.empty()) reader->add_splits(splits);
    return {};
  }
};

Source::Source(std::unique_ptr<State> state) : state_(std::move(state)) {}

Source::~Source() = default;

Result<PollOutcome> Source::poll(MessageBatch& batch, std::chrono::milliseconds timeout) {
  if (state_->interval.count() > 0 && state_->client->cluster().runtime().now() >= state_->next_look) {
    const Status looked = state_->look();
    if (!looked && looked.error().fatal) return looked.error();
    if (!looked) {
      state_->client->cluster().repeated().write(
          LogLevel::kWarning, fmt::format("look for queues {}", looked.error().code),
          fmt::format("looking for new queues failed, those known are read on: {}", looked.error().text));
    }
  }
  auto outcome = state_->reader->poll(batch, timeout);
  if (outcome && *outcome == PollOutcome::kBatch) state_->polled[batch.queue()] = batch.next_offset();
  return outcome;
}

Status Source::commit(std::chrono::milliseconds timeout) {
  std::vector<Position> positions;
  positions.reserve(state_->polled.size());
  for (const auto& [queue, offset] : state_->polled) positions.push_back({queue, offset});
  Status committed = state_->reader->commit(positions, timeout);
  if (committed) state_->polled.clear();
  return committed;
}

void Source::wake_up() {
  state_->reader->wake_up();
}

ReaderStats Source::stats() const {
  return state_->reader->stats();
}

SourceBuilder Source::builder() {
  return SourceBuilder();
}

Result<std::unique_ptr<Source>> SourceBuilder::build() const {
  const auto options = parse_source_options(entries_);
  if (!options) return options.error();
  auto connected = client(options->connection);
  if (!connected) return std::move(connected).error();
  auto enumerator = SourceEnumerator::create(*connected, *options, 1);
  if (!enumerator) return std::move(enumerator).error();
  auto reader = SourceReader::create(*connected, *options);
  if (!reader) return std::move(reader).error();

  auto state = std::make_unique<Source::State>();
  state->client = *std::move(connected);
  state->enumerator = *std::move(enumerator);
  state->reader = *std::move(reader);
  state->commits_start = options->start_is_passing();
  const bool bounded = options->bounded_mode != BoundedMode::kUnbounded;
  if (!bounded) state->interval = std::chrono::milliseconds(options->discovery_interval_ms);
  if (auto found = state->look(); !found) return std::move(found).error();
  if (bounded) state->reader->no_more_splits();
  return std::unique_ptr<Source>(new Source(std::move(state)));
}

}  // namespace rocketlink
