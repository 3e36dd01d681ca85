#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "cluster/cluster.h"
#include "cluster/heartbeats.h"
#include "source/committer.h"
#include "source/message_batch.h"
#include "source/queue_fetcher.h"
#include "source/subscription.h"

namespace rocketlink {

namespace source {

namespace {

constexpr std::chrono::hours kLongestWait{24};  ///< a longer timeout counts as this

class Reader final : public SourceReader {
 public:
  Reader(std::shared_ptr<Client> client, const SourceOptions& options)
      : client_(std::move(client)),
        group_(options.consumer_group),
        tags_(std::make_shared<const std::vector<std::string>>(options.tags)),
        output_(std::make_shared<FetchOutput>(cluster().runtime())),
        loop_state_(std::make_shared<LoopState>()),
        committer_(std::make_shared<Committer>(cluster(), group_, output_)) {
    FetchSettings settings;
    settings.group = options.consumer_group;
    settings.subscription = subscription_of(options);
    settings.batch_size = options.pull_batch_size;
    if (options.pull_interval_ms) settings.pull_interval = std::chrono::milliseconds(*options.pull_interval_ms);
    settings.out_of_range = options.out_of_range;
    settings_ = std::make_shared<const FetchSettings>(std::move(settings));
    if (options.heartbeat) {
      shown_topic_ = options.topic;
      cluster().heartbeats().join(group_, options.topic, subscription_of(options));
    }
    cluster().watch(options.topic);  // servers change their roles without any failure
    output_->on_resume([loop = &cluster().loop(), state = loop_state_] {
      loop->post([state] {
        for (const auto& [queue, fetcher] : state->fetchers) fetcher->pump();
      });
    });
  }

  ~Reader() override {
    output_->on_resume({});  // batches may live longer
    if (shown_topic_) cluster().heartbeats().leave(group_, *shown_topic_);
    cluster().loop().run_and_wait([this] {
      for (const auto& [queue, fetcher] : loop_state_->fetchers) fetcher->close();
      loop_state_->fetchers.clear();
      committer_->close();
    });
  }

  void add_splits(std::span<const Split> splits) override {
    for (const Split& split : splits) {
      auto state = std::make_shared<SplitState>();
      state->queue = split.queue;
      state->topic_on_wire = cluster().on_wire(split.queue.topic);
      state->stop = split.stop;
      state->position = split.offset;
      state->max_offset = split.offset;
      {
        const std::lock_guard lock(splits_mutex_);
        if (!splits_.try_emplace(split.queue, state).second) continue;  // it is being read already
      }
      ++unfinished_;
      cluster().loop().post([this_cluster = &cluster(), settings = settings_, output = output_,
                             loop_state = loop_state_, state, offset = split.offset] {
        auto fetcher =
            std::make_shared<QueueFetcher>(*this_cluster, settings, output, loop_state->reserved, state, offset);
        loop_state->fetchers[state->queue] = fetcher;
        fetcher->pump();
      });
    }
  }

  void remove_splits(std::span<const QueueId> queues) override {
    for (const QueueId& queue : queues) {
      {
        const std::lock_guard lock(splits_mutex_);
        const auto found = splits_.find(queue);
        if (found == splits_.end()) continue;
        found->second->removed = true;
        splits_.erase(found);
      }
      if (finished_.erase(queue) == 0) --unfinished_;
      on_fetcher(queue, [state = loop_state_, queue](QueueFetcher& fetcher) {
        fetcher.close();
        state->fetchers.erase(queue);
      });
      cluster().loop().post([committer = committer_, queue] { committer->forget(queue); });
    }
  }

  void no_more_splits() override { no_more_splits_ = true; }

  void pause(std::span<const QueueId> queues, bool paused) override {
    for (const QueueId& queue : queues) {
      on_fetcher(queue, [paused](QueueFetcher& fetcher) { fetcher.set_paused(paused); });
    }
  }

  Result<PollOutcome> poll(MessageBatch& batch, std::chrono::milliseconds timeout) override {
    const SteadyTime deadline = this->deadline(timeout);
    ReaderAccess::clear(batch);  // its bytes may be what the next answer waits for
    while (true) {
      if (output_->take_wake_up()) return PollOutcome::kWoken;
      while (!ready_.empty()) {
        FetchedChunk chunk = std::move(ready_.front());
        ready_.pop_front();
        if (chunk.split->removed) {
          output_->release(chunk);
          continue;
        }
        if (chunk.end) {
          output_->release(chunk);
          --unfinished_;
          finished_.insert(chunk.split->queue);
          newly_finished_.push_back(chunk.split->queue);
          continue;
        }
        chunk.split->position.store(chunk.next, std::memory_order_relaxed);
        ReaderAccess::fill(batch, output_, tags_, std::move(chunk));
        return PollOutcome::kBatch;
      }
      if (unfinished_ == 0 && no_more_splits_) return PollOutcome::kFinished;
      auto taken = output_->take(deadline);
      if (taken.woken) return PollOutcome::kWoken;
      if (taken.error) return *taken.error;
      if (taken.chunks.empty()) return PollOutcome::kTimeout;
      ready_ = std::move(taken.chunks);
    }
  }

