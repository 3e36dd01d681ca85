#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rocketlink::planner {

enum class TokenKind : std::uint8_t {
  kWord,    ///< as written, without quotes
  kQuoted,  ///< an identifier in backquotes
  kString,  ///< a character literal
  kBinary,  ///< x'4142'
  kNumber,
  kSymbol
};

/// `text` is the content: of an identifier without its quotes, of a literal with doubled quotes made single.
struct Token {
  TokenKind kind = TokenKind::kSymbol;
  std::string text;
  std::size_t begin = 0;  ///< bytes into the query
  std::size_t end = 0;

  /// An unquoted word, whatever its case.
  [[nodiscard]] bool is_word(std::string_view upper_case) const;
  [[nodiscard]] bool is_symbol(std::string_view symbol) const { return kind == TokenKind::kSymbol && text == symbol; }
};

/// Splits a query in Flink's lexical form. Throws Failure (offsets count from `query_offset`) for what is not Flink's.
[[nodiscard]] std::vector<Token> tokenize(std::string_view query, std::size_t query_offset);

[[nodiscard]] std::string upper(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);

}  // namespace rocketlink::planner
