#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "planner/functions/decimal_text.h"
#include "planner/functions/decimals.h"
#include "planner/functions/functions.h"
#include "planner/tokens.h"

/// Functions whose result is a decimal.
namespace rocketlink::planner::functions {
namespace {

using Result = std::optional<DecimalResult>;

DecimalShape shape(const Call& call) {
  return {call.precision, call.scale};
}

Result result(const std::optional<Int128>& value) {
  if (!value) return std::nullopt;
  return DecimalResult{*value};
}

Result add_decimals(Call& call, Decimal left, Decimal right) {
  return result(add(left, right, shape(call)));
}
Result subtract_decimals(Call& call, Decimal left, Decimal right) {
  return result(subtract(left, right, shape(call)));
}
Result multiply_decimals(Call& call, Decimal left, Decimal right) {
  return result(multiply(left, right, shape(call)));
}

bool is_zero(Call& call, Decimal divisor) {
  if (divisor.unscaled == 0) call.fail("division of a decimal by zero");
  return divisor.unscaled == 0;
}
Result divide_decimals(Call& call, Decimal left, Decimal right) {
  if (is_zero(call, right)) return std::nullopt;
  return result(divide(left, right, shape(call)));
}
Result modulo_decimals(Call& call, Decimal left, Decimal right) {
  if (is_zero(call, right)) return std::nullopt;
  if (passes_division(left, right)) {
    call.fail("the remainder of a division whose quotient has more than 38 digits");
    return std::nullopt;
  }
  return result(modulo(left, right, shape(call)));
}

Result to_decimal(Call& call, Decimal value) {
  return result(rescale(value, shape(call)));
}

Result double_to_decimal(Call& call, double value) {
  if (!std::isfinite(value)) {
    call.fail("CAST of NaN or infinity to DECIMAL");
    return std::nullopt;
  }
  return result(from_digits(shortest_digits(value), shape(call)));
}

template <bool kTry>
Result text_to_decimal(Call& call, std::string_view text) {
  const auto value = parse_decimal_text(text, shape(call));
  if (!value && !kTry) {
    call.fail(fmt::format("CAST cannot read '{}' as DECIMAL({}, {}); TRY_CAST gives NULL instead",
                          text.substr(0, kMostQuotedBytes), call.precision, call.scale));
  }
  return result(value);
}

Result abs_decimal(Call&, Decimal value) {
  return DecimalResult{value.unscaled < 0 ? -value.unscaled : value.unscaled};
}
Result negate_decimal(Call&, Decimal value) {
  return DecimalResult{-value.unscaled};
}

// Down to `digits` digits behind the point (in front of it when negative), then shown in the result's scale.
template <bool kHalfUp>
Result round_decimal(Call& call, Decimal value, std::int32_t digits) {
  if (digits >= value.scale) return result(rescale(value, shape(call)));
  const std::int32_t dropped = value.scale - digits;
  if (dropped > 38) return DecimalResult{0};
  const Int128 unit = power_of_ten(dropped);
  Int128 kept = value.unscaled / unit;
  const Int128 rest = value.unscaled % unit;
  const Int128 distance = rest < 0 ? -rest : rest;
  if (kHalfUp && distance >= unit - distance) kept += value.unscaled < 0 ? -1 : 1;
  if (digits >= 0) return result(rescale({kept, digits}, shape(call)));
  return result(rescale(Decimal{kept, 0}, {call.precision, 0}).has_value()
                    ? multiply({kept, 0}, {power_of_ten(-digits), 0}, shape(call))
                    : std::nullopt);
}

Result floor_decimal(Call& call, Decimal value) {
  const Int128 unit = power_of_ten(value.scale);
  const Int128 whole = value.unscaled / unit - (value.unscaled % unit < 0 ? 1 : 0);
  return result(rescale({whole, 0}, shape(call)));
}
Result ceil_decimal(Call& call, Decimal value) {
  const Int128 unit = power_of_ten(value.scale);
  const Int128 whole = value.unscaled / unit + (value.unscaled % unit > 0 ? 1 : 0);
  return result(rescale({whole, 0}, shape(call)));
}
Result sign_decimal(Call& call, Decimal value) {
  return result(rescale({sign(value.unscaled), 0}, shape(call)));
}

struct Entry {
  std::string_view name;
  bool (*define)(duckdb_connection, const std::string&, const Settings&);
};

template <auto Body>
bool define(duckdb_connection connection, const std::string& name, const Settings& settings) {
  return detail::define<Body>(connection, name, settings, Nature::kPure, Body);
}

constexpr std::array kEntries = {
    Entry{"rl_decimal_add", define<add_decimals>},
    Entry{"rl_decimal_subtract", define<subtract_decimals>},
    Entry{"rl_decimal_multiply", define<multiply_decimals>},
    Entry{"rl_decimal_divide", define<divide_decimals>},
    Entry{"rl_decimal_modulo", define<modulo_decimals>},
    Entry{"rl_to_decimal", define<to_decimal>},
    Entry{"rl_double_to_decimal", define<double_to_decimal>},
    Entry{"rl_text_to_decimal", define<text_to_decimal<false>>},
    Entry{"rl_text_to_decimal_or_null", define<text_to_decimal<true>>},
    Entry{"rl_decimal_abs", define<abs_decimal>},
    Entry{"rl_decimal_negate", define<negate_decimal>},
    Entry{"rl_decimal_round", define<round_decimal<true>>},
    Entry{"rl_decimal_truncate", define<round_decimal<false>>},
    Entry{"rl_decimal_floor", define<floor_decimal>},
    Entry{"rl_decimal_ceil", define<ceil_decimal>},
    Entry{"rl_decimal_sign", define<sign_decimal>},
};

}  // namespace

bool register_decimal_function(duckdb_connection connection, std::string_view name, std::int32_t precision,
                               std::int32_t scale) {
  const auto* entry =
      std::find_if(kEntries.begin(), kEntries.end(), [&](const Entry& candidate) { return candidate.name == name; });
  if (entry == kEntries.end()) return false;
  Settings settings;
  settings.precision = precision;
  settings.scale = scale;
  // A second registration of the same function changes nothing.
  (void)entry->define(connection, fmt::format("{}_{}_{}", name, precision, scale), settings);
  return true;
}

}  // namespace rocketlink::planner::functions
