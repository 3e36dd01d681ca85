#include <fmt/format.h>

#include <array>

#include "options/rules.h"
#include "rocketlink/row/charset.h"
#include "rocketlink/row/delimiter.h"
#include "rocketlink/row/time_zone.h"

namespace rocketlink::options {
namespace {

constexpr std::string_view kNotAvailable = "not available in this version of rocketlink";

void check_tls(Given& given) {
  const bool enabled = given.get<bool>("tls.enabled").value_or(false);
  if (enabled) given.refuse("tls.enabled", kNotAvailable);
  constexpr std::array<std::string_view, 4> kDetails = {"tls.truststore", "tls.keystore", "tls.keystore-password",
                                                        "tls.verify-hostname"};
  for (const std::string_view name : kDetails) {
    if (given.has(name) && !enabled) given.refuse(name, "needs 'tls.enabled' = 'true'");
  }
  if (given.has("tls.keystore-password") && !given.has("tls.keystore")) {
    given.refuse("tls.keystore-password", "needs 'tls.keystore'");
  }
}

void read_keys(Given& given, ConnectionOptions& out) {
  given.read<std::string>("accessId", out.access_id);
  given.read<std::string>("accessKey", out.access_key);
  if (given.has("accessId") && !given.has("accessKey")) {
    given.miss("accessKey", "accessId is given, and the two go together: give both or neither");
  }
  if (given.has("accessKey") && !given.has("accessId")) {
    given.miss("accessId", "accessKey is given, and the two go together: give both or neither");
  }
}

void read_delimiter(Given& given, std::string_view option, std::string& out) {
  const auto text = given.get<std::string>(option);
  if (!text) return;
  auto delimiter = row::unescape_delimiter(*text);
  if (delimiter) {
    out = *std::move(delimiter);
    return;
  }
  // The text begins with what was given, which refuse says already.
  std::string_view why = delimiter.error().text;
  why.remove_prefix(std::min(why.find("': "), why.size()));
  why.remove_prefix(std::min<std::size_t>(3, why.size()));
  given.refuse(option, why);
}

void read_quote(Given& given, FormatOptions& out) {
  constexpr std::string_view kOption = "quoteCharacter";
  const auto text = given.get<std::string>(kOption);
  if (!text) return;
  const char quote = text->front();
  if (text->size() != 1 || quote < 0x20 || quote > 0x7E) {
    given.refuse_text(kOption, "must be a single character");
    return;
  }
  if (out.field_delimiter.find(quote) != std::string::npos) {
    given.refuse(kOption, "stands in the fieldDelimiter too; they must differ");
  }
  if (out.line_delimiter.find(quote) != std::string::npos) {
    given.refuse(kOption, "stands in the lineDelimiter too; they must differ");
  }
  out.quote_character = quote;
}

std::size_t physical_columns(const Schema& schema) {
  std::size_t count = 0;
  for (const Column& column : schema.columns) count += column.metadata ? 0 : 1;
  return count;
}

}  // namespace

std::string read_resource_name(Given& given, std::string_view option, std::size_t most) {
  const auto name = given.get<std::string>(option);
  if (!name) return {};
  if (is_resource_name(*name, most)) return *name;
  given.refuse_text(option, "not a name that RocketMQ takes");
  return {};
}

ConnectionOptions read_connection(Given& given) {
  ConnectionOptions out;
  out.connector = given.connector().value_or(out.connector);
  if (const auto text = given.get<std::string>("endpoint")) {
    auto endpoints = parse_endpoints(*text);
    if (endpoints) {
      out.endpoints = *std::move(endpoints);
    } else {
      given.refuse_text("endpoint", endpoints.error().text);
    }
  }
  read_keys(given, out);
  if (given.has("instanceID")) given.refuse("instanceID", kNotAvailable);
  given.read<double>("max-api-calls-per-second", out.max_api_calls_per_second);
  check_tls(given);
  return out;
}

FormatOptions read_format(Given& given, const Schema& schema, bool reads) {
  FormatOptions out;
  given.read<std::string>("encoding", out.encoding);
  if (given.has("encoding") && !row::Charset::find(out.encoding)) {
    given.refuse_text("encoding", "unknown charset");
  }
  given.read<std::string>("timeZone", out.time_zone);
  if (given.has("timeZone") && !row::TimeZone::find(out.time_zone)) {
    given.refuse_text("timeZone", "unknown time zone");
  }
  read_delimiter(given, "fieldDelimiter", out.field_delimiter);
  read_delimiter(given, "lineDelimiter", out.line_delimiter);
  const bool no_fields = out.field_delimiter.find(out.line_delimiter) != std::string::npos;
  if (reads && no_fields && physical_columns(schema) > 1) {
    given.refuse(given.has("lineDelimiter") ? "lineDelimiter" : "fieldDelimiter",
                 "the lineDelimiter stands in the fieldDelimiter, so that no record could have two fields");
  }
  read_quote(given, out);
  given.read_enum("lengthCheck", out.length_check);
  given.read<bool>("columnErrorDebug", out.column_error_debug);
  return out;
}

}  // namespace rocketlink::options
