// CSV: whatever the body, schema and layout, values are within their types, and rows that were read come back the same
// when they are written with quotes and read again. The first bytes choose schema and layout.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rocketlink/row/decoder.h"
#include "rocketlink/row/encoder.h"
#include "rocketlink/row/utf8.h"

namespace {

using namespace rocketlink;
using namespace rocketlink::row;

void require(bool condition) {
  if (!condition) std::abort();
}

using Value = std::variant<std::monostate, bool, std::int64_t, double, Int128, std::string, Timestamp>;

bool same(const Value& a, const Value& b) {
  const double* x = std::get_if<double>(&a);
  const double* y = std::get_if<double>(&b);
  if (x != nullptr && y != nullptr && std::isnan(*x) && std::isnan(*y)) return true;
  return a == b;
}

/// Keeps rows, and checks each value.
class Writer {
 public:
  explicit Writer(const Schema& schema) : schema_(schema) {}

  [[nodiscard]] bool wants(std::size_t /*column*/) const { return true; }
  void begin_row() { row_.assign(schema_.columns.size(), std::nullopt); }
  void set_null(std::size_t c) {
    require(type(c).nullable);
    put(c, {});
  }
  void set_boolean(std::size_t c, bool v) { put(c, v); }
  void set_int8(std::size_t c, std::int8_t v) { put(c, std::int64_t{v}); }
  void set_int16(std::size_t c, std::int16_t v) { put(c, std::int64_t{v}); }
  void set_int32(std::size_t c, std::int32_t v) { put(c, std::int64_t{v}); }
  void set_int64(std::size_t c, std::int64_t v) { put(c, v); }
  void set_float(std::size_t c, float v) { put(c, static_cast<double>(v)); }
  void set_double(std::size_t c, double v) { put(c, v); }
  void set_decimal(std::size_t c, Int128 v) {
    Int128 limit = 1;
    for (std::int32_t i = 0; i < type(c).precision; ++i) limit *= 10;
    require(v < limit && v > -limit);
    put(c, v);
  }
  void set_string(std::size_t c, std::string_view v) {
    require(is_utf8(v));
    put(c, std::string(v));
  }
  void set_bytes(std::size_t c, std::string_view v) { put(c, std::string(v)); }
  void set_date(std::size_t c, std::int32_t v) { put(c, std::int64_t{v}); }
  void set_time(std::size_t c, std::int64_t v) {
    require(v >= 0 && v < 86'400'000'000'000);
    put(c, v);
  }
  void set_timestamp(std::size_t c, Timestamp v) {
    require(v.nanos >= 0 && v.nanos < 1'000'000'000);
    put(c, v);
  }
  void set_timestamp_ltz(std::size_t c, Timestamp v) { set_timestamp(c, v); }
  void end_row() {
    std::vector<Value> row;
    for (std::optional<Value>& value : row_) {
      require(value.has_value());
      row.push_back(*std::move(value));
    }
    rows.push_back(std::move(row));
  }

  std::vector<std::vector<Value>> rows;

 private:
  [[nodiscard]] const DataType& type(std::size_t column) const { return schema_.columns.at(column).type; }
  void put(std::size_t column, Value value) {
    require(!row_.at(column).has_value());
    row_[column] = std::move(value);
  }

  const Schema& schema_;
  std::vector<std::optional<Value>> row_;
};
static_assert(RowWriter<Writer>);

class Reader {
 public:
  explicit Reader(const std::vector<Value>& row) : row_(row) {}
  [[nodiscard]] bool is_null(std::size_t c) const { return row_.at(c).index() == 0; }
  [[nodiscard]] bool get_boolean(std::size_t c) const { return std::get<bool>(row_[c]); }
  [[nodiscard]] std::int8_t get_int8(std::size_t c) const { return static_cast<std::int8_t>(number(c)); }
  [[nodiscard]] std::int16_t get_int16(std::size_t c) const { return static_cast<std::int16_t>(number(c)); }
  [[nodiscard]] std::int32_t get_int32(std::size_t c) const { return static_cast<std::int32_t>(number(c)); }
  [[nodiscard]] std::int64_t get_int64(std::size_t c) const { return number(c); }
  [[nodiscard]] float get_float(std::size_t c) const { return static_cast<float>(std::get<double>(row_[c])); }
  [[nodiscard]] double get_double(std::size_t c) const { return std::get<double>(row_[c]); }
  [[nodiscard]] Int128 get_decimal(std::size_t c) const { return std::get<Int128>(row_[c]); }
  [[nodiscard]] std::string_view get_string(std::size_t c) const { return std::get<std::string>(row_[c]); }
  [[nodiscard]] std::string_view get_bytes(std::size_t c) const { return std::get<std::string>(row_[c]); }
  [[nodiscard]] std::int32_t get_date(std::size_t c) const { return get_int32(c); }
  [[nodiscard]] std::int64_t get_time(std::size_t c) const { return number(c); }
  [[nodiscard]] Timestamp get_timestamp(std::size_t c) const { return std::get<Timestamp>(row_[c]); }
  [[nodiscard]] Timestamp get_timestamp_ltz(std::size_t c) const { return std::get<Timestamp>(row_[c]); }

