#include <fmt/format.h>

#include <algorithm>

#include "options/names.h"
#include "options/values.h"
#include "rocketlink/options.h"

namespace rocketlink {
namespace {

// What the names of variables are made of, as shells have them.
bool is_of_variable(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// How much of `secret` stands at the front of `text`: all of it, or so much of it as was left when it was cut short.
std::size_t length_at_front(std::string_view text, std::string_view secret) {
  constexpr std::size_t kTellingBytes = 4;  // of a secret that is cut short; fewer tell nothing, and are shown
  const auto differ = std::mismatch(text.begin(), text.end(), secret.begin(), secret.end());
  const auto length = static_cast<std::size_t>(differ.first - text.begin());
  const bool cut = length >= kTellingBytes && text.substr(length).starts_with("…");
  return length == secret.size() || cut ? length : 0;
}

}  // namespace

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
    if (!secret) {
      const auto variables = secret_variables(name);
      const bool sound = std::all_of(name.begin(), name.end(), is_of_variable);
      return Error(ErrorCode::kNotFound, fmt::format("there is no secret '{}'; set {} in the environment",
                                                     options::shown(name), options::shown(variables[sound ? 0 : 1])));
    }
    out += *secret;
    value.remove_prefix(end + 1);
  }
}

SecretLookup SecretMask::hiding(SecretLookup lookup) {
  return [this, lookup = std::move(lookup)](std::string_view name) {
    auto secret = lookup(name);
    if (secret) hide(*secret, fmt::format("${{secret_values.{}}}", name));
    return secret;
  };
}

void SecretMask::hide(std::string_view secret, std::string_view instead) {
  constexpr std::string_view kSeparators = " \t\r\n;,|";
  constexpr std::size_t kShortestPartBytes = 4;  // a shorter word of a secret is a word of others too, and is shown
  const std::lock_guard lock(mutex_);
  const auto add = [&](std::string_view text, std::size_t shortest) {
    const bool known = std::any_of(hidden_.begin(), hidden_.end(), [&](const auto& each) { return each.text == text; });
    if (text.size() >= shortest && !known) hidden_.push_back({std::string(text), std::string(instead)});
  };
  add(secret, 1);
  for (std::string_view rest = secret; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of(kSeparators), rest.size());
    std::string_view part = rest.substr(0, end);
    add(part, kShortestPartBytes);
    if (const auto scheme = part.find("://"); scheme != std::string_view::npos) {
      part.remove_prefix(scheme + 3);
      add(part, kShortestPartBytes);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::stable_sort(hidden_.begin(), hidden_.end(),
                   [](const Hidden& a, const Hidden& b) { return a.text.size() > b.text.size(); });
}

std::string SecretMask::masked(std::string_view text) const {
  const std::lock_guard lock(mutex_);
  std::string out;
  while (!text.empty()) {
    std::size_t length = 0;
    const auto secret = std::find_if(hidden_.begin(), hidden_.end(), [&](const Hidden& each) {
      length = length_at_front(text, each.text);
      return length > 0;
    });
    if (secret != hidden_.end()) {
      out += secret->instead;
    } else {
      out += text.front();
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
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
