#include "cluster/dispatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "cluster/offsets.h"
#include "cluster/responses.h"
#include "net/denial.h"

namespace rocketlink::cluster {

namespace {

/// Between looks whether a broker has put all that it stored into queues, then doubling.
constexpr Milliseconds kFirstPause{2};
constexpr Milliseconds kLongestPause{100};  ///< and no longer
static_assert(kFirstPause < kLongestPause);
/// Of what a server says of itself, in some kilobytes; more is not looked at: parsed, it takes many times as much.
constexpr std::size_t kMaxInfoBytes = 256 * 1024;

struct LogState {
  std::int64_t end = 0;     ///< of the log, in bytes
  std::int64_t behind = 0;  ///< bytes at its end that are in no queue yet
};

std::optional<std::int64_t> number(const nlohmann::json& table, const char* name) {
  const auto found = table.find(name);
  if (found == table.end() || !found->is_string()) return std::nullopt;
  const auto& text = found->get_ref<const std::string&>();
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = code == std::errc{} && end == text.data() + text.size() && value >= 0;
  return good ? std::optional(value) : std::nullopt;
}

std::optional<LogState> parse_log_state(std::string_view body) {
  if (body.size() > kMaxInfoBytes) return std::nullopt;
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto table = json.find("table");
  if (table == json.end() || !table->is_object()) return std::nullopt;
  const auto end = number(*table, "commitLogMaxOffset");
  const auto behind = number(*table, "dispatchBehindBytes");
  return end && behind ? std::optional(LogState{*end, *behind}) : std::nullopt;
}

/// What a server says of its log, or that it is too busy to.
struct Told {
  std::optional<LogState> state;  ///< nothing when it does not say
  std::string busy;
};

Result<Told> ask_log_state(Cluster& cluster, const std::string& address, Interrupt& interrupt) {
  net::Request request;
  request.code = wire::RequestCode::kGetBrokerRuntimeInfo;
  auto answer = cluster.call_blocking({address, std::move(request)}, cluster.timing().control, interrupt);
  if (!answer && net::is_denial(answer.error())) return Told();
  if (!answer) return std::move(answer).error();
  if (is_throttled(answer->header.code))
    return Told{{}, refusal(answer->header, "asking how far the queues are", address).text};
  return answer->header.code == 0 ? Told{parse_log_state(answer->body.bytes), {}} : Told();
}

/// Answers make a pause; the end of the log that an earlier one told is certain to be behind what a later one counts
/// its bytes from.
Status await_dispatch_at(Cluster& cluster, const std::string& address, Interrupt& interrupt) {
  const SteadyTime deadline = cluster.runtime().now() + cluster.timing().control;
  std::optional<std::int64_t> wanted;
  std::int64_t end = 0;
  for (Milliseconds pause = kFirstPause; true; pause = std::min(pause * 2, kLongestPause)) {
    const auto told = ask_log_state(cluster, address, interrupt);
    if (!told) return told.error();
    if (const auto& state = told->state) {
      if (state->behind <= 0 || (wanted && end - state->behind >= *wanted)) return {};
      if (!wanted) wanted = state->end;
      end = state->end;
    } else if (told->busy.empty()) {
      return {};
    }
    if (cluster.runtime().now() >= deadline) {
      cluster.log().warning(
          "{}; what was sent last may be missing",
          told->state ? fmt::format("{} is {} bytes behind with what it has acknowledged", address, told->state->behind)
                      : told->busy);
      return {};
    }
    if (!interrupt.wait_for(cluster.runtime(), pause)) return Error(ErrorCode::kClosed, "interrupted");
  }
}

}  // namespace

Status await_dispatch(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt) {
  std::set<std::string> asked;
  for (const QueueId& queue : queues) {
    auto address = master_to_ask(cluster, queue);
    if (!address) return std::move(address).error();
    if (cluster.is_proxy(*address) || !asked.insert(*address).second) continue;
    if (auto done = await_dispatch_at(cluster, *address, interrupt); !done) return done;
  }
  return {};
}

}  // namespace rocketlink::cluster
