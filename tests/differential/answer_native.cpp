// What the native engine says: reads a table and expressions over it from stdin, and answers each on stdout. The lines,
// of fields that tabs divide, are described in engines.py.
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "commands/compiler.h"
#include "connectors/stream_writer.h"
#include "duck/chunk_reader.h"
#include "duck/chunk_writer.h"
#include "duck/statement.h"
#include "engine/scan_function.h"
#include "planner/planner.h"
#include "sql/script.h"

namespace rocketlink::differential {

namespace {

using Fields = std::vector<std::string>;

Fields split(std::string_view line) {
  Fields fields;
  while (true) {
    const auto tab = line.find('\t');
    fields.emplace_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

std::string unhex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4U];
    text += kDigits[value & 15U];
  }
  return text;
}

Int128 integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  Int128 value = 0;
  for (const char digit : text) value = value * 10 + (digit - '0');
  return negative ? -value : value;
}

std::string text(Int128 value) {
  std::string digits;
  Int128 rest = value;
  do digits.insert(digits.begin(), static_cast<char>('0' + std::abs(static_cast<int>(rest % 10))));
  while ((rest /= 10) != 0);
  return value < 0 ? "-" + digits : digits;
}

template <class To>
To from_bits(std::string_view text) {
  std::conditional_t<sizeof(To) == 4, std::uint32_t, std::uint64_t> bits = 0;
  std::from_chars(text.data(), text.data() + text.size(), bits, 16);
  To value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

template <class From>
std::string bits(From value) {
  std::conditional_t<sizeof(From) == 4, std::uint32_t, std::uint64_t> number = 0;
  std::memcpy(&number, &value, sizeof value);
  char out[17];
  return {out, std::to_chars(out, out + sizeof out, number, 16).ptr};
}

Timestamp timestamp(std::string_view nanoseconds) {
  constexpr Int128 kSecond = 1'000'000'000;
  const Int128 all = integer(nanoseconds);
  Int128 seconds = all / kSecond;
  Int128 nanos = all % kSecond;
  if (nanos < 0) {
    nanos += kSecond;
    --seconds;
  }
  return {static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(nanos)};
}

void set(duck::ChunkWriter& out, std::size_t c, const DataType& type, std::string_view value) {
  if (value.empty()) return out.set_null(c);
  value.remove_prefix(1);
  switch (type.kind) {
    case TypeKind::kBoolean:
      return out.set_boolean(c, value == "1");
    case TypeKind::kTinyInt:
      return out.set_int8(c, static_cast<std::int8_t>(integer(value)));
    case TypeKind::kSmallInt:
      return out.set_int16(c, static_cast<std::int16_t>(integer(value)));
    case TypeKind::kInteger:
      return out.set_int32(c, static_cast<std::int32_t>(integer(value)));
    case TypeKind::kBigInt:
      return out.set_int64(c, static_cast<std::int64_t>(integer(value)));
    case TypeKind::kFloat:
      return out.set_float(c, from_bits<float>(value));
    case TypeKind::kDouble:
      return out.set_double(c, from_bits<double>(value));
    case TypeKind::kDecimal:
      return out.set_decimal(c, integer(value));
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return out.set_bytes(c, unhex(value));
    case TypeKind::kDate:
      return out.set_date(c, static_cast<std::int32_t>(integer(value)));
    case TypeKind::kTime:
      return out.set_time(c, static_cast<std::int64_t>(integer(value)));
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return out.set_timestamp(c, timestamp(value));
  }
}

std::string get(const duck::ChunkReader& row, const DataType& type) {
  if (row.is_null(0)) return "";
  switch (type.kind) {
    case TypeKind::kBoolean:
      return row.get_boolean(0) ? "=1" : "=0";
    case TypeKind::kTinyInt:
      return "=" + text(row.get_int8(0));
    case TypeKind::kSmallInt:
      return "=" + text(row.get_int16(0));
    case TypeKind::kInteger:
      return "=" + text(row.get_int32(0));
    case TypeKind::kBigInt:
      return "=" + text(row.get_int64(0));
    case TypeKind::kFloat:
      return "=" + bits(row.get_float(0));
    case TypeKind::kDouble:
      return "=" + bits(row.get_double(0));
    case TypeKind::kDecimal:
      return "=" + text(row.get_decimal(0));
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return "=" + hex(row.get_bytes(0));
    case TypeKind::kDate:
      return "=" + text(row.get_date(0));
    case TypeKind::kTime:
      return "=" + text(row.get_time(0));
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz: {
      const Timestamp time = row.get_timestamp(0);
      return "=" + text(static_cast<Int128>(time.seconds) * 1'000'000'000 + time.nanos);
    }
  }
  return "";
}

/// The table: all rows at once, or one of them.
class Rows : public engine::ChunkFeed {
 public:
  void add(const Schema& schema, const Fields& fields) {
    rows_.push_back(fields);
    one_.push_back(chunk_of(schema, {fields}));
  }
  void show_all(const Schema& schema) {
    if (!all_) all_ = chunk_of(schema, rows_);
    shown_ = all_.get();
  }
  void show(std::size_t row) { shown_ = one_[row].get(); }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }

  bool begin(std::span<const std::size_t>) override { return true; }
  duckdb_data_chunk chunk(std::size_t index) override { return index == 0 ? shown_ : nullptr; }
  [[nodiscard]] std::size_t slot(std::size_t column) const override { return column; }

 private:
  duck::DataChunk chunk_of(const Schema& schema, const std::vector<Fields>& rows) {
    std::vector<DataType> types;
    for (const Column& column : schema.columns) types.push_back(column.type);
    auto chunk = duck::make_chunk(types);
    duck::ChunkWriter writer(schema, std::vector<bool>(types.size(), true), arena_);
    writer.start(chunk.get());
    for (const Fields& row : rows) {
      writer.begin_row();
      for (std::size_t c = 0; c < types.size(); ++c) set(writer, c, types[c], row[c + 1]);
      writer.end_row();
      if (const auto unfit = writer.take_unfit_column()) throw std::runtime_error("no room for " + row[*unfit + 1]);
    }
    duckdb_data_chunk_set_size(chunk.get(), writer.rows());
    return chunk;
  }

  duck::StringArena arena_;
  std::vector<Fields> rows_;
  std::vector<duck::DataChunk> one_;
  duck::DataChunk all_;
  duckdb_data_chunk shown_ = nullptr;
};

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  return *std::move(result);
}

