#include "planner/functions/time_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rocketlink::planner::functions {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::string_view kLetters = "yMLdDHhKkmsSaE";
constexpr std::string_view kNumbers = "ydDHhKkmsS";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_number(const TimePattern::Item& item) {
  if (item.letter == 'M' || item.letter == 'L') return item.count <= 2;
  return item.letter != '\0' && kNumbers.find(item.letter) != std::string_view::npos;
}

std::string_view letter_problem(char letter, int count, PatternKind kind) {
  if (letter == 'Y') return "Y is the week-based year; the year is y";
  if (letter == 'u' && kind == PatternKind::kFormatter) return "u is not done; the year is y";
  if (kLetters.find(letter) == std::string_view::npos) return "known are y M d D H h K k m s S a E";
  if (kind == PatternKind::kSimpleFormat) return {};
  if (std::string_view("dHhKkms").find(letter) != std::string_view::npos && count > 2)
    return "it may stand twice at most";
  if ((letter == 'M' || letter == 'L' || letter == 'E') && count > 4) return "it may stand four times at most";
  if (letter == 'a' && count > 1) return "it may stand once";
  if (letter == 'S' && count > 9) return "it may stand nine times at most";
  if (letter == 'D' && count > 3) return "it may stand three times at most";
  return {};
}

std::int32_t weekday(const Civil& time) {
  return static_cast<std::int32_t>(((days_of(time.year, time.month, time.day) + 4) % 7 + 7) % 7);
}
std::int32_t hour_12(std::int32_t hour) {
  return hour % 12 == 0 ? 12 : hour % 12;
}

std::string name(std::string_view full, bool whole) {
  return std::string(whole ? full : full.substr(0, 3));
}

// What was read; a clock of twelve hours is put together at the end.
struct Fields {
  std::int64_t year = 1970;
  std::int64_t month = 1;
  std::int64_t day = 1;
  std::optional<std::int64_t> day_of_year;
  std::optional<std::int64_t> hour;
  std::optional<std::int64_t> hour_12;
  std::optional<bool> afternoon;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  std::int64_t nanos = 0;

  void set(char letter, std::int64_t value) {
    switch (letter) {
      case 'y':
        year = value;
        break;
      case 'M':
      case 'L':
        month = value;
        break;
      case 'd':
        day = value;
        break;
      case 'D':
        day_of_year = value;
        break;
      case 'H':
        hour = value;
        break;
      case 'k':
        hour = value % 24;
        break;
      case 'h':
        hour_12 = value % 12;
        break;
      case 'K':
        hour_12 = value;
        break;
      case 'm':
        minute = value;
        break;
      case 's':
        second = value;
        break;
      default:
        nanos = value;
        break;
    }
  }
  [[nodiscard]] std::int64_t hours() const {
    if (hour) return *hour;
    if (hour_12 && afternoon) return *hour_12 + (*afternoon ? 12 : 0);
    return 0;
  }
};

bool in_range(char letter, std::int64_t value) {
  switch (letter) {
    case 'M':
    case 'L':
      return value >= 1 && value <= 12;
    case 'd':
      return value >= 1 && value <= 31;
    case 'D':
      return value >= 1 && value <= 366;
    case 'H':
      return value <= 23;
    case 'k':
      return value >= 1 && value <= 24;
    case 'h':
      return value >= 1 && value <= 12;
    case 'K':
      return value <= 11;
    case 'm':
    case 's':
      return value <= 59;
    default:
      return true;
  }
}

// The index of the name that `text` begins with, which is taken off.
template <std::size_t N>
std::optional<std::int64_t> take_name(std::string_view& text, const std::array<std::string_view, N>& names, bool whole,
                                      bool either) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const bool full : {true, false}) {
      if (!either && full != whole) continue;
      const std::string_view candidate = full ? names[i] : names[i].substr(0, 3);
      if (!text.starts_with(candidate)) continue;
      text.remove_prefix(candidate.size());
      return static_cast<std::int64_t>(i);
    }
  }
  return std::nullopt;
}

std::optional<bool> take_half_day(std::string_view& text) {
  if (!text.starts_with("AM") && !text.starts_with("PM")) return std::nullopt;
  const bool afternoon = text.front() == 'P';
  text.remove_prefix(2);
  return afternoon;
}

