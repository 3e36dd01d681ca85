#include "commands/stats_lines.h"

#include <fmt/format.h>

#include <optional>

namespace rocketlink::commands {

namespace {

/// What the INSERTs wrote that read a source, or none.
engine::OutputStats written(const engine::JobStats& stats, std::optional<std::size_t> source) {
  engine::OutputStats sum{.rows_taken = 0, .rows_out = 0, .delimiter_conflicts = 0, .sink = SinkStats{}};
  for (const auto& sink : stats.sinks) {
    if (sink.source == source) sum += sink.out;
  }
  return sum;
}

/// A run that ends early leaves rows whose messages nobody has acknowledged; they may be stored all the same.
std::string rows_out(const engine::OutputStats& out) {
  std::string text = fmt::format("{} rows out", out.rows_out);
  if (const auto more = out.rows_under_way(); more > 0) text += fmt::format(" ({} more not acknowledged)", more);
  return text;
}

}  // namespace

std::vector<std::string> stats_lines(const engine::JobStats& stats) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < stats.sources.size(); ++i) {
    const auto& [table, in] = stats.sources[i];
    const engine::OutputStats out = written(stats, i);
    lines.push_back(
        fmt::format("source table {}: {} rows in, {} records skipped, {}, {} retries, calls to brokers: {} to read, {} "
                    "to write",
                    table, in.rows, in.records_skipped, rows_out(out), in.reader.retries + out.sink->retries,
                    in.reader.api_calls, out.sink->api_calls));
  }
  const engine::OutputStats out = written(stats, std::nullopt);
  if (out.rows_taken > 0) {
    lines.push_back(fmt::format("without a source table: {}, {} retries, {} calls to brokers", rows_out(out),
                                out.sink->retries, out.sink->api_calls));
  }
  return lines;
}

}  // namespace rocketlink::commands
