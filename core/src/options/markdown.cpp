#include <fmt/format.h>

#include <iterator>
#include <string>

#include "rocketlink/options.h"

namespace rocketlink {
namespace {

constexpr std::string_view kHead = R"(# Options

The options of a table of connector `mq` (RocketMQ 4.x) or `mq5` (RocketMQ 5.x), as its `WITH (…)` clause takes them. This
file is generated from the registry that parses them; do not edit it.

- A table may be read and written. What is under the other direction is checked for its values and has no effect; what is
  required goes by what the statements of a job do with the table.
- Names are matched without regard to case: `endPoint` is `endpoint`. Booleans and words of a list are too.
- `${secret_values.NAME}` anywhere in a value is replaced by that secret. The program takes secrets from `--secret
  NAME=VALUE`, else from `--secrets-file FILE` (a line `NAME=VALUE` each, readable by its owner only), else from the
  environment variable `ROCKETLINK_SECRET_NAME` (the name as it is, else in capitals with `_` for other characters).
- Durations are a number and a unit, `d`, `h`, `min`, `s` or `ms`, such as `5 min` or `300000 ms`; without a unit they are
  milliseconds. Sizes are a number and a unit, `gb`, `mb`, `kb` or `b` (powers of 1024); without a unit they are bytes.
- All that is wrong with a table is reported at once, before the job starts. Values of `accessId`, `accessKey` and other
  secrets are never printed, but for the account in a server's refusal.

)";

struct Section {
  std::string_view title;
  bool source;
  bool sink;
};

constexpr Section kSections[] = {
    {"Reading and writing", true, true}, {"Reading", true, false}, {"Writing", false, true}};

// Values are literal text: no Markdown in them.
std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '*' || c == '_' || c == '|' || c == '<') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string_view type_name(OptionType type) {
  switch (type) {
    case OptionType::kString:
      return "string";
    case OptionType::kInt:
      return "int";
    case OptionType::kLong:
      return "long";
    case OptionType::kDouble:
      return "double";
    case OptionType::kBoolean:
      return "boolean";
    case OptionType::kEnum:
      return "enum";
    case OptionType::kDuration:
      return "duration";
    case OptionType::kMemory:
      return "size";
  }
  return "";
}

std::string_view connectors(const OptionSpec& spec) {
  if (spec.mq && spec.mq5) return "mq, mq5";
  return spec.mq ? "mq" : "mq5";
}

std::string row_of(const OptionSpec& spec) {
  std::string meaning(spec.description);
  if (const std::string allowed = allowed_values(spec); !allowed.empty())
    meaning += " Allowed: " + literal(allowed) + ".";
  return fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", spec.name, connectors(spec),
                     spec.secret ? "secret" : type_name(spec.type), spec.required.empty() ? "no" : spec.required,
                     literal(spec.default_value), meaning);
}

}  // namespace

std::string options_markdown() {
  std::string out(kHead);
  for (const Section& section : kSections) {
    fmt::format_to(
        std::back_inserter(out),
        "## {}\n\n| option | connectors | type | required | default | meaning |\n|---|---|---|---|---|---|\n",
        section.title);
    for (const OptionSpec& spec : option_specs()) {
      if (spec.source == section.source && spec.sink == section.sink) out += row_of(spec);
    }
    out += '\n';
  }
  out.pop_back();
  return out;
}

}  // namespace rocketlink
