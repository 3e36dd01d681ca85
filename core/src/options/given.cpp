#include "options/given.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "options/names.h"

namespace rocketlink::options {
namespace {

bool known_to(const OptionSpec& spec, const Place& place) {
  return !place.connector || (*place.connector == Connector::kMq ? spec.mq : spec.mq5);
}

bool of_direction(const OptionSpec& spec, TableUse use) {
  return (spec.source && use.source) || (spec.sink && use.sink);
}

bool required(const OptionSpec& spec, const Place& place) {
  if (!spec.mandatory || !known_to(spec, place) || !of_direction(spec, place.use)) return false;
  const bool for_any_connector = spec.mq && spec.mq5;
  const bool for_any_direction = spec.source && spec.sink;
  return (for_any_connector || place.connector) && (for_any_direction || place.use_is_known);
}

// Where all options are listed.
std::string documentation(const Place& place) {
  if (!place.connector) return "docs/options.md has all";
  return fmt::format("docs/options.md has those of {}", *place.connector == Connector::kMq5 ? "mq5" : "mq");
}

}  // namespace

Given::Given(const OptionEntries& entries, std::vector<std::string>& problems) : problems_(problems) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : entries) {
    const auto again = std::find_if(names.begin(), names.end(),
                                    [&](std::string_view other) { return equal_without_case(other, name); });
    if (again != names.end()) {
      problems_.push_back(fmt::format("option '{}' is given again as '{}'; case does not count: keep one of them",
                                      shown(*again), shown(name)));
      continue;
    }
    names.push_back(name);
    if (const OptionSpec* spec = find_spec(name)) {
      options_.push_back({spec, value, true, std::nullopt});
    } else {
      unknown_.push_back(name);
    }
  }
}

std::optional<Connector> Given::connector() const {
  const Option* option = find("connector");
  if (option == nullptr) return std::nullopt;
  const auto value = parse_value(*option->spec, option->text);
  if (!value) return std::nullopt;
  return static_cast<Connector>(std::get<std::size_t>(*value));
}

void Given::check(const Place& place) {
  use_ = place.use;
  check_unknown(place);
  for (Option& option : options_) {
    check_connector(option, place);
    if (!option.known_here) continue;
    auto value = parse_value(*option.spec, option.text);
    if (value) {
      option.value = *std::move(value);
    } else {
      refuse_value(option.spec->name, value.error().text);
    }
  }
  for (const OptionSpec& spec : option_specs()) {
    if (!required(spec, place) || has(spec.name)) continue;
    const std::string values = allowed_values(spec);
    miss(spec.name, fmt::format("it is required {}{}", spec.required,
                                values.empty() ? "" : fmt::format(" (allowed: {})", values)));
  }
}

void Given::check_unknown(const Place& place) {
  std::vector<std::string_view> names;
  std::vector<std::string_view> others;  // of the other connector
  for (const OptionSpec& spec : option_specs()) (known_to(spec, place) ? names : others).push_back(spec.name);
  const Option* format = find("format");
  for (const std::string_view name : unknown_) {
    const bool of_the_format = format != nullptr && name.starts_with(fmt::format("{}.", format->text));
    if (of_the_format) continue;
    // Without its value, which may be a secret under a mistyped name.
    auto near = nearest_name(name, names);
    if (!near) near = nearest_name(name, others);
    problems_.push_back(fmt::format("unknown option '{}'; {}", shown(name),
                                    near ? fmt::format("did you mean '{}'?", *near) : documentation(place)));
  }
}

void Given::check_connector(Option& option, const Place& place) {
  const OptionSpec& spec = *option.spec;
  if (known_to(spec, place)) return;
  refuse_value(spec.name, fmt::format("for connector {} only; {}", spec.mq ? "mq" : "mq5", spec.elsewhere));
  option.known_here = false;
}

bool Given::takes_effect(std::string_view name) const {
  return of_direction(*find_spec(name), use_);
}

void Given::refuse_value(std::string_view name, std::string_view why) {
  const Option* option = find(name);
  problems_.push_back(
      fmt::format("option '{}' = '{}': {}", name, is_secret(name, option->text) ? kMask : shown(option->text), why));
}

void Given::refuse(std::string_view name, std::string_view why) {
  if (takes_effect(name)) refuse_value(name, why);
}

void Given::refuse_text(std::string_view name, std::string_view why) {
  refuse_value(name, fmt::format("{} (allowed: {})", why, allowed_values(*find_spec(name))));
}

void Given::miss(std::string_view name, std::string_view why) {
  if (takes_effect(name)) problems_.push_back(fmt::format("option '{}' is missing: {}", name, why));
}

const Given::Option* Given::find(std::string_view name) const {
  const auto option = std::find_if(options_.begin(), options_.end(),
                                   [&](const Option& o) { return o.spec->name == name && o.known_here; });
  return option == options_.end() ? nullptr : &*option;
}

}  // namespace rocketlink::options
