#include "options/names.h"

#include <algorithm>
#include <array>
#include <vector>

namespace rocketlink::options {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Without case and without what separates words, so that `start-time-ms` is near `startTimeMs`.
std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c != '-' && c != '_' && c != '.' && c != ' ') out.push_back(lower(c));
  }
  return out;
}

// Insertions, deletions, replacements and swaps of neighbours that make `b` of `a`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
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

bool is_secret(std::string_view name) {
  if (const OptionSpec* spec = find_spec(name)) return spec->secret;
  std::vector<std::string_view> secrets;
  for (const OptionSpec& spec : option_specs()) {
    if (spec.secret) secrets.push_back(spec.name);
  }
  if (nearest_name(name, secrets)) return true;
  const std::string text = folded(name);
  constexpr std::array<std::string_view, 6> kTelling = {"secret", "password", "passwd", "token", "key", "accessid"};
  return std::any_of(kTelling.begin(), kTelling.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

}  // namespace rocketlink::options

namespace rocketlink {

std::optional<std::string_view> nearest_name(std::string_view name, std::span<const std::string_view> known) {
  constexpr std::size_t kLongest = 100;  // no slip makes a name this long; keeps the work small
  const std::string wanted = options::folded(name);
  if (wanted.empty() || wanted.size() > kLongest) return std::nullopt;
  std::optional<std::string_view> nearest;
  std::size_t best = wanted.size() < 5 ? 2 : wanted.size() < 12 ? 3 : 4;  // the distance that is too far
  for (const std::string_view candidate : known) {
    const std::size_t far = options::distance(wanted, options::folded(candidate));
    if (far >= best) continue;
    best = far;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace rocketlink
