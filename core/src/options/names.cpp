#include "options/names.h"

#include <algorithm>
#include <array>
#include <vector>

namespace rocketlink::options {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

const OptionSpec* find_spec(std::string_view name) {
  const auto specs = option_specs();
  const auto spec =
      std::find_if(specs.begin(), specs.end(), [&](const OptionSpec& s) { return equal_without_case(s.name, name); });
  return spec == specs.end() ? nullptr : &*spec;
}

bool is_secret(std::string_view name, std::string_view value) {
  if (equal_without_case(name, "endpoint")) return value.find('@') != std::string_view::npos;
  if (const OptionSpec* spec = find_spec(name)) return spec->secret;
  std::vector<std::string_view> secrets;
  for (const OptionSpec& spec : option_specs()) {
    if (spec.secret) secrets.push_back(spec.name);
  }
  if (nearest_name(name, secrets)) return true;
  std::string text(name);
  std::transform(text.begin(), text.end(), text.begin(), lower);
  constexpr std::array<std::string_view, 5> kTelling = {"secret", "password", "passwd", "token", "key"};
  return std::any_of(kTelling.begin(), kTelling.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

}  // namespace rocketlink::options
