#include "sim/simulate/checkpointed_job.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace rocketlink::sim {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongPoll{3'600'000};  ///< whoever wants something of a task wakes it

}  // namespace

CheckpointedJob::CheckpointedJob(Process& process, const JobSettings& settings, const std::string& group,
                                 const std::string& life, std::optional<Checkpoint>& last, Random random)
    : process_(process),
      settings_(settings),
      group_(group),
      last_(last),
      random_(random),
      control_(process, log_of(process, settings.judges, life)),
      client_(make_client(process, settings, log_of(process, settings.judges, life))) {
  const SourceOptions options = source_options(settings, group);
  enumerator_ =
      *SourceEnumerator::create(client_, options, static_cast<std::int32_t>(settings.plan.checkpoint_readers));
  control_.on_stop([this] { enumerator_->wake_up(); });
  for (std::size_t i = 0; i < settings.plan.checkpoint_readers; ++i) {
    auto task = std::make_unique<Task>();
    task->name = fmt::format("{}.{}", life, i);
    task->reader = *SourceReader::create(client_, options);
    control_.on_stop([reader = task->reader.get()] { reader->wake_up(); });
    tasks_.push_back(std::move(task));
  }
}

CheckpointedJob::~CheckpointedJob() {
  abandon();
  for (const auto& thread : threads_) thread->join();
}

void CheckpointedJob::abandon() {
  control_.stop();
  for (const auto& task : tasks_) {
    if (task->sink) task->sink->abort();
  }
}

void CheckpointedJob::run(const std::string& thread, std::function<Status()> work) {
  ++working_;
  threads_.push_back(process_.spawn(thread, [this, work = std::move(work)] {
    if (auto done = work(); !done && !control_.stopping()) control_.fail(std::move(done).error());
    --working_;
  }));
}

void CheckpointedJob::start() {
  run("coordinator", [this] { return coordinate(); });
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    run(fmt::format("task {}", i), [this, i] { return task(*tasks_[i]); });
  }
}

