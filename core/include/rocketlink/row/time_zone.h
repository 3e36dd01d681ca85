#pragma once

#include <cstdint>
#include <string_view>

#include "rocketlink/result.h"
#include "rocketlink/types.h"

namespace date {
class time_zone;
}

namespace rocketlink::row {

/// A time zone with the rules of the system's time zone data. A small value; it remembers the last period asked for,
/// so each thread needs its own copy.
class TimeZone {
 public:
  /// UTC.
  TimeZone() = default;

  /// An IANA name (`Asia/Shanghai`), `Z`, or a fixed offset such as `+08:00`, `GMT+8`, `UTC-03:30` (at most 18 hours).
  /// kInvalidArgument when there is no such zone.
  static Result<TimeZone> find(std::string_view name);

  /// Wall clock of an instant. Seconds since 1970-01-01T00:00:00 on both sides.
  [[nodiscard]] std::int64_t to_local(std::int64_t utc_seconds);

  /// Instant of a wall clock, by the rules of java.time.LocalDateTime.atZone: a wall clock that the zone leaps over is
  /// moved forward by the length of the gap, of two instants with the same wall clock the earlier is taken.
  [[nodiscard]] std::int64_t to_utc(std::int64_t local_seconds);

 private:
  struct Period {
    std::int64_t begin = 1;  // UTC seconds, [begin, end); empty at first
    std::int64_t end = 0;
    std::int64_t offset = 0;
  };
  [[nodiscard]] Period period_at(std::int64_t utc_seconds) const;

  const date::time_zone* zone_ = nullptr;  // null: fixed offset
  std::int64_t fixed_offset_ = 0;          // seconds
  Period last_;
};

}  // namespace rocketlink::row
