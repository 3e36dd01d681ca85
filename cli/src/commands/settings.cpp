#include "commands/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "rocketlink/row/time_zone.h"

namespace rocketlink::commands {

namespace {

constexpr std::int32_t kMostReaders = 1024;  // of `parallelism.default`; more are refused

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}

/// Each takes the value, or says what is allowed.
using Setter = std::string_view (*)(Settings&, std::string_view);
using Resetter = void (*)(Settings&);

struct Setting {
  std::string_view name;
  Setter set;
  Resetter reset;
};

constexpr std::string_view kTaken = {};

constexpr std::array<Setting, 6> kSettings{{
    {"execution.checkpointing.interval",
     [](Settings& settings, std::string_view value) -> std::string_view {
       const auto time = parse_duration(value);
       if (!time || time->count() < 1) return "a time from 1 ms on, such as '1 s' or '500 ms'";
       settings.commit_interval = *time;
       return kTaken;
     },
     [](Settings& settings) { settings.commit_interval = Settings{}.commit_interval; }},
    {"execution.runtime-mode",
     [](Settings&, std::string_view value) -> std::string_view {
       return lower(value) == "streaming" ? kTaken : "'streaming' (to read up to the present end, use --bounded)";
     },
     [](Settings&) {}},
    {"parallelism.default",
     [](Settings& settings, std::string_view value) -> std::string_view {
       std::int32_t number = 0;
       const auto [end, wrong] = std::from_chars(value.data(), value.data() + value.size(), number);
       if (wrong != std::errc() || end != value.data() + value.size() || number < 1 || number > kMostReaders) {
         return "a whole number from 1 to 1024";
       }
       settings.parallelism = number;
       return kTaken;
     },
     [](Settings& settings) { settings.parallelism = Settings{}.parallelism; }},
    {"pipeline.name", [](Settings&, std::string_view) { return kTaken; }, [](Settings&) {}},
    {"table.exec.sink.not-null-enforcer",
     [](Settings& settings, std::string_view value) -> std::string_view {
       const std::string word = lower(value);
       if (word != "error" && word != "drop") return "'ERROR' or 'DROP'";
       settings.drop_nulls = word == "drop";
       return kTaken;
     },
     [](Settings& settings) { settings.drop_nulls = Settings{}.drop_nulls; }},
    {"table.local-time-zone",
     [](Settings& settings, std::string_view value) -> std::string_view {
       if (!row::TimeZone::find(value)) return "a zone such as 'UTC', 'Asia/Shanghai' or '+08:00'";
       settings.local_time_zone = value;
       return kTaken;
     },
     [](Settings& settings) { settings.local_time_zone = Settings{}.local_time_zone; }},
}};

const Setting* find(std::string_view name) {
  const auto found =
      std::find_if(kSettings.begin(), kSettings.end(), [&](const Setting& setting) { return setting.name == name; });
  return found == kSettings.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string_view> setting_names() {
  std::vector<std::string_view> names;
  for (const Setting& setting : kSettings) names.push_back(setting.name);
  return names;
}

Result<bool> set(Settings& settings, std::string_view name, std::string_view value) {
  const Setting* const setting = find(name);
  if (setting == nullptr) return false;
  const std::string_view allowed = setting->set(settings, value);
  if (allowed == kTaken) return true;
  return Error(ErrorCode::kInvalidArgument, fmt::format("setting '{}' = '{}' must be {}", name, value, allowed));
}

void reset(Settings& settings, std::string_view name) {
  for (const Setting& setting : kSettings) {
    if (name.empty() || setting.name == name) setting.reset(settings);
  }
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto trim = [&] {
    const auto begin = text.find_first_not_of(" \t");
    text = begin == std::string_view::npos ? std::string_view() : text.substr(begin);
    text = text.substr(0, text.find_last_not_of(" \t") + 1);
  };
  trim();
  std::int64_t number = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong != std::errc() || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  trim();
  struct Unit {
    std::array<std::string_view, 6> names;
    std::int64_t millis;
  };
  static constexpr std::array<Unit, 5> kUnits{{{{"", "ms", "milli", "millis", "millisecond", "milliseconds"}, 1},
                                               {{"s", "sec", "secs", "second", "seconds", "s"}, 1000},
                                               {{"m", "min", "mins", "minute", "minutes", "m"}, 60'000},
                                               {{"h", "hour", "hours", "h", "h", "h"}, 3'600'000},
                                               {{"d", "day", "days", "d", "d", "d"}, 86'400'000}}};
  const std::string word = lower(text);
  for (const Unit& unit : kUnits) {
    if (std::find(unit.names.begin(), unit.names.end(), word) == unit.names.end()) continue;
    if (number > std::numeric_limits<std::int32_t>::max() * std::int64_t{1000} / unit.millis) return std::nullopt;
    return std::chrono::milliseconds(number * unit.millis);
  }
  return std::nullopt;
}

}  // namespace rocketlink::commands