  [[nodiscard]] std::vector<QueueId> take_finished() override { return std::exchange(newly_finished_, {}); }

  void wake_up() override { output_->wake_up(); }

  void commit_soon(std::span<const Position> positions) override { commit(wanted(positions), nullptr); }

  Status commit(std::span<const Position> positions, std::chrono::milliseconds timeout) override {
    auto own = wanted(positions);
    if (own.empty()) return {};
    const SteadyTime deadline = this->deadline(timeout);
    std::vector<QueueId> queues;
    for (const Committer::Wanted& one : own) queues.push_back(one.split->queue);
    const auto wait = std::make_shared<CommitWait>(cluster().runtime(), queues);
    commit(std::move(own), wait);
    const auto uncommitted = wait->wait_until(deadline);
    if (uncommitted.empty()) return {};
    std::string failures;
    for (const auto& [queue, why] : uncommitted) failures += fmt::format(" {} ({})", to_string(queue), why);
    return Error(ErrorCode::kDisconnected,
                 fmt::format("offsets of group '{}' could not be committed for{}", group_, failures), true);
  }

  [[nodiscard]] ReaderStats stats() const override {
    ReaderStats stats;
    stats.api_calls = output_->api_calls.load(std::memory_order_relaxed);
    stats.retries = output_->retries.load(std::memory_order_relaxed);
    stats.throttled = output_->throttled.load(std::memory_order_relaxed);
    stats.bytes_buffered = static_cast<std::uint64_t>(output_->buffered_bytes());
    const std::lock_guard lock(splits_mutex_);
    for (const auto& [queue, split] : splits_) {
      stats.queues.push_back({queue, split->position.load(std::memory_order_relaxed),
                              split->max_offset.load(std::memory_order_relaxed),
                              split->committed.load(std::memory_order_relaxed)});
    }
    return stats;
  }

 private:
  /// Those of our own queues, each once: others are another reader's by now.
  [[nodiscard]] std::vector<Committer::Wanted> wanted(std::span<const Position> positions) const {
    std::map<QueueId, Committer::Wanted> own;
    for (const Position& position : positions) {
      if (auto split = find(position.queue)) own[position.queue] = {std::move(split), position.offset};
    }
    std::vector<Committer::Wanted> list;
    for (auto& [queue, one] : own) list.push_back(std::move(one));
    return list;
  }
  void commit(std::vector<Committer::Wanted> positions, std::shared_ptr<CommitWait> wait) {
    cluster().loop().post([committer = committer_, positions = std::move(positions), wait = std::move(wait)] {
      committer->commit(positions, wait);
    });
  }

  /// What belongs to the I/O thread; outlives the reader while something is posted.
  struct LoopState {
    std::map<QueueId, std::shared_ptr<QueueFetcher>> fetchers;
    std::shared_ptr<std::int64_t> reserved = std::make_shared<std::int64_t>(0);
  };

  [[nodiscard]] cluster::Cluster& cluster() const { return client_->cluster(); }
  [[nodiscard]] SteadyTime deadline(std::chrono::milliseconds timeout) const {
    return cluster().runtime().now() + std::min<std::chrono::milliseconds>(timeout, kLongestWait);
  }

  template <class F>
  void on_fetcher(const QueueId& queue, F function) {
    cluster().loop().post([state = loop_state_, queue, function = std::move(function)] {
      const auto found = state->fetchers.find(queue);
      if (found == state->fetchers.end()) return;
      const auto fetcher = found->second;
      function(*fetcher);
    });
  }

  [[nodiscard]] std::shared_ptr<SplitState> find(const QueueId& queue) const {
    const std::lock_guard lock(splits_mutex_);
    const auto found = splits_.find(queue);
    return found == splits_.end() ? nullptr : found->second;
  }

  std::shared_ptr<Client> client_;
  std::string group_;
  std::optional<std::string> shown_topic_;  ///< by heartbeats
  std::shared_ptr<const std::vector<std::string>> tags_;
  std::shared_ptr<const FetchSettings> settings_;
  std::shared_ptr<FetchOutput> output_;
  std::shared_ptr<LoopState> loop_state_;
  std::shared_ptr<Committer> committer_;
  mutable std::mutex splits_mutex_;
  std::map<QueueId, std::shared_ptr<SplitState>> splits_;  // guarded by splits_mutex_
  // Polling thread only:
  std::deque<FetchedChunk> ready_;
  std::set<QueueId> finished_;
  std::vector<QueueId> newly_finished_;
  std::size_t unfinished_ = 0;
  bool no_more_splits_ = false;
};

}  // namespace

}  // namespace source

Result<std::unique_ptr<SourceReader>> SourceReader::create(std::shared_ptr<Client> client,
                                                           const SourceOptions& options) {
  if (options.topic.empty()) return Error(ErrorCode::kInvalidArgument, "a reader needs a topic");
  if (options.consumer_group.empty()) return Error(ErrorCode::kInvalidArgument, "a reader needs a consumer group");
  return std::unique_ptr<SourceReader>(std::make_unique<source::Reader>(std::move(client), options));
}

}  // namespace rocketlink
