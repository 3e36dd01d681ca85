#include "options/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "options/names.h"
#include "rocketlink/row/parse.h"
#include "rocketlink/row/utf8.h"

namespace rocketlink::options {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t size;
};

// From large to small; of the names of a size the first is the one that is shown.
constexpr Unit kDurationUnits[] = {
    {"d", 86'400'000},   {"day", 86'400'000},  {"days", 86'400'000}, {"h", 3'600'000},
    {"hour", 3'600'000}, {"hours", 3'600'000}, {"min", 60'000},      {"m", 60'000},
    {"minute", 60'000},  {"minutes", 60'000},  {"s", 1000},          {"sec", 1000},
    {"secs", 1000},      {"second", 1000},     {"seconds", 1000},    {"ms", 1},
    {"milli", 1},        {"millis", 1},        {"millisecond", 1},   {"milliseconds", 1}};
constexpr Unit kMemoryUnits[] = {
    {"gb", 1 << 30}, {"g", 1 << 30}, {"gibibytes", 1 << 30}, {"mb", 1 << 20}, {"m", 1 << 20}, {"mebibytes", 1 << 20},
    {"kb", 1 << 10}, {"k", 1 << 10}, {"kibibytes", 1 << 10}, {"b", 1},        {"bytes", 1}};

std::optional<std::int64_t> parse_long(std::string_view text) {
  std::int64_t value = 0;
  if (!row::parse_integer(text, value)) return std::nullopt;
  return value;
}

// Digits and a unit; without one the number counts in the smallest.
std::optional<std::int64_t> parse_with_unit(std::string_view text, std::span<const Unit> units) {
  text = row::trim_blanks(text);
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_long(text.substr(0, digits));
  if (!number) return std::nullopt;
  const std::string_view name = row::trim_blanks(text.substr(digits));
  if (name.empty()) return number;
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return equal_without_case(u.name, name); });
  std::int64_t value = 0;
  if (unit == units.end() || __builtin_mul_overflow(*number, unit->size, &value)) return std::nullopt;
  return value;
}

std::string with_largest_unit(std::int64_t value, std::span<const Unit> units, std::string_view smallest) {
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.size == 0) return fmt::format("{} {}", value / unit.size, unit.name);
  }
  return fmt::format("{} {}", value, smallest);
}

Error not_allowed(const OptionSpec& spec) {
  const bool one = spec.values.size() == 1;
  return {ErrorCode::kInvalidArgument, fmt::format("allowed {} {}", one ? "is" : "are", allowed_values(spec))};
}

Error empty_text(const OptionSpec& spec) {
  if (spec.allowed.empty()) return {ErrorCode::kInvalidArgument, "must not be empty"};
  return {ErrorCode::kInvalidArgument, fmt::format("must not be empty (allowed: {})", spec.allowed)};
}

Result<Value> within(const OptionSpec& spec, std::optional<std::int64_t> number) {
  if (!number || *number < spec.min || *number > spec.max) return not_allowed(spec);
  return Value(*number);
}

Result<Value> parse_enum(const OptionSpec& spec, std::string_view text) {
  for (std::size_t i = 0; i < spec.values.size(); ++i) {
    if (equal_without_case(spec.values[i], text)) return Value(i);
  }
  Error error = not_allowed(spec);
  auto near = nearest_name(text, spec.values);
  if (!near) {  // as `earliest-offset`, which is Kafka's word
    const auto begins = std::find_if(spec.values.begin(), spec.values.end(), [&](std::string_view value) {
      return text.size() > value.size() && equal_without_case(text.substr(0, value.size()), value);
    });
    if (begins != spec.values.end()) near = *begins;
  }
  if (near) error.text += fmt::format("; did you mean '{}'?", *near);
  return error;
}

}  // namespace

Result<Value> parse_value(const OptionSpec& spec, std::string_view text) {
  const std::string_view trimmed = row::trim_blanks(text);
  switch (spec.type) {
    case OptionType::kString:
      if (text.empty()) return empty_text(spec);
      return Value(std::string(text));
    case OptionType::kInt:
    case OptionType::kLong:
      return within(spec, parse_long(trimmed));
    case OptionType::kDuration:
      return within(spec, parse_with_unit(trimmed, kDurationUnits));
    case OptionType::kMemory:
      return within(spec, parse_with_unit(trimmed, kMemoryUnits));
    case OptionType::kDouble: {
      double number = 0;
      const bool inside = row::parse_double(trimmed, number) && number >= static_cast<double>(spec.min) &&
                          number <= static_cast<double>(spec.max);
      if (!inside) return not_allowed(spec);
      return Value(number);
    }
    case OptionType::kBoolean:
      if (equal_without_case(trimmed, "true")) return Value(true);
      if (equal_without_case(trimmed, "false")) return Value(false);
      return not_allowed(spec);
    case OptionType::kEnum:
      return parse_enum(spec, trimmed);
  }
  return not_allowed(spec);
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMostShownBytes = 100;  // a value is cut there in messages
  std::string valid;
  row::replace_invalid_utf8(text.substr(0, kMostShownBytes), valid);
  std::string out;
  for (const char c : valid) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out.push_back(c);
    }
  }
  if (text.size() > kMostShownBytes) out += "…";
  return out;
}

std::string duration_text(std::int64_t millis) {
  return with_largest_unit(millis, kDurationUnits, "ms");
}

std::string memory_text(std::int64_t bytes) {
  return with_largest_unit(bytes, kMemoryUnits, "b");
}

bool is_resource_name(std::string_view text, std::size_t most) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%' || c == '|' ||
           c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace rocketlink::options
