#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "sim/simulate/judges.h"

/// What a job may cost, and how it may end.
namespace rocketlink::sim {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMebibyte = 1024 * 1024;
/// A reader's budget (48 MiB), and what a pull that was asked for within it may bring on top.
constexpr std::uint64_t kMostBuffered = (48 + 9) * kMebibyte;
constexpr std::uint64_t kMostMessagesUnderWay = 128 * 1024;
constexpr std::uint64_t kMostBytesUnderWay = 32 * kMebibyte;
constexpr std::uint64_t kCallsAhead = 20;  ///< counted when they are asked for, and sent when it is their turn
constexpr std::chrono::seconds kBudgetTime = 10s;
/// A minute, of warnings and infos: three brokers, and several clients in a process.
constexpr std::size_t kMostLinesOfAKind = 24;
constexpr std::chrono::seconds kMinute = 60s;
constexpr std::uint64_t kMostRetries =
    2'000;  ///< in that time: of a dozen queues that work and fail by turns, 100 ms later
constexpr double kMostIdleEvents = 5'000;  ///< a second
/// What has never worked may give up by then: after 10 s, and a try that began before, of which each name server takes
/// 3 s and four questions to brokers 5 s each.
constexpr std::chrono::seconds kStartPatience = 10s + 2 * 3s + 4 * 5s;
constexpr std::chrono::milliseconds kLeastPatience = 9'900ms;  ///< and not before
constexpr std::uint64_t kCallsUntold = 20;  ///< of a life, between the last time that it told and its end

constexpr std::string_view kUnconfirmed =
    "; after a restart these messages would be read again";  ///< in what a life says at its end

/// The text without its numbers and without what is quoted: lines of one cause look alike.
std::string kind_of(std::string_view text) {
  std::string kind;
  for (const char c : text.substr(0, 60)) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) kind += c;
  }
  return kind;
}

}  // namespace

bool Judges::may_end_at_its_start(const std::string& job, const Error& error, std::chrono::nanoseconds lived) const {
  if (calm_ || !error.retriable || lived > kStartPatience) return false;
  const auto known = groups_.find(job);
  if (known == groups_.end()) return true;
  const Life& life = known->second.life;
  return life.readers.empty() || !life.opening.empty();
}

bool Judges::may_end_with_its_sink(const std::string& job, const Error& error) const {
  const auto known = pace_.find(job);
  if (calm_ || known == pace_.end() || known->second.guarantee == DeliveryGuarantee::kNone || !error.fatal)
    return false;
  return error.text.find(fmt::format("given up after {} tries", known->second.retry_times + 1)) != std::string::npos;
}

void Judges::ended_by_itself(const std::string& job, const std::optional<Error>& error, std::chrono::nanoseconds lived,
                             std::chrono::nanoseconds tried) {
  if (error && may_end_at_its_start(job, *error, lived) && tried >= kLeastPatience) return;
  if (error && may_end_with_its_sink(job, *error)) {
    ++gave_up_;
    return;
  }
  world_.fail(fmt::format("life: the {} ended by itself after {:.1f} s: {}", job,
                          std::chrono::duration<double>(lived).count(), error ? error->text : "no error"));
}

void Judges::ended_as_told(const std::string& job, const std::optional<Error>& error, std::chrono::nanoseconds lived) {
  // It may still wait for a name server that is back and knows nothing yet.
  if (!error || may_end_at_its_start(job, *error, lived) || may_end_with_its_sink(job, *error)) return;
  world_.fail(fmt::format("life: the {} ended as it was told, but with: {}", job, error->text));
}

void Judges::still_runs(const std::string& job, std::chrono::nanoseconds told, std::chrono::seconds patience) {
  if (told > patience)
    world_.fail(fmt::format("life: the {} does not end within {} s of being told to", job, patience.count()));
}

void Judges::buffered(const std::string& run, std::uint64_t reader_bytes) {
  if (reader_bytes > kMostBuffered)
    world_.fail(fmt::format("memory: the reader of run {} holds {} bytes", run, reader_bytes));
}

