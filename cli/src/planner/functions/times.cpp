#include <fmt/format.h>

#include <chrono>
#include <map>

#include "planner/functions/calendar.h"
#include "planner/functions/functions.h"
#include "planner/functions/parse_text.h"
#include "planner/functions/time_pattern.h"
#include "planner/functions/time_units.h"
#include "rocketlink/row/parse.h"

/// Functions on times.
namespace rocketlink::planner::functions {
namespace {

// The pattern, or nullptr and the job's end.
const TimePattern* pattern_of(Call& call, std::string_view text, PatternKind kind) {
  thread_local std::map<std::pair<PatternKind, std::string>, TimePattern> known;
  const auto found = known.find({kind, std::string(text)});
  if (found != known.end()) return &found->second;
  std::string problem;
  auto made = TimePattern::read(text, kind, problem);
  if (!made) {
    call.fail(problem);
    return nullptr;
  }
  constexpr std::size_t kKnownPatterns = 64;  // a thread's; with more, which come from data, they are read anew
  if (known.size() >= kKnownPatterns) known.clear();
  return &known.emplace(std::pair(kind, std::string(text)), std::move(*made)).first->second;
}

Timestamp to_millis(Timestamp time) {
  return {time.seconds, cut_nanos(time.nanos, 3)};
}

std::optional<std::string> date_format(Call& call, Moment time, std::string_view pattern) {
  const TimePattern* p = pattern_of(call, pattern, PatternKind::kFormatter);
  if (p == nullptr) return std::nullopt;
  return p->format(civil_of(time.value));
}
std::optional<std::string> date_format_text(Call& call, std::string_view text, std::string_view pattern) {
  const TimePattern* from = pattern_of(call, "yyyy-MM-dd HH:mm:ss", PatternKind::kSimpleFormat);
  const TimePattern* to = pattern_of(call, pattern, PatternKind::kSimpleFormat);
  if (from == nullptr || to == nullptr) return std::nullopt;
  const auto time = from->parse(text);
  if (!time) return std::nullopt;
  return to->format(civil_of(*time));
}
std::optional<std::string> from_unixtime(Call& call, std::int64_t seconds, std::string_view pattern) {
  const TimePattern* p = pattern_of(call, pattern, PatternKind::kSimpleFormat);
  constexpr std::int64_t kMost = 253'402'300'799;
  if (p == nullptr) return std::nullopt;
  if (seconds > kMost || seconds < -62'167'219'200) {
    call.fail(fmt::format("FROM_UNIXTIME: {} seconds are outside the years 0 to 9999", seconds));
    return std::nullopt;
  }
  return p->format(civil_of({call.zone.to_local(seconds), 0}));
}
std::int64_t unix_timestamp(Call& call, std::string_view text, std::string_view pattern) {
  const TimePattern* p = pattern_of(call, pattern, PatternKind::kSimpleFormat);
  if (p == nullptr) return 0;
  const auto time = p->parse(text);
  // What Flink gives for a text that does not follow the pattern.
  return time ? call.zone.to_utc(time->seconds) : INT64_MIN;
}

std::optional<Micros> to_timestamp(Call&, std::string_view text) {
  const auto time = parse_timestamp(text);
  if (!time) return std::nullopt;
  return Micros{to_millis(*time)};
}
std::optional<Micros> to_timestamp_by(Call& call, std::string_view text, std::string_view pattern) {
  const TimePattern* p = pattern_of(call, pattern, PatternKind::kFormatter);
  if (p == nullptr) return std::nullopt;
  auto time = p->parse(text);
  if (!time) time = parse_timestamp(row::trim_blanks(text));
  if (!time) return std::nullopt;
  return Micros{to_millis(*time)};
}
std::optional<Date> to_date(Call&, std::string_view text) {
  const auto days = parse_date(text);
  if (!days) return std::nullopt;
  return Date{*days};
}
std::optional<Date> to_date_by(Call& call, std::string_view text, std::string_view pattern) {
  const TimePattern* p = pattern_of(call, pattern, PatternKind::kSimpleFormat);
  if (p == nullptr) return std::nullopt;
  const auto time = p->parse(text);
  if (!time) return std::nullopt;
  return Date{static_cast<std::int32_t>(floor_divide(time->seconds, kSecondsOfDay))};
}

std::optional<Micros> epoch_millis(std::int64_t millis) {
  constexpr std::int64_t kLeast = -62'167'219'200'000;
  constexpr std::int64_t kMost = 253'402'300'799'999;
  if (millis < kLeast || millis > kMost) return std::nullopt;
  const std::int64_t seconds = floor_divide(millis, 1000);
  return Micros{{seconds, static_cast<std::int32_t>(millis - seconds * 1000) * 1'000'000}};
}
std::optional<Micros> epoch(Call&, std::int64_t value, std::int32_t precision) {
  std::int64_t millis = value;
  if (precision == 0 && __builtin_mul_overflow(value, std::int64_t{1000}, &millis)) return std::nullopt;
  return epoch_millis(millis);
}
std::optional<Micros> epoch_double(Call&, double value, std::int32_t precision) {
  const double millis = precision == 0 ? value * 1000 : value;
  if (!(millis > -1e15 && millis < 1e15)) return std::nullopt;
  return epoch_millis(static_cast<std::int64_t>(millis));
}

std::int64_t now_millis() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}
Timestamp local_now(Call& call) {
  const std::int64_t millis = now_millis();
  return {call.zone.to_local(millis / 1000), static_cast<std::int32_t>(millis % 1000) * 1'000'000};
}
Micros current_timestamp(Call&) {
  const std::int64_t millis = now_millis();
  return {{millis / 1000, static_cast<std::int32_t>(millis % 1000) * 1'000'000}};
}
Micros local_timestamp(Call& call) {
  return {local_now(call)};
}
Date current_date(Call& call) {
  return {static_cast<std::int32_t>(floor_divide(local_now(call).seconds, kSecondsOfDay))};
}
TimeOfDay current_time(Call& call) {
  const std::int64_t seconds = local_now(call).seconds;
  return {(seconds - floor_divide(seconds, kSecondsOfDay) * kSecondsOfDay) * 1'000'000};
}
std::int64_t unix_now(Call&) {
  return now_millis() / 1000;
}

std::int64_t extract(Call&, std::string_view unit, Moment time) {
  return extract_unit(*read_unit(unit), time.value);
}
std::int64_t extract_time(Call&, std::string_view unit, TimeOfDay time) {
  return extract_unit(*read_unit(unit), {time.micros / 1'000'000, 0});
}

// A time that was calculated; the job's end outside the years that Flink's times have.
Timestamp checked(Call& call, const std::optional<Timestamp>& time) {
  if (time && time->seconds >= -62'167'219'200 && time->seconds <= 253'402'300'799) return *time;
  call.fail("a calculated time is outside the years 0 to 9999");
  return {};
}
std::optional<Timestamp> months_later(const Timestamp& time, std::int64_t months) {
  constexpr std::int64_t kMostMonths = 10'000 * 12;  // more lead out of the years 0 to 9999
  if (months > kMostMonths || months < -kMostMonths) return std::nullopt;
  return add_months(time, months);
}
template <class R>
R plus_months(Call& call, Moment time, std::int64_t months) {
  return {checked(call, months_later(time.value, months))};
}
Date plus_months_date(Call& call, Date date, std::int64_t months) {
  const Timestamp time = checked(call, months_later({date.days * kSecondsOfDay, 0}, months));
  return {static_cast<std::int32_t>(time.seconds / kSecondsOfDay)};
}
template <class R>
R plus_millis(Call& call, Moment time, std::int64_t millis) {
  return {checked(call, add_millis(time.value, millis))};
}
Date plus_millis_date(Call& call, Date date, std::int64_t millis) {
  const Timestamp time = checked(call, add_millis({date.days * kSecondsOfDay, 0}, millis));
  return {static_cast<std::int32_t>(time.seconds / kSecondsOfDay)};
}
TimeOfDay plus_millis_time(Call&, TimeOfDay time, std::int64_t millis) {
  constexpr std::int64_t kDay = kSecondsOfDay * 1'000'000;
  const std::int64_t sum = time.micros + millis % (kSecondsOfDay * 1000) * 1000;
  return {sum - floor_divide(sum, kDay) * kDay};
}

std::int32_t difference(Call&, std::string_view unit, Moment from, Moment to) {
  return static_cast<std::int32_t>(units_between(*read_unit(unit), from.value, to.value));
}
Micros floor_time(Call&, Moment time, std::string_view unit) {
  return {floor_to(*read_unit(unit), time.value)};
}
Micros ceil_time(Call&, Moment time, std::string_view unit) {
  return {ceil_to(*read_unit(unit), time.value)};
}

}  // namespace

