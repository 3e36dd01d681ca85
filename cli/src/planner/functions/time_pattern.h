#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/functions/calendar.h"

/// Patterns such as `yyyy-MM-dd HH:mm:ss`, with English names.
namespace rocketlink::planner::functions {

/// Java has two readers of such patterns, and Flink uses both.
enum class PatternKind : std::uint8_t {
  kFormatter,    ///< java.time's DateTimeFormatter: DATE_FORMAT of a time, TO_TIMESTAMP
  kSimpleFormat  ///< java.text's SimpleDateFormat, lenient: FROM_UNIXTIME, UNIX_TIMESTAMP, TO_DATE, DATE_FORMAT of a
                 ///< text
};

class TimePattern {
 public:
  struct Item {
    char letter = '\0';  ///< 0: `text` as it is
    int count = 0;
    std::string text;
  };

  /// Nothing, and a sentence in `problem`, for a pattern that cannot be used.
  static std::optional<TimePattern> read(std::string_view pattern, PatternKind kind, std::string& problem);

  [[nodiscard]] std::string format(const Civil& time) const;
  /// What is not in the pattern is that of 1970-01-01 00:00:00. Nothing when the text does not follow it.
  [[nodiscard]] std::optional<Timestamp> parse(std::string_view text) const;

 private:
  [[nodiscard]] std::optional<Timestamp> parse_strictly(std::string_view text) const;
  [[nodiscard]] std::optional<Timestamp> parse_leniently(std::string_view text) const;

  PatternKind kind_ = PatternKind::kFormatter;
  std::vector<Item> items_;
};

}  // namespace rocketlink::planner::functions
