#include "flink/secrets.h"

#include <fmt/format.h>

namespace rocketlink::flink {

Result<std::string> Secrets::put_into(std::string_view statement) const {
  return replace_secrets(statement, [this](std::string_view name) -> std::optional<std::string> {
    const auto value = lookup_(name);
    if (!value) return fmt::format("${{secret_values.{}}}", name);
    std::string quoted;
    for (const char c : *value) quoted.append(c == '\'' ? 2 : 1, c);
    return quoted;
  });
}

bool Secrets::changes(std::string_view statement) {
  return statement.find("${secret_values.") != std::string_view::npos;
}

}  // namespace rocketlink::flink