/// Whether a script is one, as the program finds before it connects to anything.
Fields taken(const std::string& text) {
  const sql::Script script("script", text);
  const auto statements = sql::parse_script(script);
  if (!statements) return {"refused", statements.error().text};
  auto database = need(duck::Database::open());
  connectors::Streams streams{{STDOUT_FILENO, "standard output"}, {STDERR_FILENO, "standard error"}};
  const SecretLookup no_secrets = [](std::string_view) { return std::nullopt; };
  commands::Compiler compiler(script, {}, no_secrets, database, streams, {});
  if (compiler.compile(*statements)) return {"taken"};
  return {"refused", compiler.problems().front().text};
}

bool is_query(std::string_view expression) {
  return expression.starts_with("SELECT ") || expression.starts_with("WITH ");
}

class Engine {
 public:
  Engine() : database_(need(duck::Database::open())) {}

  void zone(const std::string& name) { session_.local_time_zone = name; }
  void column(const Fields& fields) {
    Column column;
    column.name = fields[1];
    column.type = need(parse_type(fields[2]));
    schema_.columns.push_back(column);
  }
  void row(const Fields& fields) { rows_.add(schema_, fields); }
  void start() {
    if (schema_.columns.empty()) return;  // scripts alone are asked
    connection_.emplace(need(duck::Connection::open(database_)));
    if (auto status = planner::register_functions(*connection_, session_); !status)
      throw std::runtime_error(status.error().text);
    need(engine::ScanFunction::create(*connection_, "scan_0", schema_)).attach(*connection_, rows_);
  }

