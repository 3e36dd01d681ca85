#include "connectors/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string_view>

namespace rocketlink::connectors {

namespace {

constexpr std::array<std::string_view, 4> kConnectors{"mq", "mq5", "print", "blackhole"};
constexpr std::string_view kConnectorsInWords = "'mq5' (RocketMQ 5.x), 'mq' (4.x), 'print', 'blackhole'";
constexpr std::array<std::string_view, 5> kPrintOptions{"connector", "print-identifier", "standard-error",
                                                        "sink.parallelism", "property-version"};
constexpr std::array<std::string_view, 2> kBlackholeOptions{"connector", "property-version"};

bool same_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::string joined(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) text += fmt::format("{}'{}'", text.empty() ? "" : ", ", name);
  return text;
}

std::string suggestion(std::string_view name, std::span<const std::string_view> known) {
  const auto nearest = nearest_name(name, known);
  return nearest ? fmt::format("; did you mean '{}'?", *nearest) : "";
}

/// Reads and checks the options of print and blackhole.
class PlainOptions {
 public:
  PlainOptions(const sql::Script& script, Table& table, std::vector<Error>& problems)
      : script_(script), table_(table), problems_(problems) {}

  void check() {
    const bool print = table_.kind == TableKind::kPrint;
    const std::string_view connector = print ? "print" : "blackhole";
    if (table_.use.source) {
      problem(table_.definition.offset, fmt::format("table '{}' has connector '{}', which cannot be read from",
                                                    table_.definition.name, connector));
    }
    const auto& columns = table_.definition.schema.columns;
    for (const Column& column : columns) {
      if (!column.metadata || column.is_virtual) continue;
      problem(table_.definition.column_offsets[static_cast<std::size_t>(&column - columns.data())],
              fmt::format("column '{}' of table '{}' is METADATA, and connector '{}' writes none: declare it as a "
                          "plain column, or METADATA VIRTUAL to leave it out",
                          column.name, table_.definition.name, connector));
    }
    for (std::size_t i = 0; i < table_.entries.size(); ++i) {
      const auto& [name, value] = table_.entries[i];
      const sql::TableOption& written = table_.definition.options[i];
      if (same_without_case(name, "connector") || same_without_case(name, "property-version")) continue;
      if (table_.lacks_secret(written)) continue;
      if (!print) {
        unknown(written, connector, kBlackholeOptions);
      } else if (same_without_case(name, "print-identifier")) {
        table_.print.identifier = value;
      } else if (same_without_case(name, "standard-error")) {
        read_boolean(written, value);
      } else if (same_without_case(name, "sink.parallelism")) {
        read_parallelism(written, value);
      } else {
        unknown(written, connector, kPrintOptions);
      }
    }
  }

 private:
  void problem(std::size_t offset, const std::string& text) { problems_.push_back(script_.error(offset, text)); }
  void unknown(const sql::TableOption& option, std::string_view connector, std::span<const std::string_view> known) {
    problem(option.name_offset, fmt::format("option '{}' is unknown to connector '{}', which has {}{}", option.name,
                                            connector, joined(known), suggestion(option.name, known)));
  }
  void read_boolean(const sql::TableOption& option, const std::string& value) {
    if (same_without_case(value, "true")) {
      table_.print.standard_error = true;
    } else if (!same_without_case(value, "false")) {
      problem(option.value_offset, fmt::format("option '{}' = '{}' must be true or false", option.name, value));
    }
  }
  void read_parallelism(const sql::TableOption& option, const std::string& value) {
    std::int32_t number = 0;
    const auto [end, wrong] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (wrong != std::errc() || end != value.data() + value.size() || number < 1) {
      problem(option.value_offset,
              fmt::format("option '{}' = '{}' must be a whole number from 1 on", option.name, value));
    } else {
      table_.print.parallelism = number;
    }
  }

