#include "rocketlink/row/time_zone.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "seconds.h"

namespace rocketlink::row {
namespace {

constexpr std::int64_t kDay = 86400;

// `H`, `HH`, `HHmm` or `HH:mm` behind a sign.
std::optional<std::int64_t> parse_offset(std::string_view text) {
  if (text.size() < 2 || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const std::int64_t sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto number = [](std::string_view digits) {
    std::int64_t value = -1;
    if (digits.empty() || digits.size() > 2) return value;
    const char* end = digits.data() + digits.size();
    if (digits.front() == '-' || std::from_chars(digits.data(), end, value).ptr != end) return std::int64_t{-1};
    return value;
  };
  const std::size_t colon = text.find(':');
  std::int64_t hours = -1;
  std::int64_t minutes = 0;
  if (colon != std::string_view::npos) {
    hours = number(text.substr(0, colon));
    minutes = text.size() == colon + 3 ? number(text.substr(colon + 1)) : -1;
  } else if (text.size() == 4) {
    hours = number(text.substr(0, 2));
    minutes = number(text.substr(2));
  } else {
    hours = number(text);
  }
  if (hours < 0 || minutes < 0 || minutes > 59) return std::nullopt;
  const std::int64_t seconds = hours * 3600 + minutes * 60;
  if (seconds > kMaxOffsetSeconds) return std::nullopt;
  return sign * seconds;
}

std::optional<std::int64_t> fixed_offset(std::string_view name) {
  if (name == "Z" || name == "UTC" || name == "GMT") return 0;
  if (name.starts_with("UTC") || name.starts_with("GMT")) name.remove_prefix(3);
  return parse_offset(name);
}

// The zone files list changes up to the end of 2037 and the library does not read the rule behind the list. Rules
// depend on the month and the weekday, so a later time has the offset of the time in 2027..2037 that stands in a year,
// counted from March on, whose 1 March is the same weekday.
std::int64_t move_into_listed_years(std::int64_t seconds) {
  using namespace date;
  const sys_days day = floor<days>(sys_seconds(std::chrono::seconds(seconds)));
  const auto march_year = [](sys_days d) {
    const year_month_day ymd(d);
    return ymd.month() < March ? ymd.year() - years(1) : ymd.year();
  };
  const year later = march_year(day);
  if (later <= year(2037)) return seconds;
  const sys_days later_march = sys_days(later / March / 1);
  for (year listed(2037); listed >= year(2027); listed -= years(1)) {
    const sys_days march = sys_days(listed / March / 1);
    if (weekday(march) == weekday(later_march)) {
      return seconds - std::chrono::seconds(later_march - march).count();
    }
  }
  return seconds;
}

}  // namespace

Result<TimeZone> TimeZone::find(std::string_view name) {
  TimeZone found;
  if (const auto offset = fixed_offset(name)) {
    found.fixed_offset_ = *offset;
    return found;
  }
  try {
    found.zone_ = date::locate_zone(name);
    (void)found.zone_->get_info(date::sys_seconds());  // reads the zone's file
    return found;
  } catch (const std::exception&) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("unknown time zone '{}'; allowed are IANA names such as 'Asia/Shanghai' (as far as this "
                             "system's time zone data has them) and offsets such as '+08:00'",
                             name));
  }
}

TimeZone::Period TimeZone::period_at(std::int64_t utc_seconds) const {
  const std::int64_t listed = move_into_listed_years(utc_seconds);
  const std::int64_t moved = utc_seconds - listed;
  const date::sys_info info = zone_->get_info(date::sys_seconds(std::chrono::seconds(listed)));
  Period period{info.begin.time_since_epoch().count(), info.end.time_since_epoch().count(), info.offset.count()};
  if (moved != 0) {  // true for this very time; the listed year's neighbours may differ
    period.begin = utc_seconds;
    period.end = utc_seconds + 1;
  }
  return period;
}

std::int64_t TimeZone::to_local(std::int64_t utc_seconds) {
  if (zone_ == nullptr) return utc_seconds + fixed_offset_;
  if (utc_seconds < last_.begin || utc_seconds >= last_.end) last_ = period_at(utc_seconds);
  return utc_seconds + last_.offset;
}

std::int64_t TimeZone::to_utc(std::int64_t local_seconds) {
  if (zone_ == nullptr) return local_seconds - fixed_offset_;
  // Well inside the known period no other offset can give this wall clock.
  const std::int64_t guess = local_seconds - last_.offset;
  if (last_.begin < last_.end && guess - 2 * kDay >= last_.begin && guess + 2 * kDay < last_.end) return guess;
  // Zones are less than a day off UTC and change less often than every two days: one of the offsets of a day before
  // and a day after is right, the earlier period giving the earlier instant in an overlap and the shift in a gap.
  const std::int64_t before = period_at(local_seconds - kDay).offset;
  const std::int64_t after = period_at(local_seconds + kDay).offset;
  const std::int64_t earlier = local_seconds - before;
  const std::int64_t later = local_seconds - after;
  if (before == after) {
    last_ = period_at(earlier);
    return earlier;
  }
  if (period_at(earlier).offset == before) return earlier;
  if (period_at(later).offset == after) return later;
  return earlier;  // a gap: the offset before it moves the wall clock forward by the gap's length
}

}  // namespace rocketlink::row
