#include "planner/syntax.h"

#include <fmt/format.h>

#include <charconv>

#include "planner/expression.h"
#include "planner/failure.h"
#include "planner/slips.h"

namespace rocketlink::planner {
namespace {

using nlohmann::json;

[[noreturn]] void syntax_error(const json& tree, const Rewritten& rewritten, std::string_view query,
                               std::size_t query_offset) {
  const std::string position = tree.value("position", "");
  const std::string message = tree.value("error_message", "");
  std::size_t at = 0;
  const bool placed = std::from_chars(position.data(), position.data() + position.size(), at).ec == std::errc();
  if (message.find("at end of input") != std::string::npos) {
    const std::size_t end = rewritten.tokens.back().end;
    fail(query_offset + end, "the query ends too early: something is missing behind this place");
  }
  if (message.starts_with("syntax error") && placed) {
    const Token& token = rewritten.token(at);
    explain_slip(rewritten, static_cast<std::size_t>(&token - rewritten.tokens.data()), query_offset);
    fail(query_offset + token.begin,
         fmt::format("'{}' is not expected here; where Flink takes it, run the script with --flink",
                     query.substr(token.begin, token.end - token.begin)));
  }
  fail(query_offset + (placed ? rewritten.original(at) : 0), fmt::format("the query cannot be read: {}", message));
}

}  // namespace

json read_syntax(duck::Connection& connection, const Rewritten& rewritten, std::string_view query,
                 std::size_t query_offset) {
  const auto text = connection.text("SELECT json_serialize_sql(" + text_literal(rewritten.sql) + ")");
  if (!text) fail(query_offset, text.error().text);
  const json tree = json::parse(*text);
  if (tree.value("error", false)) syntax_error(tree, rewritten, query, query_offset);
  return tree.at("statements").at(0);
}

}  // namespace rocketlink::planner
