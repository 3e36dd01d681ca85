#include "planner/rewrite.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "planner/failure.h"
#include "planner/type_text.h"

namespace rocketlink::planner {
namespace {

// The keywords of a query's grammar; every other word is a name.
constexpr std::array<std::string_view, 73> kKeywords = {
    "ALL",       "AND",       "ANY",    "AS",      "ASC",    "BETWEEN",  "BY",      "CASE",    "CROSS",   "CUBE",
    "DESC",      "DISTINCT",  "ELSE",   "END",     "ESCAPE", "EXCEPT",   "EXISTS",  "FALSE",   "FETCH",   "FILTER",
    "FIRST",     "FOR",       "FROM",   "FULL",    "GROUP",  "GROUPING", "HAVING",  "IN",      "INNER",   "INTERSECT",
    "IS",        "JOIN",      "LAST",   "LATERAL", "LEFT",   "LIKE",     "LIMIT",   "NATURAL", "NEXT",    "NOT",
    "NULL",      "NULLS",     "OFFSET", "ON",      "ONLY",   "OR",       "ORDER",   "OUTER",   "OVER",    "PARTITION",
    "RANGE",     "RECURSIVE", "RIGHT",  "ROLLUP",  "ROW",    "ROWS",     "SELECT",  "SETS",    "SIMILAR", "SOME",
    "SYMMETRIC", "TABLE",     "THEN",   "TO",      "TRUE",   "UNION",    "UNKNOWN", "USING",   "VALUES",  "WHEN",
    "WHERE",     "WINDOW",    "WITH"};

// Of these, what may be a function's name when a parenthesis follows.
constexpr std::array<std::string_view, 6> kFunctionToo = {"LEFT", "RIGHT", "FIRST", "LAST", "GROUPING", "NEXT"};

// Functions whose arguments have a grammar of their own, which DuckDB's parser knows too.
constexpr std::array<std::string_view, 6> kSpecialForms = {"CAST", "TRY_CAST", "SUBSTRING",
                                                           "TRIM", "POSITION", "EXTRACT"};

constexpr std::array<std::string_view, 7> kCalledWithoutParentheses = {
    "CURRENT_DATE",   "CURRENT_TIME",     "CURRENT_TIMESTAMP", "LOCALTIME",
    "LOCALTIMESTAMP", "CURRENT_DATABASE", "CURRENT_CATALOG"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, const Token& token) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return token.is_word(word); });
}

std::string quote(std::string_view text, char mark) {
  std::string out(1, mark);
  for (const char c : text) {
    if (c == mark) out += c;
    out += c;
  }
  return out + mark;
}

class Rewriter {
 public:
  Rewriter(std::string_view query, std::size_t query_offset) : query_offset_(query_offset) {
    out_.tokens = tokenize(query, query_offset);
    if (out_.tokens.empty()) fail(query_offset, "a query is expected: SELECT … or VALUES …");
  }

