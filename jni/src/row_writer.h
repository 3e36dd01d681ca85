#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "layout.h"
#include "rocketlink/row/row.h"
#include "rocketlink/row/schema.h"
#include "rocketlink/types.h"

namespace rocketlink::jni {

/// Writes rows one behind the other, each in the layout of Flink's BinaryRowData with its length in front
/// (layout::Content): null bits (eight header bits first), eight bytes per field, then what does not fit there. All of
/// it little-endian and at multiples of eight bytes. The fields of a row are the columns of `projection`, in its order.
class BinaryRowWriter {
 public:
  BinaryRowWriter(const Schema& schema, std::span<const std::int32_t> projection, std::string& out)
      : out_(&out),
        null_bytes_((projection.size() + 63 + kHeaderBits) / 64 * 8),
        fixed_bytes_(null_bytes_ + projection.size() * 8) {
    for (const rocketlink::Column& column : schema.columns) columns_.push_back({column.type, kUnwanted});
    for (std::size_t i = 0; i < projection.size(); ++i) columns_[static_cast<std::size_t>(projection[i])].slot = i;
  }

  /// To be called before the first row, and whenever `out` was changed by others.
  void start() { end_ = out_->size(); }

  [[nodiscard]] bool wants(std::size_t c) const { return columns_[c].slot != kUnwanted; }
  void begin_row() {
    out_->resize(end_);  // an abandoned row goes
    row_ = end_ + kLengthBytes;
    out_->resize(row_ + fixed_bytes_, '\0');
  }
  void set_null(std::size_t c) {
    const Column& column = columns_[c];
    const std::size_t bit = column.slot + kHeaderBits;
    (*out_)[row_ + bit / 8] |= static_cast<char>(1U << (bit % 8));
    // As Flink writes it: these keep their room, so that a row may be changed in place.
    if (column.type.kind == TypeKind::kDecimal && !compact_decimal(column.type)) {
      put(c, offset_and(0));
      reserve(kDecimalBytes);
    } else if (is_timestamp(column.type.kind) && !compact_timestamp(column.type)) {
      put(c, offset_and(0));
      reserve(8);
    }
  }
  void set_boolean(std::size_t c, bool value) { put(c, static_cast<std::uint8_t>(value ? 1 : 0)); }
  void set_int8(std::size_t c, std::int8_t value) { put(c, value); }
  void set_int16(std::size_t c, std::int16_t value) { put(c, value); }
  void set_int32(std::size_t c, std::int32_t value) { put(c, value); }
  void set_int64(std::size_t c, std::int64_t value) { put(c, value); }
  void set_float(std::size_t c, float value) { put(c, value); }
  void set_double(std::size_t c, double value) { put(c, value); }
  void set_decimal(std::size_t c, Int128 value) {
    if (compact_decimal(columns_[c].type)) return put(c, static_cast<std::int64_t>(value));
    // Big-endian, as few bytes as hold the value and its sign.
    char bytes[kDecimalBytes];
    for (std::size_t i = 0; i < kDecimalBytes; ++i) bytes[kDecimalBytes - 1 - i] = static_cast<char>(value >> (8 * i));
    std::size_t first = 0;
    while (first + 1 < kDecimalBytes && bytes[first] == (value < 0 ? '\xFF' : '\0') &&
           ((bytes[first] ^ bytes[first + 1]) & 0x80) == 0) {
      ++first;
    }
    put(c, offset_and(kDecimalBytes - first));
    const std::size_t at = reserve(kDecimalBytes);
    std::memcpy(out_->data() + at, bytes + first, kDecimalBytes - first);
  }
  void set_string(std::size_t c, std::string_view text) { set_bytes(c, text); }
  void set_bytes(std::size_t c, std::string_view bytes) {
    if (bytes.size() <= kInlined) {
      char field[8] = {};
      std::memcpy(field, bytes.data(), bytes.size());
      field[7] = static_cast<char>(0x80U | bytes.size());
      std::memcpy(slot_of(c), field, sizeof(field));
      return;
    }
    put(c, offset_and(bytes.size()));
    const std::size_t at = reserve((bytes.size() + 7) / 8 * 8);
    std::memcpy(out_->data() + at, bytes.data(), bytes.size());
  }
  void set_date(std::size_t c, std::int32_t days) { put(c, days); }
  void set_time(std::size_t c, std::int64_t nanos_of_day) {
    put(c, static_cast<std::int32_t>(nanos_of_day / 1'000'000));  // what Flink's TIME holds
  }
  void set_timestamp(std::size_t c, Timestamp time) {
    std::int64_t millis = 0;
    if (__builtin_mul_overflow(time.seconds, std::int64_t{1000}, &millis) ||
        __builtin_add_overflow(millis, std::int64_t{time.nanos / 1'000'000}, &millis)) {
      millis = time.seconds < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
    }
    if (compact_timestamp(columns_[c].type)) return put(c, millis);
    put(c, offset_and(static_cast<std::size_t>(time.nanos % 1'000'000)));
    const std::size_t at = reserve(8);
    std::memcpy(out_->data() + at, &millis, sizeof(millis));
  }
  void set_timestamp_ltz(std::size_t c, Timestamp time) { set_timestamp(c, time); }
  void end_row() {
    end_ = out_->size();
    const std::uint64_t length = end_ - row_;
    std::memcpy(out_->data() + row_ - kLengthBytes, &length, sizeof(length));
    ++rows_;
  }
  /// Complete rows since the writer was made.
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  /// Forgets a row that was begun and not ended.
  void finish() { out_->resize(end_); }

 private:
  static constexpr std::size_t kHeaderBits = 8;
  static constexpr std::size_t kLengthBytes = layout::Content::kSize;
  static constexpr std::size_t kInlined = 7;
  static constexpr std::size_t kDecimalBytes = 16;
  static constexpr std::size_t kUnwanted = std::numeric_limits<std::size_t>::max();

  struct Column {
    DataType type;
    std::size_t slot = kUnwanted;
  };

  static bool compact_decimal(const DataType& type) { return type.precision <= 18; }
  static bool compact_timestamp(const DataType& type) { return type.precision <= 3; }
  static bool is_timestamp(TypeKind kind) { return kind == TypeKind::kTimestamp || kind == TypeKind::kTimestampLtz; }

  char* slot_of(std::size_t c) { return out_->data() + row_ + null_bytes_ + columns_[c].slot * 8; }
  template <class T>
  void put(std::size_t c, T value) {
    std::memcpy(slot_of(c), &value, sizeof(value));
  }
  /// Where the next variable part will be, in the upper half, and a number below.
  [[nodiscard]] std::uint64_t offset_and(std::size_t number) const {
    return (out_->size() - row_) << 32U | static_cast<std::uint64_t>(number);
  }
  /// Zeroed room at the row's end.
  std::size_t reserve(std::size_t bytes) {
    const std::size_t at = out_->size();
    out_->resize(at + bytes, '\0');
    return at;
  }

  std::string* out_;
  std::vector<Column> columns_;
  std::size_t null_bytes_;
  std::size_t fixed_bytes_;
  std::size_t end_ = 0;  ///< of the last complete row
  std::size_t row_ = 0;
  std::uint64_t rows_ = 0;
};
static_assert(row::RowWriter<BinaryRowWriter>);

}  // namespace rocketlink::jni
