#include "planner/functions/parse_text.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "planner/functions/calendar.h"
#include "rocketlink/row/parse.h"

namespace rocketlink::planner::functions {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Digits only, after blanks are taken off.
std::optional<std::int32_t> number(std::string_view text) {
  text = row::trim_blanks(text);
  if (text.empty() || text.size() > 9 || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  std::int32_t value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

// The text up to `mark`, which is taken off with it; everything when there is none.
std::string_view take(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  const std::string_view piece = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return piece;
}

// `low` to `high` digits from the front.
std::optional<std::int32_t> digits(std::string_view& text, std::size_t low, std::size_t high) {
  std::int32_t value = 0;
  std::size_t count = 0;
  while (count < high && count < text.size() && is_digit(text[count])) value = value * 10 + (text[count++] - '0');
  if (count < low) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool take_char(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool read_plainly(std::string_view text, double& out) {
  return row::parse_double(text, out);
}
bool read_plainly(std::string_view text, float& out) {
  return row::parse_float(text, out);
}

// What is rare is looked at when the quick way has failed.
template <class T, class Read>
bool parse_java(std::string_view text, T& out, Read read) {
  if (read_plainly(text, out)) return true;
  text = row::trim_blanks(text);
  const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const std::string_view marked = text.substr(sign);
  const bool hexadecimal = marked.starts_with("0x") || marked.starts_with("0X");
  if (hexadecimal && marked.find_first_of("pP") == std::string_view::npos) return false;
  if (!hexadecimal && marked.find_first_not_of("0123456789.eE+-fFdD") != std::string_view::npos) return false;
  if (text.size() > sign && std::string_view("fFdD").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  if (text.size() <= sign || (!is_digit(text[sign]) && text[sign] != '.')) return false;
  const std::string number(text);
  char* end = nullptr;
  out = read(number.c_str(), &end);
  return end == number.c_str() + number.size();
}

struct ReadTime {
  Civil civil;
  std::int32_t days_over = 0;  // what the day has more than the month
};

std::optional<ReadTime> read_timestamp(std::string_view text) {
  ReadTime out;
  Civil& civil = out.civil;
  const auto year = digits(text, 4, 4);
  if (!year || !take_char(text, '-')) return std::nullopt;
  const auto month = digits(text, 1, 2);
  if (!month || *month < 1 || *month > 12 || !take_char(text, '-')) return std::nullopt;
  const auto day = digits(text, 1, 2);
  if (!day || *day < 1 || *day > 31) return std::nullopt;
  civil.year = *year;
  civil.month = *month;
  civil.day = std::min(*day, last_day(*year, *month));
  out.days_over = *day - civil.day;
  if (text.empty()) return out;
  if (!take_char(text, ' ')) return std::nullopt;
  const auto hour = digits(text, 1, 2);
  if (!hour || *hour > 23 || !take_char(text, ':')) return std::nullopt;
  const auto minute = digits(text, 1, 2);
  if (!minute || *minute > 59 || !take_char(text, ':')) return std::nullopt;
  const auto second = digits(text, 1, 2);
  if (!second || *second > 59) return std::nullopt;
  civil.hour = *hour;
  civil.minute = *minute;
  civil.second = *second;
  if (!text.empty()) {
    if (!take_char(text, '.') || text.size() > 9 || !std::all_of(text.begin(), text.end(), is_digit))
      return std::nullopt;
    std::int32_t unit = 100'000'000;
    for (const char c : text) {
      civil.nanos += (c - '0') * unit;
      unit /= 10;
    }
  }
  return out;
}

}  // namespace

std::optional<bool> parse_boolean(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kTrue = {"t", "true", "y", "yes", "1"};
  static constexpr std::array<std::string_view, 5> kFalse = {"f", "false", "n", "no", "0"};
  if (text.size() > 5) return std::nullopt;
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (std::find(kTrue.begin(), kTrue.end(), lower) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), lower) != kFalse.end()) return false;
  return std::nullopt;
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool parse_floating(std::string_view text, double& out) {
  return parse_java(text, out, [](const char* begin, char** end) { return std::strtod(begin, end); });
}
bool parse_floating(std::string_view text, float& out) {
  return parse_java(text, out, [](const char* begin, char** end) { return std::strtof(begin, end); });
}

std::optional<std::int64_t> parse_whole(std::string_view text, std::int64_t low, std::int64_t high) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::int64_t value = 0;  // kept negative, whose range is the larger
  std::size_t at = 0;
  for (; at < text.size() && text[at] != '.'; ++at) {
    if (!is_digit(text[at]) || __builtin_mul_overflow(value, std::int64_t{10}, &value) ||
        __builtin_sub_overflow(value, std::int64_t{text[at] - '0'}, &value)) {
      return std::nullopt;
    }
  }
  for (++at; at < text.size(); ++at) {
    if (!is_digit(text[at])) return std::nullopt;
  }
  if (!negative && __builtin_sub_overflow(std::int64_t{0}, value, &value)) return std::nullopt;
  if (value < low || value > high) return std::nullopt;
  return value;
}

std::optional<std::int32_t> parse_date(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank != std::string_view::npos && blank > 0) text = text.substr(0, blank);
  const auto year = number(take(text, '-'));
  const auto month = text.data() == nullptr ? 1 : number(take(text, '-'));
  const auto day = text.data() == nullptr ? 1 : number(text);
  if (!year || !month || !day || *year > 9999 || *month < 1 || *month > 12) return std::nullopt;
  if (*day < 1 || *day > last_day(*year, *month)) return std::nullopt;
  return static_cast<std::int32_t>(days_of(*year, *month, *day));
}

bool has_too_long_part(std::string_view text) {
  text = text.substr(0, text.find(' ', 1));
  while (text.data() != nullptr) {
    std::string_view part = row::trim_blanks(take(text, '-'));
    if (part.empty() || !std::all_of(part.begin(), part.end(), is_digit)) return false;
    part.remove_prefix(std::min(part.find_first_not_of('0'), part.size()));
    constexpr std::string_view kMost = "2147483647";
    if (part.size() > kMost.size() || (part.size() == kMost.size() && part > kMost)) return true;
  }
  return false;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  std::array<std::int32_t, 3> parts{};
  for (std::size_t i = 0; i < parts.size() && (i == 0 || text.data() != nullptr); ++i) {
    std::string_view piece = i == 2 ? text : take(text, ':');
    if (i == 2) piece = take(text, '.');
    const auto value = number(piece);
    if (!value || *value > (i == 0 ? 23 : 59)) return std::nullopt;
    parts[i] = *value;
  }
  std::int64_t millis = 0;
  text = row::trim_blanks(text);
  for (std::size_t i = 0; i < 4; ++i) {
    const int digit = i < text.size() && is_digit(text[i]) ? text[i] - '0' : 0;
    millis = i < 3 ? millis * 10 + digit : millis + (digit >= 5 ? 1 : 0);
  }
  const std::int64_t seconds = parts[0] * std::int64_t{3600} + parts[1] * std::int64_t{60} + parts[2];
  return std::min(seconds * 1000 + millis, kSecondsOfDay * 1000 - 1) * 1'000'000;
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  // There is no year 0 in the calendar that Flink reads such texts with.
  const auto time = read_timestamp(text);
  return time && time->civil.year > 0 ? std::optional(timestamp_of(time->civil)) : std::nullopt;
}

std::optional<Timestamp> parse_sql_timestamp(std::string_view text) {
  auto time = read_timestamp(text);
  if (!time) return std::nullopt;
  time->civil.year = std::max(time->civil.year, 1);
  Timestamp out = timestamp_of(time->civil);
  out.seconds += time->days_over * kSecondsOfDay;
  return out;
}

}  // namespace rocketlink::planner::functions
