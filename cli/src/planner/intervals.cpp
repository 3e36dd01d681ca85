#include "planner/intervals.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "planner/functions/time_units.h"

namespace rocketlink::planner {
namespace {

using functions::Unit;

// From large to small, with the mark that stands before the smaller one.
struct Step {
  Unit unit;
  char mark;
};
constexpr std::array<Step, 6> kSteps = {{{Unit::kYear, '\0'},
                                         {Unit::kMonth, '-'},
                                         {Unit::kDay, '\0'},
                                         {Unit::kHour, ' '},
                                         {Unit::kMinute, ':'},
                                         {Unit::kSecond, ':'}}};

bool take_number(std::string_view& text, std::int64_t& out) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + std::min<std::size_t>(text.size(), 12), out);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc();
}

// Milliseconds of up to nine digits behind a point.
std::int64_t take_fraction(std::string_view& text) {
  if (text.empty() || text.front() != '.') return 0;
  text.remove_prefix(1);
  std::int64_t millis = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (digits < 3) millis = millis * 10 + (text[digits] - '0');
  }
  for (std::size_t i = digits; i < 3; ++i) millis *= 10;
  text.remove_prefix(digits);
  return millis;
}

void add(Interval& interval, Unit unit, std::int64_t amount) {
  interval.months += functions::months_of(unit) * amount;
  interval.millis += functions::millis_of(unit) * amount;
  interval.is_months = functions::months_of(unit) != 0;
}

}  // namespace

std::optional<Interval> read_interval(std::string_view amount, std::string_view first, std::string_view last) {
  const auto begin = functions::read_unit(first);
  const auto end = last.empty() ? begin : functions::read_unit(last);
  if (!begin || !end || *begin > Unit::kYear || *end > Unit::kYear) return std::nullopt;
  bool negative = false;
  while (!amount.empty() && (amount.front() == '-' || amount.front() == '+' || amount.front() == ' ')) {
    negative = negative != (amount.front() == '-');
    amount.remove_prefix(1);
  }
  Interval out;
  std::int64_t number = 0;
  if (!take_number(amount, number)) return std::nullopt;
  add(out, *begin, number);
  Unit unit = *begin;
  if (*begin != *end) {
    const auto* step = std::find_if(kSteps.begin(), kSteps.end(), [&](const Step& s) { return s.unit == *begin; });
    while (unit != *end) {
      if (step == kSteps.end() || ++step == kSteps.end() || step->mark == '\0') return std::nullopt;
      if (amount.empty() || amount.front() != step->mark) return std::nullopt;
      amount.remove_prefix(1);
      if (!take_number(amount, number)) return std::nullopt;
      unit = step->unit;
      add(out, unit, number);
    }
  }
  if (unit == Unit::kSecond) out.millis += take_fraction(amount);
  if (!amount.empty()) return std::nullopt;
  if (negative) {
    out.months = -out.months;
    out.millis = -out.millis;
  }
  return out;
}

}  // namespace rocketlink::planner
