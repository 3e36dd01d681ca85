#pragma once

#include <string>

/// Numbers as Java writes them.
namespace rocketlink::planner::functions {

/// As Double.toString and Float.toString of JDK 19 and later: `1.5`, `1.0E10`, `NaN`, `-Infinity`.
[[nodiscard]] std::string java_text(double value);
[[nodiscard]] std::string java_text(float value);

/// The decimal digits of a finite number, shortest that read back to it: value = ±0.d1d2d3… × 10^exponent. Zero is
/// "0" with exponent 1.
struct Digits {
  bool negative = false;
  std::string digits;
  int exponent = 0;
};
[[nodiscard]] Digits shortest_digits(double value);
[[nodiscard]] Digits shortest_digits(float value);

}  // namespace rocketlink::planner::functions
