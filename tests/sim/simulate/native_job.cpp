#include "sim/simulate/native_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rocketlink::sim {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kDrainPatience = 30s;         ///< for acknowledgements, as the program has it
constexpr std::chrono::seconds kEndPatience = 15s;           ///< for the rest
constexpr std::chrono::milliseconds kDiscoveryStep = 500ms;  ///< queues that are found together are given out together,
constexpr std::chrono::seconds kLateReader = 20s;            ///< and begun when their reader gets to run

}  // namespace

NativeJob::NativeJob(World& world, mock::MockCluster& cluster, JobSettings settings, std::string name,
                     std::chrono::nanoseconds delay)
    : world_(world),
      cluster_(cluster),
      settings_(std::move(settings)),
      name_(std::move(name)),
      random_(world.random("job").stream(name_)),
      due_(world.now() + delay) {}

NativeJob::~NativeJob() {
  end();
}

void NativeJob::end() {
  life_.reset();
  graves_.clear();
}

std::map<QueueId, std::int64_t> NativeJob::ends() const {
  std::map<QueueId, std::int64_t> ends;
  for (const QueueId& queue : cluster_.queues_of(settings_.input)) ends[queue] = cluster_.max_offset(queue);
  return ends;
}

void NativeJob::start() {
  ends_ = ends();
  committed_.clear();
  for (const auto& [queue, end] : ends_) {
    if (cluster_.committed(name_, queue)) committed_.insert(queue);
  }
  ++lives_;
  const std::string life = life_name();
  // A slave may answer that has not heard of the last offsets.
  settings_.judges.starts(life, name_, settings_.kind != JobKind::kSince && !settings_.plan.slaves);
  started_ = world_.now();
  started_wall_ms_ = world_.wall_clock_ms();
  found_.reset();
  lived_ = 0ns;
  ending_ = 0ns;
  told_ = false;
  life_ = std::make_unique<Runner>(world_.process(name_), settings_, name_, life,
                                   [this](const std::string& run, const Split& split) { begins(run, split); });
  life_->set_slowness(slowness_);
  life_->start();
}

void NativeJob::begins(const std::string& run, const Split& split) {
  Judges& judges = settings_.judges;
  if (!run.starts_with(life_name() + ".")) {  // a ghost of an earlier life, which had other ends
    judges.begins(run, name_, split.queue, split.offset);
    return;
  }
  if (!found_) {
    found_ = world_.now();
    found_ends_ = ends();
  }
  const bool goes_on = committed_.contains(split.queue) && cluster_.committed(name_, split.queue);
  if (settings_.kind == JobKind::kTail && !goes_on) begins_at_end(run, split);
  // A slave that acts for its master may know of older offsets, and is not believed when it knows of none; a master
  // that is one no longer is.
  if (settings_.kind != JobKind::kSince && goes_on && settings_.plan.new_leaders <= 0)
    judges.begins_by_group(run, name_, split.queue, split.offset);
  if (settings_.kind == JobKind::kSince) {
    judges.skips_until(name_, split.queue, settings_.start_time_ms);
    // A time that is still to come: it begins at the end. What a broker had stored and not indexed when the job started
    // was behind the queue's end, so no search by time could see how old it was.
    if (!goes_on && split.offset < ends_[split.queue] && !settings_.plan.faults.has(Mishap::kClockJump))
      judges.begins_at_time(run, split.queue, split.offset, std::min(settings_.start_time_ms, started_wall_ms_));
  }
  judges.begins(run, name_, split.queue, split.offset);
  if (!split.stop) return;
  judges.stops_at(run, split.queue, *split.stop, ends_[split.queue]);
}

void NativeJob::begins_at_end(const std::string& run, const Split& split) {
  Judges& judges = settings_.judges;
  const auto there = ends_.find(split.queue);
  const std::int64_t end = there == ends_.end() ? 0 : there->second;
  const bool by_clock = settings_.plan.faults.has(Mishap::kClockJump);
  if (world_.now() - *found_ < kLateReader) {
    // A slave may answer that has heard of offsets, and they may have come since the job started. A group that has some
    // in other queues reads this one from its first message.
    const bool together = world_.now() - *found_ < kDiscoveryStep;
    if (together && !settings_.plan.slaves && !has_committed())
      judges.begins_at_end(run, split.queue, split.offset, end);
    // What came after the first queues were found came after the start, wherever it begins.
    const auto found = found_ends_.find(split.queue);
    const std::int64_t then = found == found_ends_.end() ? 0 : found->second;
    judges.skips(name_, split.queue, by_clock ? split.offset : std::min(split.offset, then));
  } else {
    // It was not to be seen at first, and is asked by the time of the job's start, for which there is the wall clock.
    judges.skips(name_, split.queue, by_clock ? split.offset : std::min(split.offset, end));
  }
}

