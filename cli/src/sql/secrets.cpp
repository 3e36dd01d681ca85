#include "sql/secrets.h"

#include <algorithm>
#include <array>
#include <string>

#include "sql/words.h"

namespace rocketlink::sql {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// The value behind a word that says it to be secret: `…word' = 'value'`. Empty when none follows.
TextRange secret_behind(std::string_view text, std::size_t at) {
  const auto skip = [&](std::string_view characters) {
    at = std::min(text.find_first_not_of(characters, at), text.size());
  };
  const auto take = [&](char c) { return at < text.size() && text[at] == c && ++at > 0; };
  skip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
  take('\'');
  skip(kBlanks);
  const bool equals = take('=');
  skip(kBlanks);
  const bool quoted = take('\'');
  if ((!equals && !quoted) || text.substr(at, 2) == "${") return {at, at};
  const std::size_t begin = at;
  at = std::min(text.find_first_of(quoted ? "'" : "', \t\r\n;)", at), text.size());
  while (quoted && text.substr(at, 2) == "''") at = std::min(text.find('\'', at + 2), text.size());
  return {begin, at};
}

}  // namespace

std::vector<TextRange> secret_ranges(std::string_view text) {
  constexpr std::array<std::string_view, 6> kNames{"ACCESSKEY", "ACCESSID", "PASSWORD",
                                                   "SECRET",    "TOKEN",    "PASSPHRASE"};
  const std::string upper = upper_case(text);
  std::vector<TextRange> found;
  for (const std::string_view name : kNames) {
    for (std::size_t at = upper.find(name); at != std::string::npos; at = upper.find(name, found.back().end)) {
      found.push_back(secret_behind(text, at));
    }
  }
  std::sort(found.begin(), found.end(), [](const TextRange& a, const TextRange& b) { return a.begin < b.begin; });
  return found;
}

}  // namespace rocketlink::sql
