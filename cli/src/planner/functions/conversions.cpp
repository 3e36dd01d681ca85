#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "planner/functions/calendar.h"
#include "planner/functions/decimals.h"
#include "planner/functions/functions.h"
#include "planner/functions/java_text.h"
#include "planner/functions/parse_text.h"
#include "planner/functions/utf8.h"
#include "rocketlink/row/parse.h"
#include "rocketlink/row/utf8.h"

/// Casts.
namespace rocketlink::planner::functions {
namespace {

// What a cast that cannot be done means: the job's end for CAST, NULL for TRY_CAST.
template <bool kTry, class T>
std::optional<T> or_fail(Call& call, const std::optional<T>& value, std::string_view text, std::string_view type) {
  if (!value && !kTry) {
    call.fail(fmt::format("CAST cannot read '{}' as {}; TRY_CAST gives NULL instead", text.substr(0, kMostQuotedBytes),
                          type));
  }
  return value;
}

template <bool kTry>
std::optional<bool> text_to_boolean(Call& call, std::string_view text) {
  return or_fail<kTry>(call, parse_boolean(text), text, "BOOLEAN");
}

template <class T>
constexpr std::string_view kIntegerName = "BIGINT";
template <>
constexpr std::string_view kIntegerName<std::int8_t> = "TINYINT";
template <>
constexpr std::string_view kIntegerName<std::int16_t> = "SMALLINT";
template <>
constexpr std::string_view kIntegerName<std::int32_t> = "INT";

template <class T, bool kTry>
std::optional<T> text_to_integer(Call& call, std::string_view text) {
  const auto value = parse_whole(without_blanks(text), std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
  std::optional<T> out;
  if (value) out = static_cast<T>(*value);
  return or_fail<kTry>(call, out, text, kIntegerName<T>);
}

template <bool kTry>
std::optional<double> text_to_double(Call& call, std::string_view text) {
  std::optional<double> out(0.0);
  if (!parse_floating(text, *out)) out.reset();
  return or_fail<kTry>(call, out, text, "DOUBLE");
}

template <bool kTry>
std::optional<float> text_to_float(Call& call, std::string_view text) {
  std::optional<float> out(0.0F);
  if (!parse_floating(text, *out)) out.reset();
  return or_fail<kTry>(call, out, text, "FLOAT");
}

template <bool kTry>
std::optional<Date> text_to_date(Call& call, std::string_view text) {
  std::optional<Date> out;
  if (const auto days = parse_date(text)) out = Date{*days};
  return or_fail<kTry>(call, out, text, "DATE");
}

template <bool kTry>
std::optional<TimeOfDay> text_to_time(Call& call, std::string_view text, std::int32_t precision) {
  std::optional<TimeOfDay> out;
  if (const auto nanos = parse_time(text)) {
    const auto fraction = static_cast<std::int32_t>(*nanos % 1'000'000'000);
    out = TimeOfDay{(*nanos - fraction + cut_nanos(fraction, precision)) / 1000};
  }
  return or_fail<kTry>(call, out, text, "TIME");
}

template <class R, bool kTry>
std::optional<R> text_to_timestamp(Call& call, std::string_view text, std::int32_t precision) {
  std::optional<R> out;
  if (auto time = parse_timestamp(text)) {
    time->nanos = cut_nanos(time->nanos, precision);
    out = R{*time};
  }
  return or_fail<kTry>(call, out, text, "TIMESTAMP");
}

std::string_view boolean_to_text(Call&, bool value) {
  return value ? "TRUE" : "FALSE";
}
std::string float_to_text(Call&, float value) {
  return java_text(value);
}
std::string double_to_text(Call&, double value) {
  return java_text(value);
}
std::string decimal_to_text(Call&, Decimal value) {
  return to_text(value);
}

std::string fraction_text(std::int32_t nanos, std::int32_t precision) {
  if (precision == 0) return {};
  return "." + fmt::format("{:09}", nanos).substr(0, static_cast<std::size_t>(precision));
}

// The last four digits, each as Flink has it: one of a year before 0 is that much below '0'.
std::string year_text(std::int32_t year) {
  std::string out;
  for (const std::int32_t unit : {1000, 100, 10, 1}) out += static_cast<char>('0' + year / unit % 10);
  return out;
}

std::string date_to_text(Call&, Date value) {
  const Civil civil = civil_of_days(value.days);
  return fmt::format("{}-{:02}-{:02}", year_text(civil.year), civil.month, civil.day);
}

std::string time_to_text(Call&, TimeOfDay value, std::int32_t precision) {
  const std::int64_t seconds = value.micros / 1'000'000;
  const auto nanos = static_cast<std::int32_t>(value.micros % 1'000'000 * 1000);
  return fmt::format("{:02}:{:02}:{:02}{}", seconds / 3600, seconds / 60 % 60, seconds % 60,
                     fraction_text(nanos, precision));
}

std::string moment_to_text(Call&, Moment value, std::int32_t precision) {
  const Civil civil = civil_of(value.value);
  return fmt::format("{}-{:02}-{:02} {:02}:{:02}:{:02}{}", year_text(civil.year), civil.month, civil.day, civil.hour,
                     civil.minute, civil.second, fraction_text(civil.nanos, precision));
}

std::string bytes_to_text(Call&, Bytes value) {
  std::string out;
  row::replace_invalid_utf8(value.value, out);
  return out;
}
OwnedBytes text_to_bytes(Call&, std::string_view text) {
  return {std::string(text)};
}

std::string_view cut_text(Call&, std::string_view text, std::int32_t length) {
  return text.substr(0, position_of_character(text, length));
}
std::string pad_text(Call& call, std::string_view text, std::int32_t length) {
  std::string out(cut_text(call, text, length));
  const std::int64_t missing = length - character_count(out);
  if (missing > 0) out.append(static_cast<std::size_t>(missing), ' ');
  return out;
}
OwnedBytes cut_bytes(Call&, Bytes value, std::int32_t length) {
  return {std::string(value.value.substr(0, static_cast<std::size_t>(length)))};
}
OwnedBytes pad_bytes(Call& call, Bytes value, std::int32_t length) {
  OwnedBytes out = cut_bytes(call, value, length);
  out.value.resize(static_cast<std::size_t>(length), '\0');
  return out;
}

template <class T>
T wrap(Call&, std::int64_t value) {
  return static_cast<T>(value);
}

// Java's (int) and (long): NaN is 0, what is too large is the largest.
template <class T>
T saturated(double value) {
  if (std::isnan(value)) return 0;
  if (value >= -static_cast<double>(std::numeric_limits<T>::min())) return std::numeric_limits<T>::max();
  if (value <= static_cast<double>(std::numeric_limits<T>::min())) return std::numeric_limits<T>::min();
  return static_cast<T>(value);
}

template <class T>
T double_to_integer(Call&, double value) {
  if constexpr (sizeof(T) == sizeof(std::int64_t)) return saturated<std::int64_t>(value);
  return static_cast<T>(saturated<std::int32_t>(value));
}

float double_to_float(Call&, double value) {
  return static_cast<float>(value);
}
std::int64_t decimal_to_bigint(Call&, Decimal value) {
  return whole_part(value);
}
double decimal_to_double(Call&, Decimal value) {
  return to_double(value);
}

// As Flink, which counts the digits of the nanoseconds without zeros in front and leaves alone what has no more than
// the type, and cuts hundredths and more towards 1970, and less towards the past.
Timestamp cut(Timestamp value, std::int32_t precision) {
  if (value.nanos < static_cast<std::int32_t>(power_of_ten(precision)) && precision > 0) return value;
  if (value.seconds >= 0 || precision > 2) return {value.seconds, cut_nanos(value.nanos, precision)};
  std::int64_t unit = 1;
  for (std::int32_t i = precision; i < 3; ++i) unit *= 10;
  const std::int64_t millis = (value.seconds * 1000 + value.nanos / 1'000'000) / unit * unit;
  const std::int64_t seconds = floor_divide(millis, 1000);
  return {seconds, static_cast<std::int32_t>(millis - seconds * 1000) * 1'000'000};
}

template <class R>
R cut_moment(Call&, Moment value, std::int32_t precision) {
  return {cut(value.value, precision)};
}
Nanos to_nanos(Call&, Moment value) {
  return {value.value};
}
template <class R>
R to_instant(Call& call, Moment value) {
  return {{call.zone.to_utc(value.value.seconds), value.value.nanos}};
}
template <class R>
R to_local(Call& call, Moment value) {
  return {{call.zone.to_local(value.value.seconds), value.value.nanos}};
}
// Of a TIMESTAMP, towards 1970.
Date timestamp_to_date(Call&, Moment value) {
  const std::int64_t millis = value.value.seconds * 1000 + value.value.nanos / 1'000'000;
  return {static_cast<std::int32_t>(millis / (kSecondsOfDay * 1000))};
}
Date moment_to_date(Call&, Moment value) {
  return {static_cast<std::int32_t>(floor_divide(value.value.seconds, kSecondsOfDay))};
}
TimeOfDay moment_to_time(Call&, Moment value, std::int32_t precision) {
  const std::int64_t seconds = value.value.seconds - floor_divide(value.value.seconds, kSecondsOfDay) * kSecondsOfDay;
  return {seconds * 1'000'000 + cut_nanos(value.value.nanos, precision) / 1000};
}
Micros time_to_moment(Call&, TimeOfDay value) {
  return {{value.micros / 1'000'000, static_cast<std::int32_t>(value.micros % 1'000'000 * 1000)}};
}
TimeOfDay cut_time(Call&, TimeOfDay value, std::int32_t precision) {
  const std::int64_t micros = value.micros % 1'000'000;
  return {value.micros - micros + cut_nanos(static_cast<std::int32_t>(micros * 1000), precision) / 1000};
}

template <bool kTry>
void register_text_casts(Registrar& registrar, const std::string& suffix) {
  registrar.add<text_to_boolean<kTry>>("rl_text_to_boolean" + suffix);
  registrar.add<text_to_integer<std::int8_t, kTry>>("rl_text_to_tinyint" + suffix);
  registrar.add<text_to_integer<std::int16_t, kTry>>("rl_text_to_smallint" + suffix);
  registrar.add<text_to_integer<std::int32_t, kTry>>("rl_text_to_integer" + suffix);
  registrar.add<text_to_integer<std::int64_t, kTry>>("rl_text_to_bigint" + suffix);
  registrar.add<text_to_float<kTry>>("rl_text_to_float" + suffix);
  registrar.add<text_to_double<kTry>>("rl_text_to_double" + suffix);
  registrar.add<text_to_date<kTry>>("rl_text_to_date" + suffix);
  registrar.add<text_to_time<kTry>>("rl_text_to_time" + suffix);
  registrar.add<text_to_timestamp<Micros, kTry>>("rl_text_to_timestamp" + suffix);
  registrar.add<text_to_timestamp<Nanos, kTry>>("rl_text_to_timestamp_ns" + suffix);
}

}  // namespace

void register_conversions(Registrar& registrar) {
  register_text_casts<false>(registrar, "");
  register_text_casts<true>(registrar, "_or_null");
  registrar.add<boolean_to_text>("rl_boolean_to_text");
  registrar.add<float_to_text>("rl_float_to_text");
  registrar.add<double_to_text>("rl_double_to_text");
  registrar.add<decimal_to_text>("rl_decimal_to_text");
  registrar.add<date_to_text>("rl_date_to_text");
  registrar.add<time_to_text>("rl_time_to_text");
  registrar.add<moment_to_text>("rl_moment_to_text");
  registrar.add<bytes_to_text>("rl_bytes_to_text");
  registrar.add<text_to_bytes>("rl_text_to_bytes");
  registrar.add<cut_text>("rl_cut_text");
  registrar.add<pad_text>("rl_pad_text");
  registrar.add<cut_bytes>("rl_cut_bytes");
  registrar.add<pad_bytes>("rl_pad_bytes");
  registrar.add<wrap<std::int8_t>>("rl_wrap_tinyint");
  registrar.add<wrap<std::int16_t>>("rl_wrap_smallint");
  registrar.add<wrap<std::int32_t>>("rl_wrap_integer");
  registrar.add<double_to_integer<std::int8_t>>("rl_double_to_tinyint");
  registrar.add<double_to_integer<std::int16_t>>("rl_double_to_smallint");
  registrar.add<double_to_integer<std::int32_t>>("rl_double_to_integer");
  registrar.add<double_to_integer<std::int64_t>>("rl_double_to_bigint");
  registrar.add<double_to_float>("rl_double_to_float");
  registrar.add<decimal_to_bigint>("rl_decimal_to_bigint");
  registrar.add<decimal_to_double>("rl_decimal_to_double");
  registrar.add<cut_moment<Micros>>("rl_cut_moment");
  registrar.add<cut_moment<Nanos>>("rl_cut_moment_ns");
  registrar.add<to_nanos>("rl_to_nanos");
  registrar.add<to_instant<Micros>>("rl_to_instant");
  registrar.add<to_instant<Nanos>>("rl_to_instant_ns");
  registrar.add<to_local<Micros>>("rl_to_local");
  registrar.add<to_local<Nanos>>("rl_to_local_ns");
  registrar.add<timestamp_to_date>("rl_timestamp_to_date");
  registrar.add<moment_to_date>("rl_moment_to_date");
  registrar.add<moment_to_time>("rl_moment_to_time");
  registrar.add<time_to_moment>("rl_time_to_moment");
  registrar.add<cut_time>("rl_cut_time");
}

}  // namespace rocketlink::planner::functions