std::string NativeJob::life_name() const {
  return fmt::format("{}.{}", name_, lives_);
}

bool NativeJob::has_committed() const {
  const auto queues = cluster_.queues_of(settings_.input);
  return std::any_of(queues.begin(), queues.end(),
                     [this](const QueueId& queue) { return cluster_.committed(name_, queue).has_value(); });
}

void NativeJob::set_slowness(std::chrono::nanoseconds slowness) {
  slowness_ = slowness;
  if (life_) life_->set_slowness(slowness);
}

bool NativeJob::kill(Death death) {
  if (!life_) return false;
  life_->look();
  world_.process(name_).kill(death);
  settings_.judges.dies(name_);
  life_->abandon();
  // The ghost's threads are waited for on the side.
  graves_.push_back(world_.process("graves").spawn(
      "grave", [ghost = std::shared_ptr<Runner>(std::move(life_))]() mutable { ghost.reset(); }));
  told_ = false;
  due_ = world_.now() + random_.skewed(10ms, 5s);
  return true;
}

void NativeJob::stop() {
  if (!life_ || told_) return;
  told_ = true;
  life_->stop();
}

void NativeJob::step(std::chrono::nanoseconds time, std::optional<std::chrono::nanoseconds> healed) {
  if (!life_) {
    if (healed || world_.now() >= due_) start();
    return;
  }
  life_->look();
  if (life_->ended()) {
    ended(healed);
    return;
  }
  if (world_.process(name_).group().held) return;  // it does nothing while it is paused
  if (!told_ && !life_->error()) {
    lived_ += time;
    return;
  }
  const auto before = std::exchange(ending_, ending_ + time);
  if (before < kDrainPatience && ending_ >= kDrainPatience) life_->abandon();
  settings_.judges.still_runs(name_, ending_, kDrainPatience + kEndPatience);
}

void NativeJob::ended(std::optional<std::chrono::nanoseconds> healed) {
  const auto error = life_->error();
  const bool told = std::exchange(told_, false);
  life_.reset();
  due_ = world_.now() + random_.skewed(10ms, 5s);
  if (!error && !told && settings_.kind == JobKind::kBounded) {
    settings_.judges.ended_bounded(name_, ends_, settings_.plan.routes_are_whole());
  } else if (!told) {
    settings_.judges.ended_by_itself(name_, error, lived_, world_.now() - started_);
  } else if (ending_ < kDrainPatience) {
    settings_.judges.ended_as_told(name_, error, lived_);
  }
  // A master that is one no longer takes commits all the same.
  if (!error && settings_.plan.new_leaders <= 0) settings_.judges.ended_in_order(name_);
  if (!error && healed > kSettling) settings_.judges.ended_well(name_);
}

bool NativeJob::has_arrived() const {
  const Judges& judges = settings_.judges;
  return settings_.kind == JobKind::kBounded ? judges.all_copied(name_) : judges.all_arrived(name_);
}

void NativeJob::must_have_arrived(std::chrono::seconds patience) const {
  if (!has_arrived()) settings_.judges.must_have_arrived(name_, patience);
}

void NativeJob::end_well() {
  stop();
  if (!life_) return;
  // Brokers come back into a route when they register themselves the next time.
  const std::chrono::seconds patience = kEndPatience + (settings_.plan.routes_are_whole() ? 0s : kDrainPatience);
  for (const SteadyTime begin = world_.now(); !life_->ended(); world_.run_for(1ms))
    settings_.judges.still_runs(name_, world_.now() - begin, patience);
  const auto error = life_->error();
  life_.reset();
  settings_.judges.ended_as_told(name_, error, lived_);
  if (!error) settings_.judges.ended_well(name_);
}

}  // namespace rocketlink::sim
