#include <fmt/format.h>

#include <array>

#include "options/rules.h"
#include "rocketlink/row/charset.h"
#include "rocketlink/row/delimiter.h"
#include "rocketlink/row/time_zone.h"

namespace rocketlink::options {
namespace {

TlsOptions read_tls(Given& given) {
  TlsOptions out;
  given.read<bool>("tls.enabled", out.enabled);
  constexpr std::array<std::string_view, 6> kDetails = {"tls.truststore",      "tls.keystore",
                                                        "tls.keystore-key",    "tls.keystore-password",
                                                        "tls.verify-hostname", "tls.server-name"};
  for (const std::string_view name : kDetails) {
    if (given.has(name) && !out.enabled) given.refuse(name, "needs 'tls.enabled' = 'true'");
  }
  for (const std::string_view name : {"tls.keystore-key", "tls.keystore-password"}) {
    if (given.has(name) && !given.has("tls.keystore")) given.refuse(name, "needs 'tls.keystore'");
  }
  given.read<std::string>("tls.truststore", out.truststore);
  given.read<std::string>("tls.keystore", out.keystore);
  given.read<std::string>("tls.keystore-key", out.keystore_key);
  given.read<std::string>("tls.keystore-password", out.keystore_password);
  given.read<bool>("tls.verify-hostname", out.verify_hostname);
  given.read<std::string>("tls.server-name", out.server_name);
  if (given.has("tls.server-name") && !is_host_name(out.server_name)) {
    given.refuse_text("tls.server-name", "not a host name; give no port and no scheme");
  }
  return out;
}

/// By the option, else by the endpoint.
std::string read_instance(Given& given, const ConnectionOptions& connection) {
  const bool by_option = given.has("instanceID");
  std::string instance;
  if (const auto text = given.get<std::string>("instanceID")) {
    if (is_instance_id(*text)) return *text;
    given.refuse_text("instanceID", "not an instance's id");
  }
  for (const std::string& endpoint : connection.endpoints) {
    const std::string named = instance_of_endpoint(endpoint);
    if (named.empty() || by_option) continue;
    if (connection.connector == Connector::kMq5) {
      given.refuse("endpoint", fmt::format("names '{}', an instance of 4.x; set 'connector' = 'mq'", named));
      return {};
    }
    if (!instance.empty() && named != instance) {
      given.refuse("endpoint",
                   fmt::format("names two instances, '{}' and '{}'; give the endpoints of one", instance, named));
      return {};
    }
    instance = named;
  }
  return instance;
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
  // The text begins with what was given, which is said already.
  std::string_view why = delimiter.error().text;
  why.remove_prefix(std::min(why.find("': "), why.size()));
  why.remove_prefix(std::min<std::size_t>(3, why.size()));
  given.refuse_value(option, why);
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

std::string read_resource_name(Given& given, std::string_view option, std::size_t most, std::string_view instance) {
  const auto name = given.get<std::string>(option);
  if (!name) return {};
  if (!is_resource_name(*name, most)) {
    given.refuse_text(option, "not a name that RocketMQ takes");
    return {};
  }
  if (!instance.empty() && instance.size() + 1 + name->size() > most) {
    given.refuse(option, fmt::format("is too long with the instance's id '{}' before it: {} characters, {} are allowed",
                                     instance, instance.size() + 1 + name->size(), most));
  }
  return *name;
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
  out.instance_id = read_instance(given, out);
  given.read<double>("max-api-calls-per-second", out.max_api_calls_per_second);
  out.tls = read_tls(given);
  return out;
}

FormatOptions read_format(Given& given, const Schema& schema, bool reads) {
  FormatOptions out;
  if (given.has("format")) {  // Flink's tables take it out before
    given.refuse("format",
                 "formats are for SQL tables on Flink (run with --flink); leave it out for CSV and binary bodies; "
                 "docs/formats.md says how JSON is read without");
  }
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