std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t low, std::size_t high) {
  std::int64_t value = 0;
  std::size_t count = 0;
  while (count < std::min<std::size_t>(high, 18) && count < text.size() && is_ascii_digit(text[count])) {
    value = value * 10 + (text[count++] - '0');
  }
  if (count < low) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

// With a sign in front, as java.text.NumberFormat reads it; `most` characters in all, 0: any number.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t most) {
  if (text.size() < most) return std::nullopt;
  std::string_view rest = most == 0 ? text : text.substr(0, most);
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  const std::size_t before = rest.size();
  const auto value = take_digits(rest, 1, 9);
  if (!value) return std::nullopt;
  text.remove_prefix(before - rest.size() + (negative ? 1 : 0));
  return negative ? -*value : *value;
}

}  // namespace

std::optional<TimePattern> TimePattern::read(std::string_view pattern, PatternKind kind, std::string& problem) {
  TimePattern out;
  out.kind_ = kind;
  const auto literal = [&](char c) {
    if (out.items_.empty() || out.items_.back().letter != '\0') out.items_.emplace_back();
    out.items_.back().text += c;
  };
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '\'') {
      if (pattern.substr(at, 2) == "''") {
        literal('\'');
        at += 2;
        continue;
      }
      for (++at; at < pattern.size() && (pattern[at] != '\'' || pattern.substr(at, 2) == "''"); ++at) {
        if (pattern[at] == '\'') ++at;
        literal(pattern[at]);
      }
      if (at++ >= pattern.size()) {
        problem = fmt::format("the pattern '{}' has a quote that is not closed", pattern);
        return std::nullopt;
      }
    } else if (is_letter(c)) {
      Item item;
      item.letter = c;
      while (at < pattern.size() && pattern[at] == c) {
        ++item.count;
        ++at;
      }
      if (const auto why = letter_problem(c, item.count, kind); !why.empty()) {
        problem = fmt::format("the letter {} in the pattern '{}' cannot be used: {}", c, pattern, why);
        return std::nullopt;
      }
      out.items_.push_back(std::move(item));
    } else if (kind == PatternKind::kFormatter && std::string_view("[]{}#").find(c) != std::string_view::npos) {
      problem = fmt::format("'{}' in the pattern '{}' is not done by the native runner", c, pattern);
      return std::nullopt;
    } else {
      literal(c);
      ++at;
    }
  }
  return out;
}

std::string TimePattern::format(const Civil& time) const {
  std::string out;
  const auto padded = [&](std::int64_t value, int width) { out += fmt::format("{:0{}}", value, width); };
  const std::int64_t year = time.year > 0 ? time.year : 1 - std::int64_t{time.year};  // of its era
  for (const Item& item : items_) {
    switch (item.letter) {
      case '\0':
        out += item.text;
        break;
      case 'y':
        if (kind_ == PatternKind::kFormatter && item.count >= 4 && year > 9999) out += '+';
        item.count == 2 ? padded(year % 100, 2) : padded(year, item.count);
        break;
      case 'M':
      case 'L':
        if (item.count <= 2) {
          padded(time.month, item.count);
        } else {
          out += name(kMonths[static_cast<std::size_t>(time.month - 1)], item.count > 3);
        }
        break;
      case 'd':
        padded(time.day, item.count);
        break;
      case 'D':
        padded(days_of(time.year, time.month, time.day) - days_of(time.year, 1, 1) + 1, item.count);
        break;
      case 'H':
        padded(time.hour, item.count);
        break;
      case 'k':
        padded(time.hour == 0 ? 24 : time.hour, item.count);
        break;
      case 'h':
        padded(hour_12(time.hour), item.count);
        break;
      case 'K':
        padded(time.hour % 12, item.count);
        break;
      case 'm':
        padded(time.minute, item.count);
        break;
      case 's':
        padded(time.second, item.count);
        break;
      case 'S':
        if (kind_ == PatternKind::kFormatter) {
          out += fmt::format("{:09}", time.nanos).substr(0, static_cast<std::size_t>(item.count));
        } else {
          padded(time.nanos / 1'000'000, item.count);
        }
        break;
      case 'a':
        out += time.hour < 12 ? "AM" : "PM";
        break;
      default:
        out += name(kDays[static_cast<std::size_t>(weekday(time))], item.count > 3);
        break;
    }
  }
  return out;
}

std::optional<Timestamp> TimePattern::parse(std::string_view text) const {
  return kind_ == PatternKind::kFormatter ? parse_strictly(text) : parse_leniently(text);
}