  const sql::Script& script_;
  Table& table_;
  std::vector<Error>& problems_;
};

/// The name that a problem quotes behind `word`, and where it begins; npos: it has no such.
struct Quote {
  std::size_t at = std::string_view::npos;
  std::string_view name;
};

Quote quoted_behind(std::string_view word, std::string_view problem) {
  const std::size_t found = problem.find(word);
  if (found == std::string_view::npos) return {};
  const std::size_t at = found + word.size();
  return {at, problem.substr(at, problem.find('\'', at) - at)};
}

/// The option that a problem is about, if it is about one that is given.
const sql::TableOption* option_of(const Table& table, std::string_view problem) {
  const Quote option = quoted_behind("option '", problem);
  if (option.at > quoted_behind("column '", problem).at) return nullptr;
  const auto& given = table.definition.options;
  const auto found = std::find_if(given.begin(), given.end(),
                                  [&](const auto& each) { return same_without_case(each.name, option.name); });
  return found == given.end() ? nullptr : &*found;
}

/// The place of the option or column that a problem names, else of the table.
std::size_t place_of(const Table& table, std::string_view problem) {
  if (const sql::TableOption* const option = option_of(table, problem)) {
    const Quote name = quoted_behind("option '", problem);
    const bool about_value = problem.substr(name.at + name.name.size()).starts_with("' = ");
    return about_value ? option->value_offset : option->name_offset;
  }
  const auto& columns = table.definition.schema.columns;
  const Quote name = quoted_behind("column '", problem);
  const auto column =
      std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == name.name; });
  if (name.at == std::string_view::npos || column == columns.end()) return table.definition.offset;
  return table.definition.column_offsets[static_cast<std::size_t>(column - columns.begin())];
}

}  // namespace

bool Table::lacks_secret(const sql::TableOption& option) const {
  const auto number = static_cast<std::size_t>(&option - definition.options.data());
  return std::find(without_secret.begin(), without_secret.end(), number) != without_secret.end();
}

std::optional<Table> create_table(const sql::Script& script, const sql::CreateTable& definition,
                                  const SecretLookup& secrets, std::vector<Error>& problems) {
  Table table;
  table.definition = definition;
  std::optional<std::size_t> connector;
  for (const sql::TableOption& option : definition.options) {
    const std::size_t number = table.entries.size();
    if (same_without_case(option.name, "connector")) connector = number;
    auto value = replace_secrets(option.value, secrets);
    if (!value) {
      const std::string_view more =
          value.error().is(ErrorCode::kNotFound) ? ", or give it with --secret NAME=VALUE or in a --secrets-file" : "";
      problems.push_back(script.error(option.value_offset, fmt::format("table '{}': option '{}': {}{}", definition.name,
                                                                       option.name, value.error().text, more)));
      table.without_secret.push_back(number);
    }
    table.entries.emplace_back(option.name, value ? *std::move(value) : option.value);
  }
  if (!connector) {
    problems.push_back(script.error(definition.offset, fmt::format("table '{}' has no option 'connector'; there are {}",
                                                                   definition.name, kConnectorsInWords)));
    return std::nullopt;
  }
  const sql::TableOption& written = definition.options[*connector];
  const std::string& name = table.entries[*connector].second;
  if (same_without_case(name, "mq") || same_without_case(name, "mq5")) {
    table.kind = TableKind::kMq;
  } else if (same_without_case(name, "print")) {
    table.kind = TableKind::kPrint;
  } else if (same_without_case(name, "blackhole")) {
    table.kind = TableKind::kBlackhole;
  } else {
    if (table.lacks_secret(table.definition.options[*connector])) return std::nullopt;
    problems.push_back(script.error(
        written.value_offset, fmt::format("connector '{}' of table '{}' is not known to rocketlink run, which has {}{}",
                                          name, definition.name, kConnectorsInWords, suggestion(name, kConnectors))));
    return std::nullopt;
  }
  return table;
}

void check_table(const sql::Script& script, Table& table, std::vector<Error>& problems) {
  if (table.kind != TableKind::kMq) {
    PlainOptions(script, table, problems).check();
    return;
  }
  TableOptions options = parse_table_options(table.entries, table.definition.schema, table.use);
  for (const std::string& problem : options.problems) {
    const sql::TableOption* const option = option_of(table, problem);
    if (option != nullptr && table.lacks_secret(*option)) continue;  // its value is not known, and that is said already
    problems.push_back(
        script.error(place_of(table, problem), fmt::format("table '{}': {}", table.definition.name, problem)));
  }
  if (options.sink && options.sink->delivery.type == DeliveryType::kEventTime) {
    constexpr std::string_view kOption = "option 'deliveryTimestampType'";
    problems.push_back(script.error(
        place_of(table, kOption),
        fmt::format(
            "table '{}': {} = 'event_time': rows have no event time in rocketlink run; use 'processing_time', or "
            "'deliveryTimestampMode' = 'field' with a column of epoch milliseconds",
            table.definition.name, kOption)));
  }
  table.source = std::move(options.source);
  table.sink = std::move(options.sink);
}

}  // namespace rocketlink::connectors