void register_time_functions(Registrar& registrar) {
  registrar.add<date_format>("rl_date_format");
  registrar.add<date_format_text>("rl_date_format_text");
  registrar.add<from_unixtime>("rl_from_unixtime");
  registrar.add<unix_timestamp>("rl_unix_timestamp");
  registrar.add<to_timestamp>("rl_to_timestamp");
  registrar.add<to_timestamp_by>("rl_to_timestamp_by");
  registrar.add<to_date>("rl_to_date");
  registrar.add<to_date_by>("rl_to_date_by");
  registrar.add<epoch>("rl_epoch");
  registrar.add<epoch_double>("rl_epoch_double");
  registrar.add<current_timestamp>("rl_current_timestamp", Nature::kVolatile);
  registrar.add<local_timestamp>("rl_local_timestamp", Nature::kVolatile);
  registrar.add<current_date>("rl_current_date", Nature::kVolatile);
  registrar.add<current_time>("rl_current_time", Nature::kVolatile);
  registrar.add<unix_now>("rl_unix_now", Nature::kVolatile);
  registrar.add<extract>("rl_extract");
  registrar.add<extract_time>("rl_extract_time");
  registrar.add<plus_months<Micros>>("rl_add_months");
  registrar.add<plus_months<Nanos>>("rl_add_months_ns");
  registrar.add<plus_months_date>("rl_add_months_date");
  registrar.add<plus_millis<Micros>>("rl_add_millis");
  registrar.add<plus_millis<Nanos>>("rl_add_millis_ns");
  registrar.add<plus_millis_date>("rl_add_millis_date");
  registrar.add<plus_millis_time>("rl_add_millis_time");
  registrar.add<difference>("rl_timestampdiff");
  registrar.add<floor_time>("rl_floor_time");
  registrar.add<ceil_time>("rl_ceil_time");
}

}  // namespace rocketlink::planner::functions
