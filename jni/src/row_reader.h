#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "rocketlink/row/row.h"
#include "rocketlink/types.h"

namespace rocketlink::jni {

/// Reads rows in the layout of Flink's BinaryRowData, as BinaryRowWriter writes it. What does not lie within the row is
/// read as empty or 0, and makes `sound` false.
class BinaryRowReader {
 public:
  /// `fields`: for each column of the schema its field in the row, -1 where it has none and is not asked for.
  BinaryRowReader(const Schema& schema, std::span<const std::int32_t> fields) {
    std::size_t arity = 0;
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
      const std::int32_t field = fields[i];
      columns_.push_back({schema.columns[i].type, field < 0 ? kNone : static_cast<std::size_t>(field)});
      if (field >= 0) ++arity;
    }
    null_bytes_ = (arity + 63 + kHeaderBits) / 64 * 8;
    fixed_bytes_ = null_bytes_ + arity * 8;
  }

  /// Turns to the next row, which must stay until the one after it.
  void start(std::string_view row) {
    sound_ = row.size() >= fixed_bytes_;
    row_ = sound_ ? row : std::string_view();
  }
  [[nodiscard]] bool sound() const { return sound_; }

  [[nodiscard]] bool is_null(std::size_t c) const {
    if (columns_[c].field == kNone || !sound_) return true;
    const std::size_t bit = columns_[c].field + kHeaderBits;
    return (static_cast<unsigned char>(row_[bit / 8]) >> (bit % 8) & 1U) != 0;
  }
  [[nodiscard]] bool get_boolean(std::size_t c) const { return get<std::uint8_t>(c) != 0; }
  [[nodiscard]] std::int8_t get_int8(std::size_t c) const { return get<std::int8_t>(c); }
  [[nodiscard]] std::int16_t get_int16(std::size_t c) const { return get<std::int16_t>(c); }
  [[nodiscard]] std::int32_t get_int32(std::size_t c) const { return get<std::int32_t>(c); }
  [[nodiscard]] std::int64_t get_int64(std::size_t c) const { return get<std::int64_t>(c); }
  [[nodiscard]] float get_float(std::size_t c) const { return get<float>(c); }
  [[nodiscard]] double get_double(std::size_t c) const { return get<double>(c); }
  [[nodiscard]] Int128 get_decimal(std::size_t c) {
    if (columns_[c].type.precision <= 18) return get<std::int64_t>(c);
    const std::string_view bytes = variable(c);  // big-endian
    if (bytes.empty() || bytes.size() > sizeof(Int128)) {
      sound_ = false;
      return 0;
    }
    auto value = static_cast<Int128>(static_cast<signed char>(bytes[0]));
    for (const char byte : bytes.substr(1)) value = value * 256 + static_cast<unsigned char>(byte);
    return value;
  }
  [[nodiscard]] std::string_view get_string(std::size_t c) { return get_bytes(c); }
  [[nodiscard]] std::string_view get_bytes(std::size_t c) {
    const auto field = get<std::uint64_t>(c);
    const std::size_t inlined = field >> 56U;
    if ((inlined & 0x80U) == 0) return variable(c);
    const std::size_t length = inlined & 0x7FU;
    if (length <= kMostInlined) return row_.substr(at(c), length);
    sound_ = false;
    return {};
  }
  [[nodiscard]] std::int32_t get_date(std::size_t c) const { return get<std::int32_t>(c); }
  [[nodiscard]] std::int64_t get_time(std::size_t c) const { return std::int64_t{get<std::int32_t>(c)} * 1'000'000; }
  [[nodiscard]] Timestamp get_timestamp(std::size_t c) {
    auto millis = get<std::int64_t>(c);
    std::int32_t nanos = 0;
    if (columns_[c].type.precision > 3) {
      nanos = static_cast<std::int32_t>(millis);
      millis = load<std::int64_t>(static_cast<std::uint64_t>(get<std::int64_t>(c)) >> 32U);
    }
    Timestamp time{millis / 1000, 0};
    std::int64_t rest = millis % 1000;
    if (rest < 0) {
      rest += 1000;
      --time.seconds;
    }
    time.nanos = static_cast<std::int32_t>(rest * 1'000'000) + nanos;
    return time;
  }
  [[nodiscard]] Timestamp get_timestamp_ltz(std::size_t c) { return get_timestamp(c); }

 private:
  static constexpr std::size_t kHeaderBits = 8;
  static constexpr std::size_t kMostInlined = 7;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  struct Column {
    DataType type;
    std::size_t field = kNone;
  };

  [[nodiscard]] std::size_t at(std::size_t c) const { return null_bytes_ + columns_[c].field * 8; }
  /// A field that is not null lies within a sound row.
  template <class T>
  [[nodiscard]] T get(std::size_t c) const {
    T value{};
    if (!row_.empty()) std::memcpy(&value, row_.data() + at(c), sizeof(value));
    return value;
  }
  template <class T>
  [[nodiscard]] T load(std::size_t offset) {
    T value{};
    if (offset > row_.size() || row_.size() - offset < sizeof(value)) {
      sound_ = false;
    } else {
      std::memcpy(&value, row_.data() + offset, sizeof(value));
    }
    return value;
  }
  /// Offset in the upper half of the field, length in the lower.
  [[nodiscard]] std::string_view variable(std::size_t c) {
    const auto field = get<std::uint64_t>(c);
    const std::size_t offset = field >> 32U;
    const std::size_t length = field & 0xFFFFFFFFU;
    if (offset <= row_.size() && length <= row_.size() - offset) return row_.substr(offset, length);
    sound_ = false;
    return {};
  }

  std::vector<Column> columns_;
  std::size_t null_bytes_ = 0;
  std::size_t fixed_bytes_ = 0;
  std::string_view row_;
  bool sound_ = false;
};
static_assert(row::RowReader<BinaryRowReader>);

}  // namespace rocketlink::jni
