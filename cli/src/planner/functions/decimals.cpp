#include "planner/functions/decimals.h"

#include <openssl/bn.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace rocketlink::planner::functions {
namespace {

__extension__ typedef unsigned __int128 UInt128;

UInt128 magnitude(Int128 value) {
  return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

bool fits(Int128 value, std::int32_t precision) {
  return magnitude(value) < static_cast<UInt128>(power_of_ten(precision));
}

// value × 10^digits, digits >= 0; nothing on overflow.
std::optional<Int128> scaled_up(Int128 value, std::int32_t digits) {
  if (value == 0) return 0;
  if (digits > 38) return std::nullopt;
  Int128 out = 0;
  if (__builtin_mul_overflow(value, power_of_ten(digits), &out)) return std::nullopt;
  return out;
}

// Half up, away from zero. divisor > 0.
Int128 divide_half_up(Int128 value, Int128 divisor) {
  const Int128 quotient = value / divisor;
  const UInt128 rest = magnitude(value % divisor);
  if (rest < static_cast<UInt128>(divisor) - rest) return quotient;
  return value < 0 ? quotient - 1 : quotient + 1;
}

/// Where 128 bits do not do: numbers of any size.
class Big {
 public:
  Big() : handle_(BN_new()) {}
  explicit Big(Int128 value) : Big() {
    std::array<unsigned char, 16> bytes{};
    UInt128 rest = magnitude(value);
    for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
      *byte = static_cast<unsigned char>(rest & 0xff);
      rest >>= 8;
    }
    BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), handle_.get());
    BN_set_negative(handle_.get(), value < 0 ? 1 : 0);
  }
  static Big ten_to(std::int32_t exponent) {
    Big out(1);
    for (; exponent > 0; exponent -= std::min(exponent, 38)) out = out.times(Big(power_of_ten(std::min(exponent, 38))));
    return out;
  }

  [[nodiscard]] Big times(const Big& other) const {
    Big out;
    BN_mul(out.handle_.get(), handle_.get(), other.handle_.get(), context());
    return out;
  }
  [[nodiscard]] Big plus(const Big& other) const {
    Big out;
    BN_add(out.handle_.get(), handle_.get(), other.handle_.get());
    return out;
  }
  [[nodiscard]] Big rest(const Big& divisor) const {
    Big out;
    BN_div(nullptr, out.handle_.get(), handle_.get(), divisor.handle_.get(), context());
    return out;
  }
  [[nodiscard]] Big divided(const Big& divisor) const {
    Big out;
    BN_div(out.handle_.get(), nullptr, handle_.get(), divisor.handle_.get(), context());
    return out;
  }
  [[nodiscard]] bool is_zero() const { return BN_is_zero(handle_.get()) != 0; }
  [[nodiscard]] std::int32_t digits() const {
    const std::unique_ptr<char, FreeText> text(BN_bn2dec(handle_.get()));
    const std::string_view shown(text.get());
    return static_cast<std::int32_t>(shown.size() - (shown.starts_with('-') ? 1 : 0));
  }
  [[nodiscard]] Big divided_half_up(const Big& divisor) const {
    Big quotient;
    Big rest;
    BN_div(quotient.handle_.get(), rest.handle_.get(), handle_.get(), divisor.handle_.get(), context());
    Big twice;
    BN_lshift1(twice.handle_.get(), rest.handle_.get());
    if (BN_ucmp(twice.handle_.get(), divisor.handle_.get()) >= 0) {
      const bool negative = (BN_is_negative(handle_.get()) != 0) != (BN_is_negative(divisor.handle_.get()) != 0);
      return quotient.plus(Big(negative ? -1 : 1));
    }
    return quotient;
  }
  // Nothing when it has more than 126 bits, which is more than 38 digits.
  [[nodiscard]] std::optional<Int128> value() const {
    if (BN_num_bits(handle_.get()) > 127) return std::nullopt;
    std::array<unsigned char, 16> bytes{};
    BN_bn2binpad(handle_.get(), bytes.data(), static_cast<int>(bytes.size()));
    Int128 out = 0;
    for (const unsigned char byte : bytes) out = (out << 8) | byte;
    return BN_is_negative(handle_.get()) != 0 ? -out : out;
  }

 private:
  struct Free {
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  };
  struct FreeText {
    void operator()(char* text) const { OPENSSL_free(text); }
  };
  static BN_CTX* context() {
    thread_local const std::unique_ptr<BN_CTX, Free> context(BN_CTX_new());
    return context.get();
  }
  std::unique_ptr<BIGNUM, Free> handle_;
};

std::optional<Int128> within(std::optional<Int128> value, std::int32_t precision) {
  if (!value || !fits(*value, precision)) return std::nullopt;
  return value;
}

std::optional<Int128> rounded(const Big& value, std::int32_t scale, DecimalShape shape) {
  if (scale <= shape.scale) return within(value.times(Big::ten_to(shape.scale - scale)).value(), shape.precision);
  return within(value.divided_half_up(Big::ten_to(scale - shape.scale)).value(), shape.precision);
}

}  // namespace

Int128 power_of_ten(std::int32_t exponent) {
  static constexpr auto kPowers = [] {
    std::array<Int128, 39> powers{};
    powers[0] = 1;
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
  }();
  return kPowers[static_cast<std::size_t>(exponent)];
}

std::optional<Int128> rescale(Decimal value, DecimalShape shape) {
  const std::int32_t down = value.scale - shape.scale;
  if (down <= 0) return within(scaled_up(value.unscaled, -down), shape.precision);
  if (down > 38) return 0;
  return within(divide_half_up(value.unscaled, power_of_ten(down)), shape.precision);
}

