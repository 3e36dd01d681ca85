#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "rocketlink/options.h"

namespace rocketlink {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Without case and without what separates words, so that `start-time-ms` is near `startTimeMs`.
std::string folded(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  for (const char c : name) {
    if (c != '-' && c != '_' && c != '.' && c != ' ') out.push_back(lower(c));
  }
  return out;
}

// No slip makes a longer name: it is near none, and the work stays small.
constexpr std::size_t kLongestNameBytes = 100;
constexpr std::size_t kFarthestEdits = 4;  // a name that is farther from what was written is no suggestion

// Insertions, deletions, replacements and swaps of neighbours that make `b` of `a`; of more than `limit` only that they
// are. `limit` is kFarthestEdits at most, `a` no longer than kLongestNameBytes, and the lengths are no farther apart
// than `limit`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  using Row = std::array<std::size_t, kLongestNameBytes + kFarthestEdits + 1>;
  const std::size_t far = limit + 1;
  std::array<Row, 3> rows;
  for (std::size_t j = 0; j <= std::min(limit, b.size()); ++j) rows[0][j] = j;
  std::size_t least_before = 0;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    const Row& before_last = rows[(i + 1) % 3];
    Row& last = rows[(i + 2) % 3];
    Row& row = rows[i % 3];
    // What is farther from the diagonal takes more changes than `limit`.
    const std::size_t from = i > limit ? i - limit : 1;
    const std::size_t to = std::min(b.size(), i + limit);
    if (to == i + limit) last[to] = far;
    row[from - 1] = from == 1 ? i : far;
    std::size_t least = row[from - 1];
    for (std::size_t j = from; j <= to; ++j) {
      const std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (std::min(least, least_before + 1) > limit) return far;  // no later row is nearer
    least_before = least;
  }
  return std::min(rows[a.size() % 3][b.size()], far);
}

}  // namespace

std::optional<std::string_view> nearest_name(std::string_view name, std::span<const std::string_view> known) {
  const std::string wanted = folded(name);
  if (wanted.empty() || wanted.size() > kLongestNameBytes) return std::nullopt;
  const std::size_t too_far = wanted.size() < 5 ? 2 : wanted.size() < 12 ? 3 : kFarthestEdits;
  std::optional<std::string_view> nearest;
  std::pair<std::size_t, std::size_t> best(too_far, 0);  // distance; of two as near, the one of like length
  for (const std::string_view candidate : known) {
    const std::string name_of_it = folded(candidate);
    const std::size_t longer = std::max(name_of_it.size(), wanted.size()) - std::min(name_of_it.size(), wanted.size());
    if (longer > best.first) continue;  // as is the distance
    const std::pair far(distance(wanted, name_of_it, best.first), longer);
    if (far >= best) continue;
    best = far;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace rocketlink
