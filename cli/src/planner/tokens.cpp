#include "planner/tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "planner/failure.h"

namespace rocketlink::planner {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_word_part(char c) {
  return is_word_start(c) || is_digit(c) || c == '$';
}

class Tokenizer {
 public:
  Tokenizer(std::string_view query, std::size_t offset) : query_(query), offset_(offset) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    for (;;) {
      while (at_ < query_.size() && static_cast<unsigned char>(query_[at_]) <= ' ') ++at_;
      if (at_ == query_.size()) return tokens;
      Token token;
      token.begin = at_;
      read(token);
      token.end = at_;
      tokens.push_back(std::move(token));
    }
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < query_.size() ? query_[at_ + ahead] : '\0';
  }

  void read(Token& token) {
    const char c = peek();
    if (c == '`') {
      token.kind = TokenKind::kQuoted;
      token.text = quoted('`', "identifier");
      if (token.text.empty()) fail(offset_ + token.begin, "an empty identifier: `` names nothing");
    } else if (c == '\'') {
      token.kind = TokenKind::kString;
      token.text = quoted('\'', "string");
    } else if (c == '"') {
      fail(offset_ + at_,
           "double quotes do not quote here: write a string in single quotes ('text'), an identifier in backquotes "
           "(`name`)");
    } else if (is_word_start(c)) {
      word(token);
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      token.kind = TokenKind::kNumber;
      number(token);
    } else {
      symbol(token);
    }
  }

  std::string quoted(char quote, std::string_view what) {
    const std::size_t begin = at_++;
    std::string text;
    for (;;) {
      if (at_ == query_.size()) fail(offset_ + begin, fmt::format("the {} that begins here is not closed", what));
      if (query_[at_] == quote) {
        ++at_;
        if (peek() != quote) return text;
      }
      if (query_[at_] == '\0') fail(offset_ + at_, "a NUL character cannot stand in a query");
      text += query_[at_++];
    }
  }

  void word(Token& token) {
    const std::size_t begin = at_;
    while (at_ < query_.size() && is_word_part(query_[at_])) ++at_;
    token.text = query_.substr(begin, at_ - begin);
    token.kind = TokenKind::kWord;
    if (peek() == '\'' || (peek() == '&' && peek(1) == '\'')) {
      if (token.is_word("X") && peek() == '\'') {
        token.kind = TokenKind::kBinary;
        token.text = quoted('\'', "binary string");
      } else if (!token.is_word("DATE") && !token.is_word("TIME") && !token.is_word("TIMESTAMP") &&
                 !token.is_word("INTERVAL") && token.text.size() <= 2) {
        fail(offset_ + begin,
             fmt::format("string literals with the prefix {} are not done; write the characters themselves: 'text'",
                         token.text),
             ErrorCode::kUnsupported);
      }
    }
  }

  void number(Token& token) {
    const std::size_t begin = at_;
    while (is_digit(peek())) ++at_;
    if (peek() == '.') ++at_;
    while (is_digit(peek())) ++at_;
    if (peek() == 'e' || peek() == 'E') {
      const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
      if (is_digit(peek(1 + sign))) {
        at_ += 1 + sign;
        while (is_digit(peek())) ++at_;
      }
    }
    if (at_ < query_.size() && is_word_part(query_[at_])) {
      fail(offset_ + begin, fmt::format("'{}' is neither a number nor a name; a name that begins with a digit needs "
                                        "backquotes",
                                        query_.substr(begin, at_ + 1 - begin)));
    }
    token.text = query_.substr(begin, at_ - begin);
  }

  void symbol(Token& token) {
    static constexpr std::array<std::string_view, 5> kLong = {"<>", "<=", ">=", "!=", "||"};
    static constexpr std::string_view kShort = "()+-*/%<>=,.;";
    const std::string_view two = query_.substr(at_, 2);
    std::size_t length = 1;
    if (std::find(kLong.begin(), kLong.end(), two) != kLong.end()) {
      length = 2;
    } else if (two == "==") {
      fail(offset_ + at_, "'==' is no operator of SQL; equality is '='");
    } else if (two == "::") {
      fail(offset_ + at_, "'::' is no operator of Flink; write CAST(value AS type)");
    } else if (kShort.find(peek()) == std::string_view::npos) {
      fail(offset_ + at_, fmt::format("'{}' cannot stand here; operators are + - * / % || = <> < <= > >=", peek()));
    }
    token.text = query_.substr(at_, length);
    at_ += length;
  }

  std::string_view query_;
  std::size_t offset_;
  std::size_t at_ = 0;
};

}  // namespace

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool Token::is_word(std::string_view upper_case) const {
  return kind == TokenKind::kWord && text.size() == upper_case.size() && upper(text) == upper_case;
}

std::vector<Token> tokenize(std::string_view query, std::size_t query_offset) {
  return Tokenizer(query, query_offset).run();
}

}  // namespace rocketlink::planner