std::optional<Int128> add(Decimal left, Decimal right, DecimalShape shape) {
  const std::int32_t scale = std::max(left.scale, right.scale);
  const auto a = scaled_up(left.unscaled, scale - left.scale);
  const auto b = scaled_up(right.unscaled, scale - right.scale);
  Int128 sum = 0;
  if (a && b && !__builtin_add_overflow(*a, *b, &sum)) return rescale({sum, scale}, shape);
  const Big exact = Big(left.unscaled)
                        .times(Big::ten_to(scale - left.scale))
                        .plus(Big(right.unscaled).times(Big::ten_to(scale - right.scale)));
  return rounded(exact, scale, shape);
}

std::optional<Int128> subtract(Decimal left, Decimal right, DecimalShape shape) {
  return add(left, {-right.unscaled, right.scale}, shape);
}

std::optional<Int128> multiply(Decimal left, Decimal right, DecimalShape shape) {
  const std::int32_t scale = left.scale + right.scale;
  Int128 product = 0;
  if (!__builtin_mul_overflow(left.unscaled, right.unscaled, &product)) return rescale({product, scale}, shape);
  return rounded(Big(left.unscaled).times(Big(right.unscaled)), scale, shape);
}

std::optional<Int128> divide(Decimal left, Decimal right, DecimalShape shape) {
  // left / right × 10^scale = (l × 10^up) / r, or l / (r × 10^-up)
  const std::int32_t up = shape.scale + right.scale - left.scale;
  const Int128 sign_of = right.unscaled < 0 ? -1 : 1;
  const Int128 divisor = right.unscaled * sign_of;
  if (up >= 0) {
    if (const auto dividend = scaled_up(left.unscaled, up)) {
      return within(divide_half_up(*dividend * sign_of, divisor), shape.precision);
    }
    return within(Big(left.unscaled * sign_of).times(Big::ten_to(up)).divided_half_up(Big(divisor)).value(),
                  shape.precision);
  }
  return within(Big(left.unscaled * sign_of).divided_half_up(Big(divisor).times(Big::ten_to(-up))).value(),
                shape.precision);
}

std::optional<Int128> modulo(Decimal left, Decimal right, DecimalShape shape) {
  const std::int32_t scale = std::max(left.scale, right.scale);
  const auto a = scaled_up(left.unscaled, scale - left.scale);
  const auto b = scaled_up(right.unscaled, scale - right.scale);
  if (a && b) return rescale({*a % *b, scale}, shape);
  const Big dividend = Big(left.unscaled).times(Big::ten_to(scale - left.scale));
  return rounded(dividend.rest(Big(right.unscaled).times(Big::ten_to(scale - right.scale))), scale, shape);
}

bool passes_division(Decimal left, Decimal right) {
  const std::int32_t scale = std::max(left.scale, right.scale);
  const auto a = scaled_up(left.unscaled, scale - left.scale);
  if (a && fits(*a, 38)) return false;
  const Big quotient = Big(left.unscaled)
                           .times(Big::ten_to(scale - left.scale))
                           .divided(Big(right.unscaled).times(Big::ten_to(scale - right.scale)));
  const std::int32_t beyond = quotient.digits() - 38;
  return beyond > 0 && !quotient.rest(Big::ten_to(beyond)).is_zero();
}

std::optional<Int128> from_digits(const Digits& digits, DecimalShape shape) {
  // 0.d1d2… × 10^exponent: of the digits, exponent + scale stand before the cut.
  const int kept = digits.exponent + shape.scale;
  if (kept < 0) return 0;
  if (kept > 39 && digits.digits != "0") return std::nullopt;
  Int128 value = 0;
  for (int i = 0; i < kept; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const int digit = at < digits.digits.size() ? digits.digits[at] - '0' : 0;
    if (!fits(value, 37)) return std::nullopt;
    value = value * 10 + digit;
  }
  const auto next = static_cast<std::size_t>(kept);
  if (next < digits.digits.size() && digits.digits[next] >= '5') ++value;
  return within(digits.negative ? -value : value, shape.precision);
}

int sign(Int128 value) {
  return value < 0 ? -1 : (value > 0 ? 1 : 0);
}

int compare(Decimal left, Decimal right) {
  const Int128 left_unit = power_of_ten(left.scale);
  const Int128 right_unit = power_of_ten(right.scale);
  const Int128 whole = left.unscaled / left_unit;
  const Int128 other = right.unscaled / right_unit;
  if (whole != other) return whole < other ? -1 : 1;
  const std::int32_t scale = std::max(left.scale, right.scale);
  const Int128 fraction = left.unscaled % left_unit * power_of_ten(scale - left.scale);
  return sign(fraction - right.unscaled % right_unit * power_of_ten(scale - right.scale));
}

std::int64_t whole_part(Decimal value) {
  return static_cast<std::int64_t>(value.unscaled / power_of_ten(value.scale));
}

double to_double(Decimal value) {
  // Exact operands below 2^53 and powers of ten up to 10^22 give the nearest double; else the text does.
  if (magnitude(value.unscaled) <= (UInt128{1} << 53) && value.scale <= 22) {
    return static_cast<double>(value.unscaled) / static_cast<double>(power_of_ten(value.scale));
  }
  return std::strtod(to_text(value).c_str(), nullptr);
}

std::string to_text(Decimal value) {
  std::string digits;
  for (UInt128 rest = magnitude(value.unscaled); rest != 0; rest /= 10) {
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
  }
  while (digits.size() <= static_cast<std::size_t>(value.scale)) digits += '0';
  std::reverse(digits.begin(), digits.end());
  if (value.scale > 0) digits.insert(digits.size() - static_cast<std::size_t>(value.scale), ".");
  return value.unscaled < 0 ? "-" + digits : digits;
}

}  // namespace rocketlink::planner::functions
