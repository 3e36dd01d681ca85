#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "options/names.h"
#include "options/rules.h"
#include "rocketlink/options.h"
#include "rocketlink/row/schema.h"

namespace rocketlink {
namespace {

using options::Given;
using options::Place;

// What a table that no statement uses is meant for is told by its groups.
Place place_of(const Given& given, TableUse use, std::vector<std::string>& problems) {
  Place place{given.connector(), use, true};
  if (use.source || use.sink) return place;
  place.use = {given.has("consumerGroup"), given.has("producerGroup")};
  if (place.use.source || place.use.sink) return place;
  problems.emplace_back(
      "option 'consumerGroup' or 'producerGroup' is missing: a source table needs the first, a sink table the second");
  return {place.connector, {true, true}, false};
}

void add(std::vector<std::string> more, std::vector<std::string>& problems) {
  for (std::string& problem : more) {
    const bool said = std::find(problems.begin(), problems.end(), problem) != problems.end();
    if (!said) problems.push_back(std::move(problem));
  }
}

// A message's body, which is what there is without rows.
Schema body_alone() {
  Column body;
  body.name = "body";
  body.type.kind = TypeKind::kVarbinary;
  return {{body}};
}

Error all_of(const std::vector<std::string>& problems) {
  return {ErrorCode::kInvalidArgument, fmt::format("{}", fmt::join(problems, "\n"))};
}

}  // namespace

void set_option(OptionEntries& entries, std::string_view name, std::string_view value) {
  const auto known = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& entry) { return options::equal_without_case(entry.first, name); });
  if (known == entries.end()) {
    entries.emplace_back(name, value);
  } else {
    known->second = value;
  }
}

Result<SourceOptions> parse_source_options(const OptionEntries& entries) {
  TableOptions parsed = parse_table_options(entries, body_alone(), {.source = true, .sink = false});
  if (!parsed.source) return all_of(parsed.problems);
  return *std::move(parsed.source);
}

Result<SinkOptions> parse_sink_options(const OptionEntries& entries) {
  TableOptions parsed = parse_table_options(entries, body_alone(), {.source = false, .sink = true});
  if (!parsed.sink) return all_of(parsed.problems);
  return *std::move(parsed.sink);
}

TableOptions parse_table_options(const OptionEntries& entries, const Schema& schema, TableUse use) {
  TableOptions out;
  Given given(entries, out.problems);
  const Place place = place_of(given, use, out.problems);
  given.check(place);

  const ConnectionOptions connection = options::read_connection(given);
  const std::string topic =
      options::read_resource_name(given, "topic", options::kMostTopicCharacters, connection.instance_id);
  const FormatOptions format = options::read_format(given, schema, place.use.source);
  SourceOptions source = options::read_source(given, place, connection);
  SinkOptions sink = options::read_sink(given, place, schema, connection);
  source.topic = sink.topic = topic;
  source.format = sink.format = format;
  if (place.use.source && place.use_is_known) add(row::source_schema_problems(schema), out.problems);
  if (place.use.sink && place.use_is_known) add(row::sink_schema_problems(schema, {}), out.problems);
  if (!out.problems.empty()) return out;
  if (place.use.source) out.source = std::move(source);
  if (place.use.sink) out.sink = std::move(sink);
  return out;
}

}  // namespace rocketlink
