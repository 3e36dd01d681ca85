#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

/// Big-endian integers in byte strings.
namespace rocketlink::wire {

template <std::integral T>
[[nodiscard]] inline T to_big_endian(T value) {
  using Unsigned = std::make_unsigned_t<T>;
  auto bits = static_cast<Unsigned>(value);
  if constexpr (std::endian::native == std::endian::little) {
    if constexpr (sizeof(T) == 2) bits = __builtin_bswap16(bits);
    if constexpr (sizeof(T) == 4) bits = __builtin_bswap32(bits);
    if constexpr (sizeof(T) == 8) bits = __builtin_bswap64(bits);
  }
  return static_cast<T>(bits);
}

/// The caller has checked that sizeof(T) bytes are there.
template <std::integral T>
[[nodiscard]] inline T load(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return to_big_endian(value);
}

template <std::integral T>
inline void append(std::string& out, T value) {
  const T big = to_big_endian(value);
  char bytes[sizeof big];
  std::memcpy(bytes, &big, sizeof big);
  out.append(bytes, sizeof big);
}

/// Upper-case hex digits, two per byte.
inline void append_hex(std::string& out, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    out += kDigits[value >> 4];
    out += kDigits[value & 15];
  }
}

/// Takes bytes from the front of a string; every take is checked and fails without effect when too few are left.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <std::integral T>
  [[nodiscard]] bool take(T& value) {
    if (rest_.size() < sizeof(T)) return false;
    value = load<T>(rest_.data());
    rest_.remove_prefix(sizeof(T));
    return true;
  }
  /// `length` as read from the wire; negative fails.
  [[nodiscard]] bool take_bytes(std::int64_t length, std::string_view& bytes) {
    if (length < 0 || static_cast<std::size_t>(length) > rest_.size()) return false;
    bytes = rest_.substr(0, static_cast<std::size_t>(length));
    rest_.remove_prefix(static_cast<std::size_t>(length));
    return true;
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace rocketlink::wire
