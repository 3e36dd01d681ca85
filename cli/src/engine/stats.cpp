#include "engine/stats.h"

#include <algorithm>

namespace rocketlink::engine {

namespace {

void take_worse(std::optional<std::int64_t>& lag, const std::optional<std::int64_t>& other) {
  if (other) lag = std::max(lag.value_or(*other), *other);
}

}  // namespace

InputStats& operator+=(InputStats& sum, const InputStats& more) {
  sum.rows += more.rows;
  sum.bytes += more.bytes;
  sum.records_skipped += more.records_skipped;
  sum.reader.api_calls += more.reader.api_calls;
  sum.reader.retries += more.reader.retries;
  sum.reader.throttled += more.reader.throttled;
  sum.reader.bytes_buffered += more.reader.bytes_buffered;
  sum.reader.queues.insert(sum.reader.queues.end(), more.reader.queues.begin(), more.reader.queues.end());
  take_worse(sum.fetch_lag_ms, more.fetch_lag_ms);
  take_worse(sum.emit_lag_ms, more.emit_lag_ms);
  sum.idle_ms = std::min(sum.idle_ms, more.idle_ms);
  return sum;
}

std::uint64_t OutputStats::rows_under_way() const {
  const std::uint64_t over = rows_out + (sink ? sink->messages_failed : 0);
  return rows_taken > over ? rows_taken - over : 0;  // the counts are taken one after the other
}

OutputStats& operator+=(OutputStats& sum, const OutputStats& more) {
  sum.rows_taken += more.rows_taken;
  sum.rows_out += more.rows_out;
  sum.delimiter_conflicts += more.delimiter_conflicts;
  if (!more.sink) return sum;
  if (!sum.sink) sum.sink.emplace();
  *sum.sink += *more.sink;
  return sum;
}

}  // namespace rocketlink::engine
