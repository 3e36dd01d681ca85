#include <fmt/format.h>

#include "options/rules.h"

namespace rocketlink::options {
namespace {

constexpr std::string_view kStartMode = "scan.startup.mode";

// `tag` is a sink's too, and means something else there.
void read_filter(Given& given, const Place& place, SourceOptions& out) {
  given.read<std::string>("scan.filter.sql92", out.sql92_filter);
  if (!place.use.source) return;
  if (const auto text = given.get<std::string>("tag")) {
    auto tags = parse_tags(*text);
    if (tags) {
      out.tags = *std::move(tags);
    } else {
      given.refuse_text("tag", tags.error().text);
    }
  }
  if (given.has("tag") && given.has("scan.filter.sql92")) {
    given.refuse("scan.filter.sql92", "not together with tag; write it into the filter: TAGS = 'TagA'");
  }
}

// An option that belongs to one value of a mode.
void check_belongs(Given& given, std::string_view option, std::string_view mode, std::string_view value, bool chosen) {
  if (given.has(option) && !chosen) given.refuse(option, fmt::format("needs '{}' = '{}'", mode, value));
  if (!given.has(option) && chosen) given.miss(option, fmt::format("'{}' = '{}' needs it", mode, value));
}

/// A time from here on, which is in 1973, up to the next is in seconds by mistake, and refused: it would read
/// everything, or nothing, without a word.
constexpr std::int64_t kEarliestSeconds = 100'000'000;
constexpr std::int64_t kEarliestMs = 1000 * kEarliestSeconds;  ///< the same time: no message is so old

std::optional<std::int64_t> read_time_ms(Given& given, std::string_view option) {
  const auto time = given.get<std::int64_t>(option);
  if (time && *time >= kEarliestSeconds && *time < kEarliestMs)
    given.refuse_value(option, fmt::format("is in seconds, it seems; write milliseconds, such as {}000", *time));
  return time;
}

void read_start(Given& given, SourceOptions& out) {
  given.read_enum(kStartMode, out.start_mode);
  // A mode that was refused for its value says nothing about the options that belong to it.
  if (!given.has(kStartMode) || given.get<std::size_t>(kStartMode)) {
    check_belongs(given, "scan.startup.timestamp-millis", kStartMode, "timestamp",
                  out.start_mode == StartMode::kTimestamp);
    check_belongs(given, "scan.startup.specific-offsets", kStartMode, "specific-offsets",
                  out.start_mode == StartMode::kSpecificOffsets);
  }
  if (const auto time = read_time_ms(given, "scan.startup.timestamp-millis")) out.start_timestamp_ms = *time;
  if (const auto text = given.get<std::string>("scan.startup.specific-offsets")) {
    auto offsets = parse_specific_offsets(*text);
    if (offsets) {
      out.specific_offsets = *std::move(offsets);
    } else {
      given.refuse_text("scan.startup.specific-offsets", offsets.error().text);
    }
  }
  if (const auto fallback = given.get<std::size_t>("scan.startup.fallback")) {
    out.start_fallback = *fallback == 0 ? StartMode::kEarliest : StartMode::kLatest;
  }
  for (const std::string_view option : {"startTimeMs", "startMessageOffset"}) {
    if (given.has(option) && given.has(kStartMode)) {
      given.refuse(option, fmt::format("not together with {}; keep one of them", kStartMode));
    }
  }
  if (const auto time = read_time_ms(given, "startTimeMs")) {
    out.start_mode = StartMode::kTimestamp;
    out.start_timestamp_ms = *time;
  }
  if (const auto offset = given.get<std::int64_t>("startMessageOffset")) {
    out.start_mode = StartMode::kOffset;
    out.start_offset = *offset;
  }
}

void read_end(Given& given, SourceOptions& out) {
  constexpr std::string_view kMode = "scan.bounded.mode";
  given.read_enum(kMode, out.bounded_mode);
  if (!given.has(kMode) || given.get<std::size_t>(kMode)) {
    check_belongs(given, "scan.bounded.timestamp-millis", kMode, "timestamp",
                  out.bounded_mode == BoundedMode::kTimestamp);
  }
  if (const auto time = read_time_ms(given, "scan.bounded.timestamp-millis")) out.bounded_timestamp_ms = *time;
}

}  // namespace

SourceOptions read_source(Given& given, const Place& place, const ConnectionOptions& connection) {
  SourceOptions out;
  out.connection = connection;
  out.consumer_group = read_resource_name(given, "consumerGroup", kMostGroupCharacters, connection.instance_id);
  read_filter(given, place, out);
  read_start(given, out);
  read_end(given, out);
  if (const auto interval = given.get<std::int64_t>("pullIntervalMs")) out.pull_interval_ms = *interval;
  given.read<std::int64_t>("pullBatchSize", out.pull_batch_size);
  given.read<std::int64_t>("scan.partition-discovery.interval", out.discovery_interval_ms);
  given.read_enum("scan.offset-out-of-range", out.out_of_range);
  given.read<bool>("scan.heartbeat", out.heartbeat);
  if (const auto count = given.get<std::int64_t>("scan.parallelism")) {
    out.parallelism = static_cast<std::int32_t>(*count);
  }
  return out;
}

}  // namespace rocketlink::options