  /// The answer to an expression: "refused", why; or its type and a value for each row, or for the one that is asked
  /// for.
  Fields answer(const std::string& expression, const std::string& wanted, const std::string& asked_row) {
    std::string why;
    const std::string own = type_of(expression, why);
    const std::string name = wanted.empty() ? own : wanted;
    if (name.empty()) return {"refused", why};
    auto type = parse_type(name);
    if (!type) return {"refused", type.error().text};
    const auto outcome = plan(expression, *type);
    if (outcome.error) return {"refused", outcome.error->error.text, own};
    const auto& warnings = outcome.plan->warnings;
    Fields answer = warnings.empty() ? Fields{"values", own} : Fields{"warned", warnings.front().text, own};
    auto statement = duck::Statement::prepare(*connection_, outcome.plan->duckdb_sql);
    if (!statement) return {"refused", "DuckDB does not take the plan: " + statement.error().text, own};
    const auto one = [&](std::size_t row) {
      rows_.show(row);
      auto value = run(*statement, *type);
      if (!value) return "!" + value.error().text;
      return value->empty() ? std::string("-") : value->front();
    };
    if (!asked_row.empty()) {
      answer.push_back(one(static_cast<std::size_t>(integer(asked_row))));
      return answer;
    }
    rows_.show_all(schema_);
    if (const auto all = run(*statement, *type); all.ok() && all->size() == rows_.size()) {
      answer.insert(answer.end(), all->begin(), all->end());
      return answer;
    }
    for (std::size_t row = 0; row < rows_.size(); ++row) answer.push_back(one(row));
    return answer;
  }

 private:
  planner::Planner::Outcome plan(const std::string& expression, const DataType& type) {
    Column column;
    column.name = "x";
    column.type = type;
    const Schema sink{{column}};
    planner::Catalog catalog;
    catalog.relation = [this](std::string_view name) -> std::optional<planner::Relation> {
      if (name != "t") return std::nullopt;
      return planner::Relation{&schema_, "scan_0()", true};
    };
    catalog.view = [](std::string_view) -> std::optional<planner::View> { return std::nullopt; };
    catalog.names = [] { return std::vector<std::string>{"t"}; };
    return planner::Planner(*connection_, catalog, session_)
        .plan(is_query(expression) ? expression : "SELECT " + expression + " AS x FROM t", 0,
              planner::Target{"sink", &sink, {}});
  }

  /// The planner shows a query's types when a column wants another one: nothing is cast to both of these unasked.
  std::string type_of(const std::string& expression, std::string& why) {
    for (const TypeKind kind : {TypeKind::kVarbinary, TypeKind::kBoolean}) {
      const auto outcome = plan(expression, {kind, 1, 0, true});
      if (!outcome.error) continue;
      why = outcome.error->error.text;
      constexpr std::string_view kBefore = "Query schema: [x: ";
      const auto begin = why.find(kBefore);
      if (begin == std::string::npos) return "";
      const auto from = begin + kBefore.size();
      return why.substr(from, why.find("]\n", from) - from);
    }
    return "";
  }

  Result<Fields> run(duck::Statement& statement, const DataType& type) {
    Column column;
    column.type = type;
    duck::ChunkReader reader(Schema{{column}}, {true});
    Fields values;
    auto result = statement.run();
    if (!result) return result.error();
    while (true) {
      auto chunk = result->next();
      if (!chunk) return chunk.error();
      if (!*chunk) return values;
      reader.start(chunk->get());
      while (reader.next()) values.push_back(get(reader, type));
    }
  }

  duck::Database database_;
  std::optional<duck::Connection> connection_;
  planner::Session session_;
  Schema schema_;
  Rows rows_;
};

void serve() {
  Engine engine;
  std::string line;
  while (std::getline(std::cin, line)) {
    Fields fields = split(line);
    if (fields[0] == "zone") engine.zone(fields[1]);
    if (fields[0] == "column") engine.column(fields);
    if (fields[0] == "row") engine.row(fields);
    if (fields[0] == "start") engine.start();
    if (fields[0] != "ask" && fields[0] != "script") continue;
    const Fields answer = fields[0] == "script"
                              ? taken(unhex(fields[1]))
                              : engine.answer(unhex(fields[1]), fields[2], fields.size() > 3 ? fields[3] : "");
    std::string out;
    for (const std::string& field : answer) {
      if (!out.empty()) out += '\t';
      for (const char c : field) out += c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
    }
    std::cout << out << std::endl;
  }
}

}  // namespace

}  // namespace rocketlink::differential

int main() {
  try {
    rocketlink::differential::serve();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