void Judges::sent(const std::string& run, const SinkStats& stats) {
  const Run& writer = runs_[run];
  const auto ended = stats.messages_acknowledged + stats.messages_failed;
  const auto messages = writer.messages - std::min(writer.messages, ended);  // one may be sent before it is counted
  const auto bytes = writer.body_bytes - std::min(writer.body_bytes, stats.bytes_acknowledged);
  if (messages > kMostMessagesUnderWay || (messages > 1 && stats.messages_failed == 0 && bytes > kMostBytesUnderWay)) {
    world_.fail(fmt::format("memory: the sink of run {} has {} messages of {} bytes under way", run, messages, bytes));
  }
}

std::uint64_t Judges::lately(Calls& calls, std::uint64_t now) const {
  auto& [counted, first] = calls;
  counted.emplace_back(world_.now(), now);
  while (world_.now() - counted[first].first > kBudgetTime) ++first;
  return now - counted[first].second;
}

void Judges::retried(const std::string& run, std::uint64_t retries) {
  if (const std::uint64_t some = lately(retries_[run], retries); some > kMostRetries)
    world_.fail(fmt::format("busy: run {} tries {} times in {} s what fails", run, some, kBudgetTime.count()));
}

void Judges::called(const std::string& life, std::uint64_t calls, double most_per_second) {
  const std::uint64_t lately = this->lately(calls_[life], calls);
  const auto most = static_cast<std::uint64_t>(most_per_second * kBudgetTime.count()) + kCallsAhead;
  if (lately > most) {
    world_.fail(fmt::format("budget: {} makes {} calls in {} s, and may make {} in a second", life, lately,
                            kBudgetTime.count(), most_per_second));
  }
}

void Judges::received(const mock::SeenRequest& request) {
  const auto& fields = request.header.ext;
  for (const auto& [name, value] : fields.entries()) {
    if (value.find(secret_) != std::string_view::npos)
      world_.fail(
          fmt::format("secret: a request of code {} to {} bears it in {}", request.header.code, request.server, name));
  }
  if (request.code() == wire::RequestCode::kPullMessage || request.code() == wire::RequestCode::kUpdateConsumerOffset)
    ++arrived_[request.ext("consumerGroup")];
  sent_again(request);
}

void Judges::told_of_calls(const std::string& group, const std::string& life, std::uint64_t calls) {
  auto& told = told_[group];
  told[life] = calls;
  std::uint64_t all = kCallsUntold * told.size();
  for (const auto& [each, count] : told) all += count;
  if (arrived_[group] > all) {
    world_.fail(
        fmt::format("budget: the readers of {} tell of {} calls, and {} have arrived", group, all, arrived_[group]));
  }
}

void Judges::connected(const std::string& process, std::size_t connections, std::size_t most) {
  if (connections > most)
    world_.fail(fmt::format("memory: {} holds {} connections, and needs {} at most", process, connections, most));
}

void Judges::idled(std::uint64_t events, std::chrono::nanoseconds time) {
  const double rate = static_cast<double>(events) / std::chrono::duration<double>(time).count();
  if (rate > kMostIdleEvents)
    world_.fail(fmt::format("busy: {:.0f} events in a second in which nothing was to be done", rate));
}

void Judges::logged(const std::string& run, LogLevel level, std::string_view text) {
  if (text.find(secret_) != std::string_view::npos)
    world_.fail(fmt::format("log: run {} writes a secret: {}", run, text));
  if (level == LogLevel::kDebug) return;
  if (text.find(kUnconfirmed) != std::string_view::npos) {
    for (auto& [group, known] : groups_) known.life.unconfirmed |= known.life.name == run;
  }
  if (calm_ && level >= LogLevel::kWarning)
    world_.fail(fmt::format("calm: run {} warns without a fault: {}", run, text));
  auto& times = lines_[{run, kind_of(text)}];
  const SteadyTime now = world_.now();
  std::erase_if(times, [&](SteadyTime when) { return now - when > kMinute; });
  times.push_back(now);
  if (times.size() > kMostLinesOfAKind) {
    world_.fail(fmt::format("log: run {} writes more than {} lines of a kind in a minute, such as: {}", run,
                            kMostLinesOfAKind, text));
  }
}

}  // namespace rocketlink::sim
