#include <fmt/format.h>

#include <map>

#include "planner/functions/functions.h"
#include "planner/functions/json_behaviour.h"
#include "planner/functions/json_document.h"
#include "planner/functions/json_path.h"

/// JSON_VALUE and JSON_EXISTS.
namespace rocketlink::planner::functions {
namespace {

using Kind = JsonFinding::Kind;

constexpr std::size_t kKnownPaths = 64;  // a thread's, with more they are read anew: paths are few

// Paths are literals, which were checked when the query was planned.
const JsonPath& path_of(std::string_view text) {
  thread_local std::map<std::string, JsonPath, std::less<>> known;
  const auto found = known.find(text);
  if (found != known.end()) return found->second;
  if (known.size() >= kKnownPaths) known.clear();
  std::string problem;
  return known.emplace(std::string(text), *JsonPath::read(text, problem)).first->second;
}

using Text = std::optional<std::string>;

Text otherwise(Call& call, std::int32_t behaviour, const std::optional<std::string_view>& value, std::string_view what,
               std::string_view document) {
  switch (static_cast<JsonBehaviour>(behaviour)) {
    case JsonBehaviour::kError:
      call.fail(fmt::format("JSON_VALUE: {} in '{}'", what, document.substr(0, kMostQuotedBytes)));
      return std::nullopt;
    case JsonBehaviour::kDefault:
      return value ? Text(*value) : std::nullopt;
    default:
      return std::nullopt;
  }
}

Text json_value(Call& call, std::string_view document, std::string_view path_text, std::int32_t on_empty,
                std::optional<std::string_view> empty_value, std::int32_t on_error,
                std::optional<std::string_view> error_value) {
  const JsonPath& path = path_of(path_text);
  JsonFinding found = find_json(document, path);
  if (found.kind == Kind::kScalar) return std::move(found.text);
  // What is no JSON has nothing at a lax path.
  if (found.kind == Kind::kNothing || (found.kind == Kind::kInvalid && !path.lax)) {
    return otherwise(call, on_error, error_value, "there is no JSON", document);
  }
  if (path.lax) {
    return otherwise(call, on_empty, empty_value, fmt::format("nothing is at '{}'", path_text), document);
  }
  const std::string what = found.kind == Kind::kMissing ? fmt::format("there is no '{}'", path_text)
                                                        : fmt::format("no single value is at '{}'", path_text);
  return otherwise(call, on_error, error_value, what, document);
}

std::optional<bool> json_exists(Call& call, std::string_view document, std::string_view path_text,
                                std::int32_t on_error) {
  const JsonPath& path = path_of(path_text);
  const JsonFinding found = find_json(document, path);
  // A strict path takes null for nothing.
  const bool nowhere = found.kind == Kind::kInvalid || found.kind == Kind::kMissing || found.kind == Kind::kNull;
  const bool failed = found.kind == Kind::kNothing || (nowhere && !path.lax);
  if (!failed) return found.kind == Kind::kScalar || found.kind == Kind::kContainer;
  switch (static_cast<JsonBehaviour>(on_error)) {
    case JsonBehaviour::kTrue:
      return true;
    case JsonBehaviour::kError:
      call.fail(fmt::format("JSON_EXISTS: '{}' cannot be looked up in '{}'", path_text,
                            document.substr(0, kMostQuotedBytes)));
      return std::nullopt;
    case JsonBehaviour::kNull:
      return std::nullopt;
    default:
      return false;
  }
}

}  // namespace

void register_json_functions(Registrar& registrar) {
  registrar.add<json_value>("rl_json_value");
  registrar.add<json_exists>("rl_json_exists");
}

}  // namespace rocketlink::planner::functions
