#include "flink/follow.h"

#include <fmt/format.h>

#include <optional>

namespace rocketlink::flink {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAskEvery{500};  ///< between questions how a job is
constexpr std::chrono::seconds kSayEvery{10};        ///< between lines, when nothing but counts changes
static_assert(kAskEvery < kSayEvery);
constexpr std::chrono::seconds kLastWords{5};  ///< how long a full pipe is waited for after a signal
constexpr std::chrono::seconds kPatience{60};  ///< with a Flink that does not answer; then following has failed

/// What was last known and said about a job.
struct Followed {
  std::string id;
  JobState state;
  std::string said;  ///< status and failure
  Clock::time_point said_at;
};

std::string counts(const JobState& state) {
  std::string text;
  if (state.rows_read) text += fmt::format(", {} rows read", *state.rows_read);
  if (state.rows_written) text += fmt::format(", {} rows written", *state.rows_written);
  return text;
}

void say(Followed& job, const process::Voice& out) {
  const std::string& failure = job.state.failure;
  std::string news = job.state.status + failure;
  if (news == job.said && Clock::now() - job.said_at < kSayEvery) return;
  const bool new_failure = !failure.empty() && !job.said.ends_with(failure);
  out.say(fmt::format("job {} ({}): {}{}{}", job.id, job.state.name, job.state.status, counts(job.state),
                      new_failure ? "; last failure: " + failure : ""));
  job.said = std::move(news);
  job.said_at = Clock::now();
}

}  // namespace

Stop::Stop(process::Signals& signals, const process::Voice& out) : signals_(signals) {
  signals_.on_stop([this, &stream = out.stream()] {
    stream.give_up_after(kLastWords);
    const std::lock_guard lock(mutex_);
    asked_ = true;
    changed_.notify_all();
  });
}

Stop::~Stop() {
  signals_.on_stop({});
}

bool Stop::asked() {
  const std::lock_guard lock(mutex_);
  return asked_;
}

bool Stop::wait_for(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, time, [this] { return asked_; });
}

Status follow(const std::vector<std::string>& ids, Jobs& jobs, Stop& stop, const process::Voice& out) {
  std::vector<Followed> followed;
  for (const std::string& id : ids) followed.push_back({.id = id, .state = {}, .said = {}, .said_at = {}});
  Status result;
  Clock::time_point answered = Clock::now();
  while (true) {
    bool all_over = true;
    for (Followed& job : followed) {
      if (job.state.over()) continue;
      auto state = jobs.state(job.id);
      if (!state) {
        if (!state.error().retriable || Clock::now() - answered > kPatience) return state.error();
        all_over = false;
        continue;
      }
      answered = Clock::now();
      job.state = *std::move(state);
      say(job, out);
      if (!job.state.over()) all_over = false;
      if (job.state.status == "FAILED" && result) {
        result = Error(ErrorCode::kInternal,
                       fmt::format("job {} ({}) failed: {}", job.id, job.state.name, job.state.failure));
      }
    }
    if (all_over || stop.wait_for(kAskEvery)) return result;
  }
}

}  // namespace rocketlink::flink
