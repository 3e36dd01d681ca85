#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "planner/casts.h"
#include "planner/failure.h"
#include "planner/function_table.h"
#include "planner/operators.h"
#include "planner/regex.h"
#include "planner/types.h"

namespace rocketlink::planner {
namespace {

Expression build_concat(Context& context, const FunctionCall& call) {
  Expression out = concatenate(context, call.arguments, call.offset);
  out.type.kind = TypeKind::kVarchar;
  out.type.precision = kUnboundedLength;
  return out;
}

Expression build_binary_literal(Context&, const FunctionCall& call) {
  const std::string& digits = *call.arguments[0].text;
  const bool valid = digits.size() % 2 == 0 && digits.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (!valid) fail(call.offset, fmt::format("x'{}' is no binary string: it needs pairs of hexadecimal digits", digits));
  Expression out;
  out.sql = fmt::format("from_hex('{}')", digits);
  out.type = DataType{TypeKind::kBinary, static_cast<std::int32_t>(digits.size() / 2), 0, false};
  return out;
}

Expression padded(Context& context, const FunctionCall& call, std::string_view function) {
  const auto& length = call.arguments[1].integer;
  if (length && *length < 0)
    fail(call.arguments[1].offset, fmt::format("{} to a length below 0 is no text", call.name));
  Expressions values = call.arguments;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i == 1) values[i] = convert(context, values[i], integer_type(TypeKind::kInteger));
    if (values[i].null_literal) values[i] = convert(context, values[i], text_type());
  }
  Expression out;
  out.sql = fmt::format("{}({}, {}, {})", function, values[0].sql, values[1].sql, values[2].sql);
  out.type = text_type();
  out.fallible = std::any_of(values.begin(), values.end(), [](const Expression& value) { return value.fallible; });
  out.constant = std::all_of(values.begin(), values.end(), [](const Expression& value) { return value.constant; });
  return out;
}
Expression build_sha2(Context& context, const FunctionCall& call) {
  const auto& bits = call.arguments[1].integer;
  constexpr std::array<std::int64_t, 4> kBits = {224, 256, 384, 512};
  if (bits && std::find(kBits.begin(), kBits.end(), *bits) == kBits.end()) {
    fail(call.arguments[1].offset, fmt::format("SHA2 has 224, 256, 384 or 512 bits, not {}", *bits));
  }
  const Expression text =
      call.arguments[0].null_literal ? convert(context, call.arguments[0], text_type()) : call.arguments[0];
  const Expression count = convert(context, call.arguments[1], integer_type(TypeKind::kInteger));
  Expression out;
  out.sql = fmt::format("rl_sha2({}, {})", text.sql, count.sql);
  out.type = text_type(text.type.nullable || count.type.nullable);
  out.fallible = true;
  return out;
}
Expression build_lpad(Context& context, const FunctionCall& call) {
  return padded(context, call, "rl_lpad");
}
Expression build_rpad(Context& context, const FunctionCall& call) {
  return padded(context, call, "rl_rpad");
}

using enum Accepts;

