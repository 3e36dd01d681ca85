#include "flink/secrets.h"

#include <fmt/format.h>

namespace rocketlink::flink {

Result<std::string> Secrets::put_into(std::string_view statement) {
  return replace_secrets(statement, [this](std::string_view name) -> std::optional<std::string> {
    const auto value = lookup_(name);
    if (!value) return fmt::format("${{secret_values.{}}}", name);
    if (!value->empty()) used_.push_back(*value);
    std::string quoted;
    for (const char c : *value) quoted.append(c == '\'' ? 2 : 1, c);
    return quoted;
  });
}

bool Secrets::changes(std::string_view statement) {
  return statement.find("${secret_values.") != std::string_view::npos;
}

std::string Secrets::masked(std::string text) const {
  constexpr std::string_view kMask = "***";
  for (const std::string& secret : used_) {
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kMask.size())) {
      text.replace(at, secret.size(), kMask);
    }
  }
  return text;
}

}  // namespace rocketlink::flink
