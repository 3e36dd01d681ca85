#include "sql/builder.h"

#include <fmt/format.h>

#include <algorithm>

#include "sql/failure.h"
#include "sql/secrets.h"
#include "sql/words.h"

namespace rocketlink::sql {

void Builder::fail_unexpected(const char* at, std::string_view wanted, std::span<const std::string_view> near) const {
  const std::string_view rest = text_.substr(offset(at));
  const auto secrets = secret_ranges(text_);
  const bool secret = std::any_of(secrets.begin(), secrets.end(), [&](const TextRange& range) {
    return range.begin <= offset(at) && offset(at) < range.end;
  });
  std::string text = fmt::format("expected {}, found {}", wanted, secret ? "a secret" : token_text(rest));
  if (const auto meant = near_word(leading_word(rest), near)) text += fmt::format("; did you mean {}?", *meant);
  if (!rest.empty()) throw Failure{offset(at), std::move(text)};
  // Shown behind the last token, not behind the blanks that follow it.
  const std::size_t last = text_.find_last_not_of(" \t\r\n\f\v");
  throw Failure{last + 1, std::move(text), ErrorCode::kInvalidArgument, true};
}

void Builder::fail_refused(const char* at, std::string_view why) const {
  const std::string word = upper_case(leading_word(text_.substr(offset(at))));
  throw Failure{offset(at), fmt::format(fmt::runtime(why), word), ErrorCode::kUnsupported};
}

Piece own_table(std::vector<Piece> parts) {
  const Piece* const database = parts.size() > 1 ? &parts[parts.size() - 2] : nullptr;
  const Piece* const catalog = parts.size() > 2 ? &parts.front() : nullptr;
  const auto check = [](const Piece* part, std::string_view kind, std::string_view known) {
    if (part == nullptr || part->text == known) return;
    throw Failure{part->offset,
                  fmt::format("there is no {} '{}': the native engine has {} alone; leave it out, or run the script "
                              "with --flink",
                              kind, shortened(part->text), known),
                  ErrorCode::kUnsupported};
  };
  check(catalog, "catalog", "default_catalog");
  check(database, "database", "default_database");
  return {std::move(parts.back().text), parts.front().offset};
}

void check_watermarks(const std::vector<Piece>& columns, const Schema& schema) {
  if (columns.size() > 1) throw Failure{columns[1].offset, "a table has one watermark; this is its second"};
  for (const Piece& watermark : columns) {
    const auto column = std::find_if(schema.columns.begin(), schema.columns.end(),
                                     [&](const Column& c) { return c.name == watermark.text; });
    if (column == schema.columns.end()) {
      throw Failure{watermark.offset, fmt::format("the table has no column '{}'", shortened(watermark.text))};
    }
    const DataType& type = column->type;
    const bool is_time = type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kTimestampLtz;
    if (!is_time || type.precision > 3) {
      throw Failure{watermark.offset, fmt::format("the column of a watermark is a TIMESTAMP or TIMESTAMP_LTZ of "
                                                  "precision 0 to 3; '{}' is {}",
                                                  shortened(watermark.text), to_string(type))};
    }
  }
}

}  // namespace rocketlink::sql