  Rewritten run() {
    while (at_ < out_.tokens.size()) {
      const Token& token = out_.tokens[at_];
      switch (token.kind) {
        case TokenKind::kQuoted:
          identifier(quote(token.text, '"'));
          break;
        case TokenKind::kString:
          emit(quote(token.text, '\''));
          break;
        case TokenKind::kBinary:
          emit("f_$binary_literal(" + quote(token.text, '\'') + ")");
          break;
        case TokenKind::kNumber:
          number(token);
          break;
        case TokenKind::kSymbol:
          symbol(token);
          break;
        case TokenKind::kWord:
          word(token);
          break;
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] const Token* peek(std::size_t ahead = 1) const {
    return at_ + ahead < out_.tokens.size() ? &out_.tokens[at_ + ahead] : nullptr;
  }
  [[nodiscard]] bool next_is(std::string_view symbol) const { return peek() != nullptr && peek()->is_symbol(symbol); }
  [[nodiscard]] bool next_is(TokenKind kind) const { return peek() != nullptr && peek()->kind == kind; }
  [[nodiscard]] std::size_t offset() const { return query_offset_ + out_.tokens[at_].begin; }

  // Writes `text` for the token at at_ and goes behind it.
  void emit(std::string_view text) {
    append(text);
    ++at_;
  }
  void append(std::string_view text) {
    if (!out_.sql.empty()) out_.sql += ' ';
    out_.marks.push_back({out_.sql.size(), std::min(at_, out_.tokens.size() - 1)});
    out_.sql += text;
  }

  void identifier(const std::string& text) {
    if (next_is("(") && out_.tokens[at_].kind == TokenKind::kQuoted && !names_columns()) {
      // A function whose name was quoted: the same function.
      call(out_.tokens[at_]);
      return;
    }
    emit(text);
  }

  // DuckDB's tree shows an infinite one as no JSON reader takes it.
  void number(const Token& token) {
    if (std::isinf(std::strtod(token.text.c_str(), nullptr))) {
      fail(query_offset_ + token.begin, fmt::format("the number {} is too large for a DOUBLE", token.text));
    }
    emit(token.text);
  }

  void symbol(const Token& token) {
    if (token.text == "(") open_.emplace_back();
    if (token.text == ")" && !open_.empty()) open_.pop_back();
    // DuckDB lets a comma stand before what ends a list, Flink does not.
    const bool ends = peek() == nullptr || next_is(")") || peek()->is_word("FROM");
    if (token.text == "," && ends) fail(offset(), "',' has nothing behind it: remove it, or write what is missing");
    if (token.text == ";") fail(offset(), "one query is expected; what follows ';' does not belong to it");
    emit(token.text == "!=" ? "<>" : token.text);
  }

  void call(const Token& token) {
    std::string name = lower(token.text);
    if (name.starts_with('$')) fail(offset(), fmt::format("there is no function '{}'", name), ErrorCode::kNotFound);
    if (name == "ceiling") name = "ceil";
    emit(quote("f_" + name, '"'));
    emit("(");
    open_.push_back(name);
  }

  void special(const Token& token) {
    const std::string name = lower(token.text);
    emit(name);
    emit("(");
    open_.push_back(name);
  }

  void word(const Token& token) {
    const bool parenthesis = next_is("(");
    if (parenthesis && is_one_of(kSpecialForms, token)) return special(token);
    if (!parenthesis && is_one_of(kCalledWithoutParentheses, token)) {
      return emit(quote("f_" + lower(token.text), '"') + "()");
    }
    if (next_is(TokenKind::kString)) {
      if (token.is_word("DATE") || token.is_word("TIME") || token.is_word("TIMESTAMP")) return literal(token);
      if (token.is_word("INTERVAL")) return interval(false);
    }
    if (token.is_word("INTERVAL") && peek() != nullptr && (peek()->is_symbol("-") || peek()->is_symbol("+"))) {
      return interval(true);
    }
    if (!open_.empty() && inside(token)) return;
    if (is_one_of(kKeywords, token) && !(parenthesis && is_one_of(kFunctionToo, token))) return emit(upper(token.text));
    if (parenthesis && !names_columns()) return call(token);
    emit(quote(token.text, '"'));
  }

  // Whether the parenthesis behind a name holds names of columns: `FROM t AS q (a, b)`, `WITH q (a, b) AS (…)`.
  [[nodiscard]] bool names_columns() const {
    if (!open_.empty() && !open_.back().empty()) return false;  // arguments of a function
    if (at_ > 0) {
      const Token& before = out_.tokens[at_ - 1];
      const bool name = before.kind == TokenKind::kWord && !is_one_of(kKeywords, before);
      if (name || before.kind == TokenKind::kQuoted || before.is_symbol(")") || before.is_word("AS")) return true;
    }
    std::size_t depth = 0;
    for (std::size_t i = at_ + 1; i + 2 < out_.tokens.size(); ++i) {
      if (out_.tokens[i].is_symbol("(")) ++depth;
      if (out_.tokens[i].is_symbol(")") && --depth == 0) {
        return out_.tokens[i + 1].is_word("AS") && out_.tokens[i + 2].is_symbol("(");
      }
    }
    return false;
  }

  // Words that mean something in the parentheses of some functions. True when one was written.
  bool inside(const Token& token) {
    const std::string& function = open_.back();
    if ((function == "cast" || function == "try_cast") && token.is_word("AS")) {
      emit("AS");
      type();
      return true;
    }
    if ((function == "floor" || function == "ceil") && token.is_word("TO")) {
      emit(",");
      if (at_ == out_.tokens.size() || out_.tokens[at_].kind != TokenKind::kWord) {
        fail(query_offset_ + token.begin, "a unit such as DAY or HOUR is expected after TO");
      }
      emit(quote(upper(out_.tokens[at_].text), '\''));
      return true;
    }
    if (function == "trim" && (token.is_word("LEADING") || token.is_word("TRAILING") || token.is_word("BOTH"))) {
      emit(upper(token.text));
      return true;
    }
    if (function == "json_value" || function == "json_exists" || function == "json_query") return json(token);
    return false;
  }

  void type() {
    const std::size_t first = at_;
    out_.types.push_back(read_type(out_.tokens, at_, query_offset_));
    const std::size_t behind = at_;
    at_ = first;
    append(fmt::format("rl_type({})", out_.types.size() - 1));
    at_ = behind;
  }

  // RETURNING type | (NULL | ERROR | DEFAULT x | TRUE | FALSE | UNKNOWN) ON (EMPTY | ERROR)
  bool json(const Token& token) {
    if (token.is_word("RETURNING")) {
      emit(", f_$json_returning(");
      const std::size_t first = at_;
      out_.types.push_back(read_type(out_.tokens, at_, query_offset_));
      const std::size_t behind = at_;
      at_ = first;
      append(fmt::format("{})", out_.types.size() - 1));
      at_ = behind;
      return true;
    }
    if (token.is_word("DEFAULT")) {
      emit(", f_$json_default(");
      return true;
    }
    if (token.is_word("ON") && peek() != nullptr && (peek()->is_word("EMPTY") || peek()->is_word("ERROR"))) {
      emit(", " + quote(lower(peek()->text), '\'') + ")");
      ++at_;
      return true;
    }
    const bool behaviour = token.is_word("NULL") || token.is_word("ERROR") || token.is_word("TRUE") ||
                           token.is_word("FALSE") || token.is_word("UNKNOWN");
    if (behaviour && peek() != nullptr && peek()->is_word("ON")) {
      const std::string name = lower(token.text);
      const Token* when = peek(2);
      if (when == nullptr || !(when->is_word("EMPTY") || when->is_word("ERROR"))) {
        fail(query_offset_ + token.begin, "EMPTY or ERROR is expected after ON");
      }
      append(", f_$json_" + name + "(" + quote(lower(when->text), '\'') + ")");
      at_ += 3;
      return true;
    }
    if (token.is_word("WITH") || token.is_word("WITHOUT")) {
      unsupported(query_offset_ + token.begin, "WRAPPER of JSON_QUERY is not done by the native runner");
    }
    return false;
  }

  void literal(const Token& token) {
    append("f_$" + lower(token.text) + "_literal(");
    ++at_;
    emit(quote(out_.tokens[at_].text, '\''));
    out_.sql += ')';
  }

  // INTERVAL [sign] 'n' unit [(p)] [TO unit [(p)]] → f_interval('n', 'unit', 'to unit')
  void interval(bool sign) {
    const std::size_t begin = offset();
    append("f_$interval(");
    ++at_;
    std::string amount;
    if (sign) amount = out_.tokens[at_++].text == "-" ? "-" : "";
    if (at_ == out_.tokens.size() || out_.tokens[at_].kind != TokenKind::kString) {
      fail(begin, "an interval's amount is a string: INTERVAL '10' MINUTE");
    }
    emit(quote(amount + out_.tokens[at_].text, '\''));
    const std::string first = unit(begin);
    std::string last;
    if (at_ < out_.tokens.size() && out_.tokens[at_].is_word("TO")) {
      ++at_;
      last = unit(begin);
    }
    out_.sql += ", " + quote(first, '\'') + ", " + quote(last, '\'') + ")";
  }

  std::string unit(std::size_t begin) {
    if (at_ == out_.tokens.size() || out_.tokens[at_].kind != TokenKind::kWord) {
      fail(begin, "an interval needs a unit: INTERVAL '10' MINUTE");
    }
    std::string name = upper(out_.tokens[at_++].text);
    if (at_ < out_.tokens.size() && out_.tokens[at_].is_symbol("(")) {
      if (peek() != nullptr && peek()->kind == TokenKind::kNumber) name += fmt::format("({})", peek()->text);
      while (at_ < out_.tokens.size() && !out_.tokens[at_].is_symbol(")")) ++at_;
      if (at_ == out_.tokens.size()) fail(begin, "')' is missing behind the interval's precision");
      ++at_;
    }
    return name;
  }

  Rewritten out_;
  std::size_t query_offset_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;  // the functions whose parentheses are open, empty for plain ones
};

}  // namespace

const Token& Rewritten::token(std::size_t position) const {
  const auto behind = std::upper_bound(marks.begin(), marks.end(), position,
                                       [](std::size_t at, const Mark& mark) { return at < mark.position; });
  return tokens[behind == marks.begin() ? 0 : std::prev(behind)->token];
}

std::size_t Rewritten::original(std::size_t position) const {
  return token(position).begin;
}

bool is_keyword(const Token& token) {
  return is_one_of(kKeywords, token);
}

Rewritten rewrite(std::string_view query, std::size_t query_offset) {
  return Rewriter(query, query_offset).run();
}

}  // namespace rocketlink::planner
