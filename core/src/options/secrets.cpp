#include <fmt/format.h>

#include "options/names.h"
#include "rocketlink/options.h"

namespace rocketlink {

OptionEntries masked(const OptionEntries& entries) {
  OptionEntries out = entries;
  for (auto& [name, value] : out) {
    if (options::is_secret(name, value)) value = options::kMask;
  }
  return out;
}

Result<std::string> replace_secrets(std::string_view value, const SecretLookup& lookup) {
  constexpr std::string_view kOpening = "${secret_values.";
  std::string out;
  for (;;) {
    const auto begin = value.find(kOpening);
    out += value.substr(0, begin);
    if (begin == std::string_view::npos) return out;
    value.remove_prefix(begin + kOpening.size());
    const auto end = value.find('}');
    if (end == std::string_view::npos) {
      return Error(ErrorCode::kInvalidArgument, "'${secret_values.' is not closed; write ${secret_values.NAME}");
    }
    const std::string_view name = value.substr(0, end);
    if (name.empty()) {
      return Error(ErrorCode::kInvalidArgument, "'${secret_values.}' has no name; write ${secret_values.NAME}");
    }
    const auto secret = lookup(name);
    if (!secret)
      return Error(ErrorCode::kNotFound,
                   fmt::format("there is no secret '{0}'; set ROCKETLINK_SECRET_{0} in the environment", name));
    out += *secret;
    value.remove_prefix(end + 1);
  }
}

std::array<std::string, 2> secret_variables(std::string_view name) {
  std::array<std::string, 2> variables{"ROCKETLINK_SECRET_", "ROCKETLINK_SECRET_"};
  variables[0] += name;
  for (const char c : name) {
    const bool small = c >= 'a' && c <= 'z';
    const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    variables[1].push_back(small ? static_cast<char>(c - 'a' + 'A') : kept ? c : '_');
  }
  return variables;
}

}  // namespace rocketlink
