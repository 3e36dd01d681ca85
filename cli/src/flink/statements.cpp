#include "flink/statements.h"

#include <algorithm>
#include <array>
#include <string>

#include "sql/quoting.h"
#include "sql/words.h"

namespace rocketlink::flink {

namespace {

/// Sees the words of a statement go by, and knows whether it is within BEGIN … END.
class Block {
 public:
  void word(std::string_view text) {
    words_ = {words_[1], words_[2], sql::upper_case(text)};
    if (words_ == std::array<std::string, 3>{"STATEMENT", "SET", "BEGIN"}) {
      open_ = true;
      first_ = true;
      return;
    }
    if (first_ && words_[2] == "END") open_ = false;
    first_ = false;
  }
  void semicolon() { first_ = true; }
  void other() { first_ = false; }
  [[nodiscard]] bool open() const { return open_; }

 private:
  std::array<std::string, 3> words_;
  bool open_ = false;
  bool first_ = false;  ///< a statement within the block may begin here
};

/// Where the string, name, comment or blank at `at` ends; `at` when nothing of that kind begins there.
std::size_t skipped(std::string_view text, std::size_t at) {
  if (text[at] == '\'' || text[at] == '`') return std::min(sql::quoted_end(text, at), text.size());
  return std::min(sql::comment_end(text, at), text.size());
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

std::vector<Statement> split_script(std::string_view script) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::vector<Statement> statements;
  Block block;
  std::size_t begin = std::string_view::npos;
  std::size_t end = 0;  // behind the last that is neither blank nor comment
  const auto finish = [&] {
    if (begin != std::string_view::npos) statements.push_back({script.substr(begin, end - begin), begin});
    begin = std::string_view::npos;
    block = {};
  };
  std::size_t at = script.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  while (at < script.size()) {
    const std::size_t next = skipped(script, at);
    if (is_blank(script[at]) || (next > at && script[at] != '\'' && script[at] != '`')) {
      at = std::max(next, at + 1);
      continue;
    }
    const std::string_view word = sql::leading_word(script.substr(at));
    if (script[at] == ';' && !block.open()) {
      finish();
      ++at;
      continue;
    }
    if (begin == std::string_view::npos) begin = at;
    if (!word.empty()) {
      block.word(word);
      at += word.size();
    } else if (next > at) {
      block.other();
      at = next;
    } else {
      script[at] == ';' ? block.semicolon() : block.other();
      ++at;
    }
    end = at;
  }
  finish();
  return statements;
}

bool is_query(std::string_view statement) {
  const std::string word = sql::upper_case(sql::leading_word(statement));
  return word == "SELECT" || word == "VALUES" || word == "WITH";
}

std::size_t offset_of(std::string_view text, std::size_t line, std::size_t column) {
  std::size_t at = 0;
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  for (; column > 1 && at < text.size(); --column) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return at;
}

}  // namespace rocketlink::flink