Status CheckpointedJob::coordinate() {
  if (auto restored = restore(); !restored) return restored;
  const std::string first_look = tasks_.front()->name + ", its coordinator's first look";
  settings_.judges.opens(first_look, group_);
  SteadyTime next_look{};
  bool found_once = false;
  while (!control_.stopping()) {
    if (process_.now() >= next_look) {
      next_look = process_.now() + milliseconds(settings_.plan.discovery_interval_ms);
      const Status found =
          found_once ? discover()
                     : engine::try_to_begin(
                           "looking for queues", [this] { return discover(); }, milliseconds(10'000), control_);
      if (found) {
        found_once = true;
        settings_.judges.opened(first_look, group_);
      } else if (!found_once) {
        return found;
      }
    }
    checkpoint();
    (void)control_.wait_for(settings_.plan.commit_interval);
    complete();
  }
  return {};
}

Status CheckpointedJob::restore() {
  if (!last_) return {};
  if (auto restored = enumerator_->restore(last_->enumerator); !restored) return restored;
  auto splits = deserialize_splits(last_->enumerator);
  if (!splits) return std::move(splits).error();
  // What readers held is in their own state; the enumerator's tells of what none of them had yet.
  for (const auto& [queue, position] : last_->positions) give({queue, position, std::nullopt});
  for (const Split& split : *splits) {
    if (!last_->positions.contains(split.queue)) give(split);
  }
  return {};
}

Status CheckpointedJob::discover() {
  auto found = enumerator_->discover();
  if (!found) return std::move(found).error();
  for (const auto& assignment : *found) give(assignment.split);
  return {};
}

void CheckpointedJob::give(const Split& split) {
  Task& task = *tasks_[next_task_++ % tasks_.size()];
  settings_.judges.begins(task.name, group_, split.queue, split.offset);
  task.new_splits.push_back(split);
  task.reader->wake_up();
}

void CheckpointedJob::checkpoint() {
  for (const auto& task : tasks_) {
    if (task->taken != checkpoint_ || !task->new_splits.empty()) return;  // the one before is not through yet
  }
  pending_ = {enumerator_->serialize(), {}};
  ++checkpoint_;
  for (const auto& task : tasks_) {
    task->asked = checkpoint_;
    task->reader->wake_up();
  }
}

void CheckpointedJob::complete() {
  if (checkpoint_ == ended_ || !process_.alive()) return;
  for (const auto& task : tasks_) {
    if (task->taken != checkpoint_) return;
  }
  ended_ = checkpoint_;
  // Not one after the other, so that work goes on.
  if (aborted_ + 1 != checkpoint_ && random_.chance(settings_.plan.aborted)) {
    aborted_ = checkpoint_;
    return;
  }
  for (const auto& task : tasks_) {
    pending_.positions.insert(task->snapshot.begin(), task->snapshot.end());
    task->commits.clear();
    for (const auto& [queue, offset] : task->snapshot) task->commits.push_back({queue, offset});
    task->reader->wake_up();
  }
  last_ = pending_;
}

Status CheckpointedJob::task(Task& task) {
  settings_.judges.opens(task.name, group_);
  auto opened = engine::try_to_begin(
      "opening the sink", [this] { return Sink::open(client_, sink_options(settings_)); }, milliseconds(10'000),
      control_);
  if (!opened) return std::move(opened).error();
  task.sink = *std::move(opened);
  settings_.judges.opened(task.name, group_);
  if (control_.stopping()) task.sink->abort();
  const Life life{process_, settings_.judges, group_, task.name, settings_.plan.keyed};
  MessageBatch batch;
  while (!control_.stopping()) {
    if (!task.new_splits.empty()) {
      for (const Split& split : task.new_splits) task.positions[split.queue] = split.offset;
      task.reader->add_splits(task.new_splits);
      task.new_splits.clear();
    }
    for (const QueueId& queue : std::exchange(task.handed_back, {})) {
      task.reader->remove_splits(std::array{queue});
      task.reader->add_splits(std::array{Split{queue, task.positions.at(queue), std::nullopt}});
    }
    if (task.asked != task.taken) {
      if (auto taken = take_checkpoint(task); !taken) return taken;
    }
    if (!task.commits.empty()) {
      const auto commits = std::exchange(task.commits, {});
      task.reader->commit_soon(commits);
    }
    auto outcome = task.reader->poll(batch, kLongPoll);
    if (!outcome) return std::move(outcome).error();
    if (*outcome != PollOutcome::kBatch) continue;
    const QueueId queue = batch.queue();
    while (true) {
      auto message = batch.next();
      if (!message) return std::move(message).error();
      if (*message == nullptr) break;
      if (auto copied = copy(life, *task.sink, queue, **message); !copied) return copied;
    }
    settings_.judges.passed(task.name, queue, batch.next_offset());
    task.positions[queue] = batch.next_offset();
  }
  return {};
}

Status CheckpointedJob::take_checkpoint(Task& task) {
  if (auto flushed = task.sink->flush(); !flushed) return flushed;
  settings_.judges.flushed(task.name);
  task.snapshot = task.positions;
  task.taken = task.asked;
  return {};
}

std::optional<QueueId> CheckpointedJob::any_queue(Random& random, const Task& task) const {
  if (task.positions.empty()) return std::nullopt;
  return std::next(task.positions.begin(), random.between(0, std::ssize(task.positions) - 1))->first;
}

void CheckpointedJob::hand_back(Random& random) {
  Task& task = *tasks_[random.below(tasks_.size())];
  const auto queue = any_queue(random, task);
  if (!queue) return;
  task.handed_back.push_back(*queue);
  task.reader->wake_up();
}

void CheckpointedJob::rest(Random& random, bool rests) {
  if (!rests) {
    for (const auto& [reader, queue] : std::exchange(resting_, {})) reader->pause(std::array{queue}, false);
    return;
  }
  const Task& task = *tasks_[random.below(tasks_.size())];
  const auto queue = any_queue(random, task);
  if (!queue) return;
  task.reader->pause(std::array{*queue}, true);
  resting_.emplace_back(task.reader.get(), *queue);
}

void CheckpointedJob::look_at_readers() {
  for (const auto& task : tasks_) {
    const ReaderStats stats = task->reader->stats();
    settings_.judges.buffered(task->name, stats.bytes_buffered);
    settings_.judges.retried(task->name, stats.retries);
  }
}

}  // namespace rocketlink::sim
