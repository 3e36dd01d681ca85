#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "options/rules.h"

namespace rocketlink::options {
namespace {

const Column* find_column(const Schema& schema, std::string_view name) {
  const auto column =
      std::find_if(schema.columns.begin(), schema.columns.end(), [&](const Column& c) { return c.name == name; });
  return column == schema.columns.end() ? nullptr : &*column;
}

// The column that an option names; refuses names that are none.
const Column* read_column(Given& given, std::string_view option, const Schema& schema) {
  const auto name = given.get<std::string>(option);
  if (!name) return nullptr;
  const Column* column = find_column(schema, *name);
  if (column != nullptr) return column;
  std::vector<std::string_view> names;
  for (const Column& c : schema.columns) names.push_back(c.name);
  const auto near = nearest_name(*name, names);
  given.refuse(option, near ? fmt::format("no column of the table; did you mean '{}'?", *near)
                            : fmt::format("no column of the table, which has {}", fmt::join(names, ", ")));
  return nullptr;
}

void read_tag(Given& given, const Place& place, const Schema& schema, SinkOptions& out) {
  const auto tag = given.get<std::string>("tag");
  if (!tag) return;
  if (place.connector == Connector::kMq5) {
    given.refuse("tag",
                 "not for a sink table of mq5; declare a column 'tags VARCHAR METADATA' and write the tag into it");
    return;
  }
  const bool tags_column = std::any_of(schema.columns.begin(), schema.columns.end(), [](const Column& column) {
    return column.metadata && !column.is_virtual && column.metadata_key == "tags";
  });
  if (tags_column) given.refuse("tag", "not together with a metadata column 'tags', which sets it; keep one of them");
  const bool is_text =
      std::all_of(tag->begin(), tag->end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
  if (!is_text) given.refuse("tag", "must not hold control characters");
  if (place.use.source && (tag->find('|') != std::string::npos || *tag == "*")) {
    given.refuse("tag", "must be a single tag, since the table is written to");
  }
  out.tag = *tag;
}

void read_partition(Given& given, const Schema& schema, SinkOptions& out) {
  constexpr std::string_view kOption = "partitionField";
  if (given.get<std::size_t>("mode") && !given.has(kOption)) given.miss(kOption, "'mode' = 'partition' needs it");
  const Column* column = read_column(given, kOption, schema);
  if (column == nullptr) return;
  if (column->is_virtual) given.refuse(kOption, "is a VIRTUAL column, which is not written");
  out.partition_field = column->name;
}

DeliveryOptions read_delivery(Given& given, const Schema& schema) {
  DeliveryOptions out;
  constexpr std::string_view kMode = "deliveryTimestampMode";
  constexpr std::string_view kType = "deliveryTimestampType";
  constexpr std::string_view kValue = "deliveryTimestampValue";
  constexpr std::string_view kField = "deliveryTimestampField";
  if (!given.has(kMode)) {
    constexpr std::array<std::string_view, 4> kDetails = {kType, kValue, kField, "delivery.encoding"};
    for (const std::string_view option : kDetails) {
      if (given.has(option)) given.refuse(option, fmt::format("needs {}", kMode));
    }
    return out;
  }
  const auto mode = given.get<std::size_t>(kMode);
  if (!mode) return out;
  out.mode = static_cast<DeliveryMode>(*mode + 1);
  given.read_enum(kType, out.type);
  given.read<std::int64_t>(kValue, out.value_ms);
  given.read_enum("delivery.encoding", out.encoding);
  if (out.type == DeliveryType::kEventTime && out.mode != DeliveryMode::kRelative) {
    given.refuse(kType, fmt::format("needs '{}' = 'relative'", kMode));
  }
  if (out.mode == DeliveryMode::kField) {
    if (!given.has(kField)) given.miss(kField, fmt::format("'{}' = 'field' needs it", kMode));
    const Column* column = read_column(given, kField, schema);
    if (column != nullptr && column->type.kind != TypeKind::kBigInt) {
      given.refuse(kField, fmt::format("is a column of type {}; it must be BIGINT", to_string(column->type)));
    }
    if (column != nullptr && column->is_virtual) given.refuse(kField, "is a VIRTUAL column, which is not written");
    if (column != nullptr) out.field = column->name;
  } else {
    if (!given.has(kValue)) given.miss(kValue, fmt::format("'{}' = 'fixed' or 'relative' needs it", kMode));
    if (given.has(kField)) given.refuse(kField, fmt::format("needs '{}' = 'field'", kMode));
  }
  return out;
}

}  // namespace

SinkOptions read_sink(Given& given, const Place& place, const Schema& schema, const ConnectionOptions& connection) {
  SinkOptions out;
  out.connection = connection;
  out.producer_group = read_resource_name(given, "producerGroup", kMostGroupCharacters, connection.instance_id);
  if (place.use.sink) read_tag(given, place, schema, out);
  read_partition(given, schema, out);
  out.delivery = read_delivery(given, schema);
  given.read<std::int64_t>("retryTimes", out.retry_times);
  given.read<std::int64_t>("sleepTimeMs", out.sleep_time_ms);
  given.read_enum("sink.delivery-guarantee", out.guarantee);
  given.read<std::int64_t>("sink.batch.max-messages", out.batch_max_messages);
  given.read<std::int64_t>("sink.batch.max-bytes", out.batch_max_bytes);
  given.read<std::int64_t>("sink.batch.linger", out.batch_linger_ms);
  if (const auto count = given.get<std::int64_t>("sink.parallelism")) {
    out.parallelism = static_cast<std::int32_t>(*count);
  }
  return out;
}

}  // namespace rocketlink::options
