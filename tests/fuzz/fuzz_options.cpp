// Options: each line of the input is `name=value`, where a name of one byte stands for a known option. No secret may
// appear in a problem, and what is accepted must be good enough for the codecs.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "rocketlink/options.h"
#include "rocketlink/row/decoder.h"
#include "rocketlink/row/encoder.h"
#include "rocketlink/row/utf8.h"

namespace {

using namespace rocketlink;

constexpr std::size_t kMostEntries = 6;  // more take time and find nothing else
constexpr std::string_view kSecret = "hush-42-hush";

void require(bool condition) {
  if (!condition) std::abort();
}

std::string take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

OptionEntries entries_of(std::string_view text, bool sound) {
  OptionEntries entries;
  if (sound) {
    entries = {{"endpoint", "127.0.0.1:9876"}, {"topic", "t"}, {"accessId", "me"}, {"accessKey", std::string(kSecret)}};
  }
  const auto specs = option_specs();
  while (!text.empty() && entries.size() < kMostEntries) {
    const std::string line = take_line(text);
    const auto equals = std::min(line.find('='), line.size());
    std::string name = line.substr(0, equals);
    if (name.size() == 1) name = specs[static_cast<unsigned char>(name[0]) % specs.size()].name;
    entries.emplace_back(std::move(name), line.substr(std::min(equals + 1, line.size())));
  }
  return entries;
}

Schema schema_of(std::uint8_t choice) {
  Schema schema;
  for (std::uint8_t i = 0; i < choice % 4; ++i) {
    Column column;
    column.name = std::string(1, static_cast<char>('a' + i));
    column.metadata = (choice >> 2U & 1U) != 0 && i == 2;
    column.metadata_key = "tags";
    schema.columns.push_back(std::move(column));
  }
  return schema;
}

void check(const OptionEntries& entries, const Schema& schema, TableUse use) {
  const TableOptions options = parse_table_options(entries, schema, use);
  for (const std::string& problem : options.problems) {
    require(problem.find(kSecret) == std::string::npos);
    require(row::is_utf8(problem) && problem.find('\n') == std::string::npos);
  }
  for (const auto& [name, value] : masked(entries)) require(name != "accessKey" || value != kSecret);
  if (!options.problems.empty()) {
    require(!options.source && !options.sink);
    return;
  }
  require(options.source || options.sink);
  if (options.source) require(row::Decoder::create(schema, options.source->format).ok());
  if (options.sink) require(row::Encoder::create(schema, options.sink->format, options.sink->partition_field).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (text.find(kSecret) != std::string_view::npos) return 0;  // then it is no secret
  const OptionEntries entries = entries_of(text, (data[0] & 4U) != 0);
  check(entries, schema_of(data[1]), {(data[0] & 1U) != 0, (data[0] & 2U) != 0});
  const auto replaced = replace_secrets(text, [](std::string_view) { return std::string(); });
  require(!replaced || replaced->size() <= text.size());
  return 0;
}
