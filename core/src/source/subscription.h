#pragma once

#include "cluster/pull.h"
#include "rocketlink/options.h"

namespace rocketlink::source {

/// What the broker is asked to let through.
[[nodiscard]] inline cluster::Subscription subscription_of(const SourceOptions& options) {
  if (!options.sql92_filter.empty()) return {options.sql92_filter, true};
  std::string expression;
  for (const std::string& tag : options.tags) {
    if (!expression.empty()) expression += " || ";
    expression += tag;
  }
  return {expression.empty() ? "*" : expression, false};
}

}  // namespace rocketlink::source
