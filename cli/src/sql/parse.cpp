#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "sql/actions/statements.h"
#include "sql/failure.h"
#include "sql/quoting.h"
#include "sql/script.h"
#include "sql/words.h"

namespace rocketlink::sql {

namespace {

/// Where the next word or mark outside of quotes begins.
std::size_t next_token(std::string_view text, std::size_t at) {
  if (at < text.size()) {
    const std::string_view word = leading_word(text.substr(at));
    at = text[at] == '\'' || text[at] == '`' ? quoted_end(text, at) : at + std::max<std::size_t>(word.size(), 1);
  }
  at = text.find_first_not_of(" \t\r\n\f\v", std::min(at, text.size()));
  return at;
}

bool begins_statement(std::string_view text) {
  constexpr std::array<std::string_view, 7> kWords{"CREATE", "INSERT", "SET", "RESET", "EXECUTE", "BEGIN", "DROP"};
  const std::string word = upper_case(leading_word(text));
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// Where the first statement begins behind one that is wrong at `at`: behind its `;`, or at `at` itself where that is
/// what is missing; nothing when there is none, or when it is a statement set, in which a `;` ends nothing.
std::optional<std::size_t> next_statement(std::string_view text, std::size_t begin, std::size_t at) {
  const std::string first = upper_case(leading_word(text.substr(begin)));
  if (first == "BEGIN" || first == "EXECUTE" || first == "STATEMENT") return std::nullopt;
  if (at > begin && begins_statement(text.substr(std::min(at, text.size())))) return at;
  while (at < text.size() && text[at] != ';') at = next_token(text, at);
  while (at < text.size() && text[at] == ';') at = next_token(text, at);
  return at < text.size() ? std::optional(at) : std::nullopt;
}

/// What is wrong with a script: the first that is wrong with each of its statements.
std::vector<Failure> read(std::string_view text, const std::string& name, Builder& builder) {
  std::vector<Failure> failures;
  for (std::optional<std::size_t> begin = 0; begin;) {
    tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> input(text.data() + *begin, text.data() + text.size(),
                                                                    name);
    try {
      const bool whole = tao::pegtl::parse<grammar::ScriptFile, grammar::Action>(input, builder);
      if (!whole) builder.fail_unexpected(input.current(), "a statement", {});
      begin.reset();
    } catch (Failure& failure) {
      begin = next_statement(text, builder.statement_begin, failure.offset);
      failures.push_back(std::move(failure));
    }
  }
  return failures;
}

}  // namespace

Result<std::vector<Statement>> parse_script(const Script& script) {
  if (const std::size_t end = utf8_end(script.text()); end < script.text().size()) {
    return script.error(end, "this byte is not UTF-8; save the script as UTF-8");
  }
  const auto [text, early_end] = without_comments(script.text());
  Builder builder(text);
  std::vector<Failure> failures = read(text, script.name(), builder);
  if (early_end) {
    // What is wrong before the early end may well be its cause: a quote that is missing turns all later ones around.
    if (failures.empty() || failures.front().at_end) failures = {*early_end};
    failures.resize(1);
    const char open = script.text()[early_end->offset];
    if (failures.front().offset != early_end->offset && (open == '\'' || open == '`')) {
      failures.front().text += "; or a quote, ' or `, is missing before: further down one is not closed";
    }
  } else if (failures.empty() && builder.statements.empty()) {
    failures.push_back({0, "the script has no statement"});
  }
  if (failures.empty()) return std::move(builder.statements);
  Error all = script.error(failures.front().offset, failures.front().text, failures.front().code);
  for (std::size_t i = 1; i < failures.size(); ++i) {
    all.text += "\n" + script.error(failures[i].offset, failures[i].text).text;
  }
  return all;
}

}  // namespace rocketlink::sql