const std::vector<Function>& texts_table() {
  const auto text = [](std::string_view name, std::string_view signature, std::vector<Accepts> parameters,
                       std::string_view sql, std::string_view meaning, Nulls nulls = Nulls::kStrict) {
    return Function{name, signature, std::move(parameters), Gives::kText, sql, meaning, nulls};
  };
  static const std::vector<Function> functions = {
      {.name = "UPPER",
       .signature = "text",
       .parameters = {kText},
       .gives = Gives::kFirst,
       .sql = "upper(rl_before_upper({0}))",
       .meaning = "in upper case"},
      {.name = "LOWER",
       .signature = "text",
       .parameters = {kText},
       .gives = Gives::kFirst,
       .sql = "lower(rl_before_lower({0}))",
       .meaning = "in lower case"},
      {.name = "INITCAP",
       .signature = "text",
       .parameters = {kText},
       .gives = Gives::kFirst,
       .sql = "rl_initcap({0})",
       .meaning = "each word with a capital, the rest in lower case (ASCII letters)"},
      {.name = "CHAR_LENGTH",
       .signature = "text",
       .parameters = {kText},
       .gives = Gives::kInt,
       .sql = "rl_char_length({0})",
       .meaning = "the number of characters (code points)"},
      {.name = "CHARACTER_LENGTH",
       .signature = "text",
       .parameters = {kText},
       .gives = Gives::kInt,
       .sql = "rl_char_length({0})",
       .meaning = "the same"},
      text("TRIM", "[LEADING, TRAILING, BOTH] [characters] FROM text", {kText}, "rl_btrim({0}, ' ')",
           "without these characters (blanks) at its ends; also `TRIM(text)`"),
      text("TRIM", "text, characters", {kText, kText}, "rl_btrim({*})", ""),
      text("LTRIM", "text", {kText}, "rl_ltrim({0}, ' ')", "without blanks at its beginning"),
      text("LTRIM", "text, characters", {kText, kText}, "rl_ltrim({*})",
           "without any of these characters at its beginning"),
      text("RTRIM", "text", {kText}, "rl_rtrim({0}, ' ')", "without blanks at its end"),
      text("RTRIM", "text, characters", {kText, kText}, "rl_rtrim({*})", "without any of these characters at its end"),
      text("BTRIM", "text", {kText}, "rl_btrim({0}, ' ')", "without blanks at both ends"),
      text("BTRIM", "text, characters", {kText, kText}, "rl_btrim({*})",
           "without any of these characters at both ends"),
      text("SUBSTRING", "text, start", {kText, kBigInt}, "rl_substring_from({*})",
           "from position start (from 1; negative: from the end) on; also `SUBSTRING(text FROM start)`", Nulls::kMaybe),
      text("SUBSTRING", "text, start, length", {kText, kBigInt, kBigInt}, "rl_substring({*})",
           "so many characters of it; NULL for a negative length", Nulls::kMaybe),
      text("SUBSTR", "text, start", {kText, kBigInt}, "rl_substring_from({*})", "as SUBSTRING", Nulls::kMaybe),
      text("SUBSTR", "text, start, length", {kText, kBigInt, kBigInt}, "rl_substring({*})", "as SUBSTRING",
           Nulls::kMaybe),
      text("LEFT", "text, length", {kText, kInt}, "rl_left({*})", "the first characters; none for a length below 1"),
      text("RIGHT", "text, length", {kText, kInt}, "rl_right({*})", "the last characters; none for a length below 1"),
      {.name = "POSITION",
       .signature = "part IN text",
       .parameters = {kText, kText},
       .gives = Gives::kInt,
       .sql = "rl_locate({1}, {0}, 1)",
       .meaning = "where the part begins (from 1), 0 when it is not there"},
      {.name = "LOCATE",
       .signature = "part, text",
       .parameters = {kText, kText},
       .gives = Gives::kInt,
       .sql = "rl_locate({*}, 1)",
       .meaning = "the same"},
      {.name = "LOCATE",
       .signature = "part, text, from",
       .parameters = {kText, kText, kInt},
       .gives = Gives::kInt,
       .sql = "rl_locate({*})",
       .meaning = "the same, sought from that position on"},
      {.name = "INSTR",
       .signature = "text, part",
       .parameters = {kText, kText},
       .gives = Gives::kInt,
       .sql = "rl_instr({*}, 1, 1)",
       .meaning = "where the part begins (from 1), 0 when it is not there"},
      {.name = "INSTR",
       .signature = "text, part, from",
       .parameters = {kText, kText, kInt},
       .gives = Gives::kInt,
       .sql = "rl_instr({*}, 1)",
       .meaning = "the same, sought from that position on (negative: from the end backwards)"},
      {.name = "INSTR",
       .signature = "text, part, from, nth",
       .parameters = {kText, kText, kInt, kInt},
       .gives = Gives::kInt,
       .sql = "rl_instr({*})",
       .meaning = "the same for the nth appearance",
       .fallible = true},
      text("REPLACE", "text, part, by", {kText, kText, kText}, "rl_replace({*})", "with every such part replaced"),
      text("REVERSE", "text", {kText}, "rl_reverse({0})", "backwards"),
      text("REPEAT", "text, times", {kText, kInt}, "rl_repeat({*})", "over and over"),
      {.name = "LPAD",
       .signature = "text, length, filler",
       .parameters = {kText, kInt, kText},
       .meaning = "filled up or cut to that length; NULL for a negative length or an empty filler",
       .build = build_lpad},
      {.name = "RPAD",
       .signature = "text, length, filler",
       .parameters = {kText, kInt, kText},
       .meaning = "the same, filled up at the end",
       .build = build_rpad},
      {.name = "CONCAT",
       .signature = "text, …",
       .parameters = {kText},
       .meaning = "all after one another; NULL when one is",
       .variadic = true,
       .build = build_concat},
      {.name = "CONCAT_WS",
       .signature = "separator, text, …",
       .parameters = {kText, kText},
       .gives = Gives::kText,
       .sql = "concat_ws({*})",
       .meaning = "all that are not NULL, with the separator between them",
       .variadic = true},
      text("SPLIT_INDEX", "text, separator, index", {kText, kText, kInt}, "rl_split_index({*})",
           "the piece with that index (from 0), NULL when there is none", Nulls::kMaybe),
      text("SPLIT_INDEX", "text, code, index", {kText, kInt, kInt}, "rl_split_index_by_code({*})",
           "the same, the separator given as a character's code (1 to 255)", Nulls::kMaybe),
      {.name = "REGEXP",
       .signature = "text, pattern",
       .parameters = {kText, kText},
       .meaning = "whether the pattern is found in it; see below",
       .build = build_regexp},
      {.name = "REGEXP_EXTRACT",
       .signature = "text, pattern",
       .parameters = {kText, kText},
       .meaning = "the first match, NULL when there is none",
       .build = build_regexp_extract},
      {.name = "REGEXP_EXTRACT",
       .signature = "text, pattern, group",
       .parameters = {kText, kText, kBigInt},
       .meaning = "that group of the first match",
       .build = build_regexp_extract},
      {.name = "REGEXP_REPLACE",
       .signature = "text, pattern, by",
       .parameters = {kText, kText, kText},
       .meaning = "with every match replaced by that very text",
       .build = build_regexp_replace},
      {.name = "ASCII",
       .signature = "text",
       .parameters = {kText},
       .gives = Gives::kInt,
       .sql = "rl_ascii({0})",
       .meaning = "the code of the first byte, 0 of an empty text"},
      text("CHR", "code", {kBigInt}, "rl_chr({0})", "the character of that code (its last 8 bits)"),
      text("HEX", "text", {kText}, "rl_hex_text({0})", "its bytes in upper-case hexadecimal"),
      text("MD5", "text", {kText}, "rl_md5({0})", "the hash in lower-case hexadecimal"),
      text("SHA1", "text", {kText}, "rl_sha1({0})", "the same; also `SHA224`, `SHA256`, `SHA384`, `SHA512`"),
      text("SHA224", "text", {kText}, "rl_sha224({0})", ""),
      text("SHA256", "text", {kText}, "rl_sha256({0})", ""),
      text("SHA384", "text", {kText}, "rl_sha384({0})", ""),
      text("SHA512", "text", {kText}, "rl_sha512({0})", ""),
      {.name = "SHA2",
       .signature = "text, bits",
       .parameters = {kText, kInt},
       .meaning = "the hash of 224, 256, 384 or 512 bits",
       .build = build_sha2},
      text("TO_BASE64", "text", {kText}, "rl_to_base64({0})", "in Base64"),
      {.name = "FROM_BASE64",
       .signature = "text",
       .parameters = {kText},
       .gives = Gives::kText,
       .sql = "rl_from_base64({0})",
       .meaning = "from Base64",
       .fallible = true},
      {.name = "ENCODE",
       .signature = "text, charset",
       .parameters = {kText, kText},
       .gives = Gives::kBytes,
       .sql = "rl_encode({*})",
       .meaning = "the bytes in that charset",
       .fallible = true},
      {.name = "DECODE",
       .signature = "bytes, charset",
       .parameters = {kBytes, kText},
       .gives = Gives::kText,
       .sql = "rl_decode({*})",
       .meaning = "the text that the bytes are in that charset",
       .fallible = true},
      {.name = "UUID",
       .signature = "",
       .gives = Gives::kText,
       .sql = "rl_uuid()",
       .meaning = "a new random UUID for each row",
       .nulls = Nulls::kNever},
      {.name = "$BINARY_LITERAL", .parameters = {kText}, .build = build_binary_literal},
  };
  return functions;
}

}  // namespace

std::span<const Function> text_functions() {
  return texts_table();
}

}  // namespace rocketlink::planner
