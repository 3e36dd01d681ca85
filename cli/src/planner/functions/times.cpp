#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
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
// What java.util has of zones begins in 1900; before that there is the standard time of today.
constexpr std::int64_t kFirstOffset = -2'208'988'800;
std::int64_t standard_offset(row::TimeZone& zone) {
  constexpr std::array<std::int64_t, 2> kBothSeasons = {1'893'456'000, 1'909'094'400};  // January and July of 2030
  return std::min(zone.to_local(kBothSeasons[0]) - kBothSeasons[0], zone.to_local(kBothSeasons[1]) - kBothSeasons[1]);
}

std::int64_t offset_at(row::TimeZone& zone, std::int64_t instant) {
  return instant < kFirstOffset ? standard_offset(zone) : zone.to_local(instant) - instant;
}

// As java.text has it, the seconds in milliseconds, which wrap.
std::optional<std::string> from_unixtime(Call& call, std::int64_t seconds, std::string_view pattern) {
  const TimePattern* p = pattern_of(call, pattern, PatternKind::kSimpleFormat);
  if (p == nullptr) return std::nullopt;
  const auto millis = static_cast<std::int64_t>(static_cast<std::uint64_t>(seconds) * 1000);
  const std::int64_t instant = floor_divide(millis, 1000);
  const std::int64_t local = instant + offset_at(call.zone, instant);
  Civil civil = civil_of({local, static_cast<std::int32_t>(millis - instant * 1000) * 1'000'000});
  const std::int64_t days = floor_divide(local, kSecondsOfDay);
  if (days < kFirstGregorianDay) {
    const Civil julian = julian_civil_of_days(days);
    civil.year = julian.year;
    civil.month = julian.month;
    civil.day = julian.day;
  }
  return p->format(civil);
}

// The later one, where a wall clock is there twice.
std::int64_t later_instant(row::TimeZone& zone, std::int64_t local) {
  const std::int64_t earlier = zone.to_utc(local);
  const std::int64_t next_day = earlier + kSecondsOfDay;
  const std::int64_t later = local - (zone.to_local(next_day) - next_day);
  return later > earlier && zone.to_local(later) == local ? later : earlier;
}
std::int64_t unix_timestamp(Call& call, std::string_view text, std::string_view pattern) {
  const TimePattern* p = pattern_of(call, pattern, PatternKind::kSimpleFormat);
  if (p == nullptr) return 0;
  const auto time = p->parse(text);
  // What Flink gives for a text that does not follow the pattern.
  if (!time) return INT64_MIN;
  const std::int64_t standard = time->seconds - standard_offset(call.zone);
  return standard < kFirstOffset ? standard : later_instant(call.zone, time->seconds);
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
  if (!time) time = parse_sql_timestamp(row::trim_blanks(text));
  if (!time) return std::nullopt;
  return Micros{to_millis(*time)};
}
std::optional<Date> to_date(Call& call, std::string_view text) {
  const auto days = parse_date(text);
  if (days) return Date{*days};
  if (has_too_long_part(text)) call.fail(fmt::format("TO_DATE cannot read '{}'", text.substr(0, kMostQuotedBytes)));
  return std::nullopt;
}
std::optional<Date> to_date_by(Call& call, std::string_view text, std::string_view pattern) {
  const TimePattern* p = pattern_of(call, pattern, PatternKind::kSimpleFormat);
  if (p == nullptr) return std::nullopt;
  const auto time = p->parse(text);
  // As Flink: the least number of milliseconds as days, wrapped, which is 1705471-09-27.
  if (!time) return Date{622'191'233};
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
  const double millis = precision == 0 ? value * 1000 : (std::isnan(value) ? 0 : value);
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
std::int64_t extract_ltz(Call& call, std::string_view unit, Moment time) {
  const std::int64_t seconds = time.value.seconds;
  return extract_unit(*read_unit(unit), {seconds + offset_at(call.zone, seconds), time.value.nanos});
}
std::int64_t extract_time(Call&, std::string_view unit, TimeOfDay time) {
  return extract_unit(*read_unit(unit), {time.micros / 1'000'000, 0});
}

// A time that was calculated; the job's end where DuckDB has no such time.
Timestamp checked(Call& call, const std::optional<Timestamp>& time) {
  constexpr std::int64_t kMostSeconds =
      290'000LL * 365 * kSecondsOfDay;  // from 1970: what microseconds hold in 64 bits
  if (time && time->seconds >= -kMostSeconds && time->seconds <= kMostSeconds) return *time;
  call.fail("a calculated time is more than 290000 years away from 1970");
  return {};
}
// As Flink, which has months as a Java int.
std::optional<Timestamp> months_later(const Timestamp& time, std::int64_t months) {
  return add_months(time, static_cast<std::int32_t>(months));
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
// Of an interval its whole days.
Date plus_millis_date(Call& call, Date date, std::int64_t millis) {
  const std::int64_t days = millis / (kSecondsOfDay * 1000);
  const Timestamp time = checked(call, Timestamp{(date.days + days) * kSecondsOfDay, 0});
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
template <bool kUp>
Date round_date(Call&, Date date, std::string_view unit) {
  return {static_cast<std::int32_t>(round_days(*read_unit(unit), date.days, kUp))};
}
template <class R, bool kUp>
R round_timestamp(Call&, Moment time, std::string_view unit) {
  return {round_time(*read_unit(unit), time.value, kUp, 0)};
}
template <class R, bool kUp>
R round_ltz(Call& call, Moment time, std::string_view unit) {
  return {round_time(*read_unit(unit), time.value, kUp, offset_at(call.zone, time.value.seconds))};
}

template <bool kUp>
void register_rounding(Registrar& registrar, const std::string& name) {
  registrar.add<round_date<kUp>>(name + "_date");
  registrar.add<round_timestamp<Micros, kUp>>(name + "_timestamp");
  registrar.add<round_timestamp<Nanos, kUp>>(name + "_timestamp_ns");
  registrar.add<round_ltz<Micros, kUp>>(name + "_ltz");
  registrar.add<round_ltz<Nanos, kUp>>(name + "_ltz_ns");
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
  registrar.add<extract_ltz>("rl_extract_ltz");
  registrar.add<extract_time>("rl_extract_time");
  registrar.add<plus_months<Micros>>("rl_add_months");
  registrar.add<plus_months<Nanos>>("rl_add_months_ns");
  registrar.add<plus_months_date>("rl_add_months_date");
  registrar.add<plus_millis<Micros>>("rl_add_millis");
  registrar.add<plus_millis<Nanos>>("rl_add_millis_ns");
  registrar.add<plus_millis_date>("rl_add_millis_date");
  registrar.add<plus_millis_time>("rl_add_millis_time");
  registrar.add<difference>("rl_timestampdiff");
  register_rounding<false>(registrar, "rl_floor");
  register_rounding<true>(registrar, "rl_ceil");
}

}  // namespace rocketlink::planner::functions
