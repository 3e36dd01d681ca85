#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rocketlink/options.h"
#include "rocketlink/result.h"
#include "sql/script.h"

namespace rocketlink::connectors {

enum class TableKind : std::uint8_t { kMq, kPrint, kBlackhole };

/// What the options of a print table say.
struct PrintOptions {
  std::string identifier;
  bool standard_error = false;
  std::optional<std::int32_t> parallelism;
};

/// A table of the script.
struct Table {
  sql::CreateTable definition;
  OptionEntries entries;                    ///< of WITH, secrets replaced
  std::vector<std::size_t> without_secret;  ///< those of `entries` that stand as they are, for want of a secret
  TableKind kind = TableKind::kMq;
  TableUse use;                         ///< as the INSERTs have it
  std::optional<SourceOptions> source;  ///< by check_table, as the one below
  std::optional<SinkOptions> sink;
  PrintOptions print;

  /// Whether the value of one of the definition's options is not known.
  [[nodiscard]] bool lacks_secret(const sql::TableOption& option) const;
};

/// A table as CREATE TABLE says it. What is wrong with its connector or secrets is added to `problems`; without a known
/// connector nothing is returned.
[[nodiscard]] std::optional<Table> create_table(const sql::Script& script, const sql::CreateTable& definition,
                                                const SecretLookup& secrets, std::vector<Error>& problems);

/// Reads the options by the use that is known now; all that is wrong is added to `problems`.
void check_table(const sql::Script& script, Table& table, std::vector<Error>& problems);

}  // namespace rocketlink::connectors
