#include "sql/grammar/query.h"

#include <algorithm>

#include "sql/words.h"

namespace rocketlink::sql::grammar {

namespace {

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Counts the CASE … END of a query.
class Cases {
 public:
  /// False at the END that closes none.
  bool take(std::string_view word) {
    if (word.size() > 4) return true;
    const std::string upper = upper_case(word);
    if (upper == "CASE") ++open_;
    return upper != "END" || open_-- > 0;
  }

 private:
  std::ptrdiff_t open_ = 0;
};

}  // namespace

std::size_t query_length(std::string_view text, bool inside_set) {
  Cases cases;
  std::size_t at = 0;
  while (at < text.size() && text[at] != ';') {
    if (text[at] == '\'' || text[at] == '`') {
      at = quoted_end(text, at);
    } else if (is_word_byte(text[at])) {
      const auto begin = text.begin() + static_cast<std::ptrdiff_t>(at);
      const auto length = static_cast<std::size_t>(std::find_if_not(begin, text.end(), is_word_byte) - begin);
      if (!cases.take(text.substr(at, length)) && inside_set) break;
      at += length;
    } else {
      ++at;
    }
  }
  while (at > 0 && std::string_view(" \t\r\n\f\v").find(text[at - 1]) != std::string_view::npos) --at;
  return at;
}

}  // namespace rocketlink::sql::grammar
