#include "planner/slips.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

#include "planner/failure.h"

namespace rocketlink::planner {
namespace {

/// The tokens of a query around the one that does not fit.
class Tokens {
 public:
  Tokens(const Rewritten& rewritten, std::size_t query_offset)
      : tokens_(rewritten.tokens), query_offset_(query_offset) {}

  [[nodiscard]] const Token& at(std::size_t i) const { return i < tokens_.size() ? tokens_[i] : none_; }
  [[nodiscard]] std::size_t place(std::size_t i) const { return query_offset_ + at(i).begin; }
  [[nodiscard]] bool is_word(std::size_t i, std::initializer_list<std::string_view> words) const {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return at(i).is_word(word); });
  }
  [[nodiscard]] std::ptrdiff_t count(std::string_view word, std::size_t end) const {
    return std::count_if(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(std::min(end, tokens_.size())),
                         [&](const Token& token) { return token.is_word(word); });
  }

  /// Whether two words begin another statement.
  [[nodiscard]] bool begin_statement(std::size_t i) const {
    return (is_word(i, {"INSERT"}) && is_word(i + 1, {"INTO", "OVERWRITE"})) ||
           (is_word(i, {"CREATE"}) && is_word(i + 1, {"TABLE", "VIEW", "TEMPORARY"})) ||
           (is_word(i, {"DROP"}) && is_word(i + 1, {"TABLE"})) ||
           (is_word(i, {"EXECUTE", "BEGIN"}) && is_word(i + 1, {"STATEMENT"}));
  }

  /// Whether a keyword stands where only a name makes sense: between what a value follows and what follows a value.
  [[nodiscard]] bool is_meant_as_name(std::size_t i) const {
    const auto is_mark = [&](std::size_t j, std::string_view marks) {
      return at(j).kind == TokenKind::kSymbol && at(j).text.size() == 1 && marks.find(at(j).text) != marks.npos;
    };
    if (!is_keyword(at(i)) || is_word(i, {"NULL", "TRUE", "FALSE", "UNKNOWN"})) return false;
    const bool opens = i > 0 && (is_mark(i - 1, ",(.=<>+-*/") ||
                                 is_word(i - 1, {"SELECT", "WHERE", "AND", "OR", "NOT", "WHEN", "THEN", "ELSE"}));
    const bool closes =
        i + 1 >= tokens_.size() || is_mark(i + 1, ",)=<>+-*/") || is_word(i + 1, {"FROM", "AS", "AND", "OR", "IS"});
    return opens && closes;
  }

 private:
  const std::vector<Token>& tokens_;
  const Token none_;
  std::size_t query_offset_;
};

}  // namespace

void explain_slip(const Rewritten& rewritten, std::size_t token, std::size_t query_offset) {
  const Tokens tokens(rewritten, query_offset);
  const std::array<std::size_t, 2> near{token > 0 ? token - 1 : token, token};  // the word before may be the cause
  for (const std::size_t i : near) {
    if (tokens.begin_statement(i)) {
      fail(tokens.place(i), fmt::format("{} begins another statement: ';' is missing before it", tokens.at(i).text));
    }
  }
  for (const std::size_t i : near) {
    if (!tokens.is_meant_as_name(i)) continue;
    fail(tokens.place(i),
         fmt::format("'{0}' is a word of SQL; as a name it stands in backquotes: `{0}`", tokens.at(i).text));
  }
  const std::size_t place = tokens.place(token);
  if (tokens.is_word(token, {"TABLE"}) && tokens.at(token + 1).is_symbol("(")) {
    const std::string_view function = tokens.at(token + 2).text;
    unsupported(place,
                fmt::format("TABLE({}…) needs state over the stream, which the native runner does not keep", function));
  }
  if (tokens.is_word(token, {"FOR"})) {
    unsupported(place, "a join FOR SYSTEM_TIME AS OF is not done by the native runner");
  }
  if (tokens.is_word(token, {"MATCH_RECOGNIZE"}))
    unsupported(place, "MATCH_RECOGNIZE is not done by the native runner");
  if (tokens.is_word(token, {"ILIKE"})) fail(place, "Flink has no ILIKE; write LOWER(text) LIKE 'pattern'");
  if (tokens.is_word(token, {"RLIKE", "REGEXP"})) {
    fail(place, fmt::format("Flink has no operator {}; write REGEXP(text, 'pattern')", tokens.at(token).text));
  }
  if (tokens.count("CASE", token) > tokens.count("END", token)) {
    fail(place, fmt::format("'{}' is not expected here: the CASE before it has no END yet", tokens.at(token).text));
  }
}

}  // namespace rocketlink::planner
