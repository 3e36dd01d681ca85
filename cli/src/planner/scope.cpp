#include "planner/scope.h"

#include <fmt/format.h>

#include <algorithm>

#include "planner/failure.h"
#include "planner/tokens.h"

namespace rocketlink::planner {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

std::vector<std::string> names_of(const Scope& scope) {
  std::vector<std::string> names;
  names.reserve(scope.columns.size());
  for (const ScopeColumn& column : scope.columns) names.push_back(column.name);
  return names;
}

}  // namespace

std::string did_you_mean(std::string_view name, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  std::size_t best_distance = (name.size() < 4 ? 1 : std::max<std::size_t>(2, name.size() / 3)) + 1;
  for (const std::string& candidate : known) {
    const std::size_t d = distance(lower(name), lower(candidate));
    if (d < best_distance) {
      best = &candidate;
      best_distance = d;
    }
  }
  return best == nullptr ? "" : fmt::format("; did you mean '{}'?", *best);
}

const ScopeColumn& find_column(const Scope& scope, const std::vector<std::string>& parts, std::size_t offset) {
  if (parts.size() > 2) fail(offset, "a column is written `column` or `table`.`column`");
  if (parts.size() == 2 && parts[0] != scope.relation) {
    fail(offset,
         scope.relation.empty()
             ? fmt::format("there is no table '{}' here to take a column from", parts[0])
             : fmt::format("there is no table '{}' here; the one that is read is called '{}' (names are "
                           "case-sensitive)",
                           parts[0], scope.relation),
         ErrorCode::kNotFound);
  }
  const std::string& name = parts.back();
  const ScopeColumn* found = nullptr;
  for (const ScopeColumn& column : scope.columns) {
    if (column.name != name) continue;
    if (found != nullptr) fail(offset, fmt::format("column '{}' is there twice; give one of them an alias", name));
    found = &column;
  }
  if (found != nullptr) return *found;
  const std::vector<std::string> names = names_of(scope);
  std::string text = fmt::format("unknown column '{}'", name);
  if (names.empty()) {
    text += "; the query reads no table (a string is written in single quotes)";
  } else if (const std::string hint = did_you_mean(name, names); !hint.empty()) {
    text += hint;
  } else {
    text += fmt::format("; there are {}", fmt::join(names, ", "));
  }
  fail(offset, text, ErrorCode::kNotFound);
}

}  // namespace rocketlink::planner