std::optional<Timestamp> TimePattern::parse_strictly(std::string_view text) const {
  Fields fields;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    if (item.letter == '\0') {
      if (!text.starts_with(item.text)) return std::nullopt;
      text.remove_prefix(item.text.size());
    } else if (item.letter == 'a') {
      fields.afternoon = take_half_day(text);
      if (!fields.afternoon) return std::nullopt;
    } else if (item.letter == 'E') {
      if (!take_name(text, kDays, item.count > 3, false)) return std::nullopt;
    } else if (!is_number(item)) {
      const auto month = take_name(text, kMonths, item.count > 3, false);
      if (!month) return std::nullopt;
      fields.month = *month + 1;
    } else {
      const bool variable = item.count == 1 && item.letter != 'S';
      const auto width = static_cast<std::size_t>(item.count);
      std::size_t most = variable ? 18 : width;
      if (variable) {  // it leaves the digits of the fields of fixed width right behind it
        std::size_t digits = 0;
        while (digits < text.size() && is_ascii_digit(text[digits])) ++digits;
        for (std::size_t j = i + 1; j < items_.size() && is_number(items_[j]) && items_[j].count > 1; ++j) {
          digits -= std::min(digits, static_cast<std::size_t>(items_[j].count));
        }
        most = std::min(most, digits);
      }
      auto value = take_digits(text, variable ? 1 : width, most);
      if (!value || !in_range(item.letter, *value)) return std::nullopt;
      if (item.letter == 'y' && item.count == 2) *value += 2000;
      for (int digit = item.count; item.letter == 'S' && digit < 9; ++digit) *value *= 10;
      fields.set(item.letter, *value);
    }
  }
  if (!text.empty() || fields.year > 9999 || fields.year < 1) return std::nullopt;
  const auto year = static_cast<std::int32_t>(fields.year);
  const auto month = static_cast<std::int32_t>(fields.month);
  Civil civil{year, month, std::min(static_cast<std::int32_t>(fields.day), last_day(year, month))};
  civil.hour = static_cast<std::int32_t>(fields.hours());
  civil.minute = static_cast<std::int32_t>(fields.minute);
  civil.second = static_cast<std::int32_t>(fields.second);
  civil.nanos = static_cast<std::int32_t>(fields.nanos);
  Timestamp out = timestamp_of(civil);
  if (fields.day_of_year) out.seconds += (*fields.day_of_year - 1) * kSecondsOfDay;
  return out;
}

// Numbers take all their digits unless a number follows; values beyond their range run over; what follows is left out.
std::optional<Timestamp> TimePattern::parse_leniently(std::string_view text) const {
  Fields fields;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    if (item.letter == '\0') {
      if (!text.starts_with(item.text)) return std::nullopt;
      text.remove_prefix(item.text.size());
      continue;
    }
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    if (item.letter == 'a') {
      fields.afternoon = take_half_day(text);
      if (!fields.afternoon) return std::nullopt;
    } else if (item.letter == 'E') {
      if (!take_name(text, kDays, true, true)) return std::nullopt;
    } else if (!is_number(item)) {
      const auto month = take_name(text, kMonths, true, true);
      if (!month) return std::nullopt;
      fields.month = *month + 1;
    } else {
      const bool adjacent = i + 1 < items_.size() && is_number(items_[i + 1]);
      const std::size_t before = text.size();
      auto value = take_number(text, adjacent ? static_cast<std::size_t>(item.count) : 0);
      if (!value) return std::nullopt;
      if (item.letter == 'y' && item.count <= 2 && before - text.size() == 2) *value += 2000;
      if (item.letter == 'S') *value *= 1'000'000;
      fields.set(item.letter, *value);
    }
  }
  const std::int64_t months = fields.year * 12 + fields.month - 1;
  const std::int64_t year = floor_divide(months, 12);
  const auto month = static_cast<std::int32_t>(months - year * 12) + 1;
  const std::int64_t of_month = (fields.day_of_year ? *fields.day_of_year : fields.day) - 1;
  std::int64_t days = days_of(year, month, 1) + of_month;
  if (days < kFirstGregorianDay) days = julian_days_of(year, month, 1) + of_month;
  const std::int64_t over = floor_divide(fields.nanos, 1'000'000'000);
  const std::int64_t seconds = days * kSecondsOfDay + fields.hours() * 3600 + fields.minute * 60 + fields.second + over;
  return Timestamp{seconds, static_cast<std::int32_t>(fields.nanos - over * 1'000'000'000)};
}

}  // namespace rocketlink::planner::functions