 private:
  [[nodiscard]] std::int64_t number(std::size_t c) const { return std::get<std::int64_t>(row_[c]); }
  const std::vector<Value>& row_;
};
static_assert(RowReader<Reader>);

/// Takes choices off the front of the input.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}
  std::size_t below(std::size_t count) {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte % count;
  }
  [[nodiscard]] std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

Schema choose_schema(Choices& choices) {
  Schema schema;
  const std::size_t count = 1 + choices.below(5);
  for (std::size_t i = 0; i < count; ++i) {
    Column column;
    column.name = "c" + std::to_string(i);
    column.type.kind = static_cast<TypeKind>(choices.below(16));
    column.type.nullable = choices.below(4) != 0;
    switch (column.type.kind) {
      case TypeKind::kDecimal:
        column.type.precision = static_cast<std::int32_t>(1 + choices.below(38));
        column.type.scale =
            static_cast<std::int32_t>(choices.below(static_cast<std::size_t>(column.type.precision) + 1));
        break;
      case TypeKind::kTime:
      case TypeKind::kTimestamp:
      case TypeKind::kTimestampLtz:
        column.type.precision = static_cast<std::int32_t>(choices.below(10));
        break;
      default:
        break;
    }
    schema.columns.push_back(std::move(column));
  }
  return schema;
}

FormatOptions choose_format(Choices& choices) {
  constexpr const char* kEncodings[] = {"UTF-8", "GBK", "UTF-16LE", "UTF-16", "ISO-8859-1", "Shift_JIS"};
  constexpr const char* kZones[] = {"UTC", "Asia/Shanghai", "America/New_York", "Pacific/Apia", "-03:30"};
  constexpr const char* kFields[] = {",", "\x01", "||", "aab", "\xE4\xB8\xAD", "\xEF\xBF\xBD", "-"};
  constexpr const char* kLines[] = {"\n", "\r\n", ";", "ab", "\xEF\xBF\xBD\n"};
  constexpr std::optional<char> kQuotes[] = {std::nullopt, '"', '\'', 't'};
  FormatOptions format;
  format.encoding = kEncodings[choices.below(std::size(kEncodings))];
  format.time_zone = kZones[choices.below(std::size(kZones))];
  format.field_delimiter = kFields[choices.below(std::size(kFields))];
  format.line_delimiter = kLines[choices.below(std::size(kLines))];
  format.quote_character = kQuotes[choices.below(std::size(kQuotes))];
  format.length_check = static_cast<LengthCheck>(choices.below(4));
  return format;
}

std::vector<std::vector<Value>> read_all(Decoder& decoder, std::string_view body) {
  const QueueId queue{"topic", "broker", 0};
  MessageView message;
  message.body = body;
  decoder.begin(message, queue);
  Writer writer(decoder.schema());
  // Each call takes at least a byte, but for a binary body's one row and for the end.
  for (std::size_t calls = 0;; ++calls) {
    require(calls <= body.size() + 1);
    const auto more = decoder.next(writer);
    if (more && !*more) return std::move(writer.rows);
  }
}

// Delimiters that run into each other: what is written cannot always be told apart.
bool delimiters_overlap(const FormatOptions& format) {
  const std::string_view field = format.field_delimiter;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (std::string_view(format.line_delimiter).starts_with(field.substr(i))) return true;
  }
  return false;
}

// NULL text is written as empty text, which is read as such.
std::vector<Value> as_read_back(const Schema& schema, std::vector<Value> row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    const TypeKind kind = schema.columns[i].type.kind;
    if (row[i].index() == 0 && (is_character(kind) || is_binary(kind))) row[i] = std::string();
  }
  return row;
}

void write_and_read_again(const Schema& schema, const FormatOptions& format,
                          const std::vector<std::vector<Value>>& rows) {
  auto encoder = Encoder::create(schema, format, {});
  auto decoder = Decoder::create(schema, format);
  require(encoder.ok() && decoder.ok());
  for (const std::vector<Value>& row : rows) {
    if (row.size() == 1 && row[0].index() == 0) continue;  // empty text, which is no record
    Reader reader(row);
    const std::string body(encoder->encode(reader).body);
    const auto again = read_all(*decoder, body);
    require(again.size() == 1);
    const std::vector<Value> expected = as_read_back(schema, row);
    for (std::size_t i = 0; i < row.size(); ++i) require(same(again[0][i], expected[i]));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(std::string_view(reinterpret_cast<const char*>(data), size));
  const Schema schema = choose_schema(choices);
  const FormatOptions format = choose_format(choices);
  auto decoder = Decoder::create(schema, format, [](LogLevel, std::string_view) {});
  if (!decoder) return 0;
  const std::string body(choices.rest());  // of exact size, so that reading behind the end is seen
  const auto rows = read_all(*decoder, body);
  require(decoder->stats().records_in == rows.size());
  if (format.quote_character && format.encoding == "UTF-8" && !delimiters_overlap(format))
    write_and_read_again(schema, format, rows);
  return 0;
}
