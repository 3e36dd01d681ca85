#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/backoff.h"
#include "sim/simulate/judges.h"
#include "wire/codes.h"
#include "wire/properties.h"

/// How often a sink may send a batch.
namespace rocketlink::sim {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kWindow = 10s;
/// In that time, of a run: an answer may be lost, or come behind what was sent again.
constexpr std::size_t kMostWithoutPause = 4;
/// How the first pauses of a sink grow while it is throttled, beyond the one of its options; those are the least.
constexpr std::chrono::milliseconds kFirstThrottled{100};
constexpr std::chrono::milliseconds kLongestThrottled{5000};
constexpr int kGrown = 3;        ///< times in a row, behind which it is looked at
constexpr int kMostTooSoon = 4;  ///< an answer may be lost, and one that says "stored" come late

bool is_send(const mock::SeenRequest& request) {
  return request.code() == wire::RequestCode::kSendMessageV2 || request.code() == wire::RequestCode::kSendBatchMessage;
}

/// Of the first message in it.
std::string property_of(const mock::SeenRequest& request, const std::string& name) {
  const std::string in = request.code() == wire::RequestCode::kSendMessageV2 ? request.ext("i") : request.body;
  const auto at = in.find(name + wire::kNameEnd);
  if (at == std::string::npos) return "";
  const auto begin = at + name.size() + 1;
  return in.substr(begin, in.find(wire::kPairEnd, begin) - begin);
}

}  // namespace

Judges::Tries* Judges::tries_of(const mock::SeenRequest& request) {
  if (!is_send(request)) return nullptr;
  const std::string keys = property_of(request, "KEYS");
  const auto space = keys.find(' ');
  const auto pace = pace_.find(keys.substr(0, space));
  if (pace == pace_.end()) return nullptr;
  std::string run = keys.substr(space + 1, keys.find(' ', space + 1) - space - 1);
  const Life& life = groups_[pace->first].life;
  if (life.dead || (!life.name.empty() && !run.starts_with(life.name + "."))) return nullptr;
  // Half of a batch that was cut begins with the same message.
  Tries& tries = tries_[fmt::format("{} {}", property_of(request, "UNIQ_KEY"), request.body.size())];
  tries.options = &pace->second;
  tries.run = std::move(run);
  return &tries;
}

void Judges::sent_again(const mock::SeenRequest& request) {
  Tries* const tries = tries_of(request);
  if (tries == nullptr) return;
  const std::chrono::milliseconds pause(tries->options->sleep_time_ms);
  const SteadyTime now = world_.now();
  // What a network held back comes by several connections at once, and was sent before the refusal of any.
  const bool knows = request.server != tries->server || request.connection == tries->connection;
  const auto refused = std::exchange(tries->refused_at, std::nullopt);
  if (knows && refused && now - *refused < pause) {
    auto& hasty = hasty_[tries->run];
    std::erase_if(hasty, [&](SteadyTime when) { return now - when > kWindow; });
    hasty.push_back(now);
    if (hasty.size() > kMostWithoutPause) {
      world_.fail(fmt::format("pace: run {} sends a batch {} ms after its refusal, and is to pause for {} ms",
                              tries->run, (now - *refused) / 1ms, pause.count()));
    }
  }
  if (++tries->all > std::int64_t{tries->options->retry_times} + 1) {
    world_.fail(fmt::format("pace: run {} sends a batch {} times, and may try again {} times", tries->run, tries->all,
                            tries->options->retry_times));
  }
  if (!knows || tries->throttled < kGrown || tries->stored != stored_by_[tries->run]) return;
  const auto least = pause + base::Backoff::longest(kFirstThrottled, kLongestThrottled, tries->throttled - 1) / 2;
  if (now - tries->throttled_at >= least) return;
  tries->throttled = 0;
  if (++tries->too_soon > kMostTooSoon) {
    world_.fail(fmt::format("pace: run {} is throttled, and sends a batch again {} ms later, which is no growing pause",
                            tries->run, (now - tries->throttled_at) / 1ms));
  }
}

void Judges::answered(const mock::SeenRequest& request, std::int32_t code) {
  Tries* const tries = tries_of(request);
  if (tries == nullptr) return;
  tries->refused_at = world_.now();
  tries->server = request.server;
  tries->connection = request.connection;
  switch (static_cast<wire::ResponseCode>(code)) {
    case wire::ResponseCode::kSuccess:
    case wire::ResponseCode::kFlushDiskTimeout:
    case wire::ResponseCode::kSlaveNotAvailable:
    case wire::ResponseCode::kFlushSlaveTimeout:
      tries->refused_at.reset();
      ++stored_by_[tries->run];
      break;
    case wire::ResponseCode::kTopicNotExist:  // which has a pace of its own, and is no failed try
      --tries->all;
      tries->refused_at.reset();
      break;
    case wire::ResponseCode::kFlowControl:
    case wire::ResponseCode::kSystemBusy:
      if (const std::uint64_t now = stored_by_[tries->run]; std::exchange(tries->stored, now) != now)
        tries->throttled = tries->too_soon = 0;
      ++tries->throttled;
      tries->throttled_at = world_.now();
      break;
    default:
      break;
  }
}

}  // namespace rocketlink::sim
