#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "planner/tokens.h"
#include "rocketlink/types.h"

namespace rocketlink::planner {

/// A query in the lexical form that DuckDB's parser reads without giving it a meaning of its own:
/// - identifiers are double-quoted, so that only SQL's own keywords are keywords;
/// - functions are called `f_<lower case name>`; CURRENT_DATE and the like are calls;
/// - types (after CAST, TRY_CAST, RETURNING) are `rl_type(i)`, i counting `types`;
/// - `DATE '…'` is `f_$date_literal('…')`, `INTERVAL '3' DAY` is `f_$interval('3', 'DAY', …)`, `x'00'` is
///   `f_$binary_literal('00')`, `FLOOR(x TO u)` is `f_floor(x, 'u')`;
/// - what JSON functions say ON EMPTY and ON ERROR are further arguments, calls of functions with a `$`;
/// - nobody can write a name with a leading `$`.
struct Rewritten {
  std::string sql;
  std::vector<DataType> types;
  std::vector<Token> tokens;

  /// The place in the original query of a byte of `sql`.
  [[nodiscard]] std::size_t original(std::size_t position) const;
  /// The token of the original query whose translation holds that byte.
  [[nodiscard]] const Token& token(std::size_t position) const;

  struct Mark {
    std::size_t position = 0;  // in sql
    std::size_t token = 0;
  };
  std::vector<Mark> marks;  // ascending
};

/// Whether a word is one of the grammar's own, and so no name unless it stands in backquotes.
[[nodiscard]] bool is_keyword(const Token& token);

[[nodiscard]] Rewritten rewrite(std::string_view query, std::size_t query_offset);

}  // namespace rocketlink::planner
