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

bool allowed(const OptionSpec& spec, const Place& place) {
  return known_to(spec, place) && of_direction(spec, place.use);
}

bool required(const OptionSpec& spec, const Place& place) {
  if (!spec.mandatory || !allowed(spec, place)) return false;
  const bool for_any_connector = spec.mq && spec.mq5;
  const bool for_any_direction = spec.source && spec.sink;
  return (for_any_connector || place.connector) && (for_any_direction || place.use_is_known);
}

std::string_view directions(TableUse use) {
  if (use.source && use.sink) return "table";
  return use.source ? "source table" : "sink table";
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
  check_unknown(place);
  for (Option& option : options_) {
    check_place(option, place);
    if (!option.in_place) continue;
    auto value = parse_value(*option.spec, option.text);
    if (value) {
      option.value = *std::move(value);
    } else {
      refuse(option.spec->name, value.error().text);
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
  std::vector<std::string_view> names;  // known here
  std::vector<std::string_view> others;
  for (const OptionSpec& spec : option_specs()) (allowed(spec, place) ? names : others).push_back(spec.name);
  const Option* format = find("format");
  for (const std::string_view name : unknown_) {
    const bool of_the_format = format != nullptr && name.starts_with(fmt::format("{}.", format->text));
    if (of_the_format) continue;
    // Without its value, which may be a secret under a mistyped name.
    auto near = nearest_name(name, names);
    if (!near) near = nearest_name(name, others);
    problems_.push_back(near ? fmt::format("unknown option '{}'; did you mean '{}'?", shown(name), *near)
                             : fmt::format("unknown option '{}'; a {}{} knows {}", shown(name), directions(place.use),
                                           !place.connector                      ? ""
                                           : *place.connector == Connector::kMq5 ? " of mq5"
                                                                                 : " of mq",
                                           fmt::join(names, ", ")));
  }
}

void Given::check_place(Option& option, const Place& place) {
  const OptionSpec& spec = *option.spec;
  const bool of_one_connector = !spec.mq || !spec.mq5;
  if (!known_to(spec, place)) {
    refuse(spec.name, fmt::format("for connector {} only; {}", spec.mq ? "mq" : "mq5", spec.elsewhere));
  } else if (!of_direction(spec, place.use)) {
    const std::string_view instead = of_one_connector || spec.elsewhere.empty() ? "remove it" : spec.elsewhere;
    refuse(spec.name, fmt::format("for {} tables only, and this is a {}; {}", spec.source ? "source" : "sink",
                                  directions(place.use), instead));
  } else {
    return;
  }
  option.in_place = false;
}

void Given::refuse(std::string_view name, std::string_view why) {
  const Option* option = find(name);
  problems_.push_back(
      fmt::format("option '{}' = '{}': {}", name, is_secret(name, option->text) ? kMask : shown(option->text), why));
}

void Given::refuse_text(std::string_view name, std::string_view why) {
  refuse(name, fmt::format("{} (allowed: {})", why, allowed_values(*find_spec(name))));
}

void Given::miss(std::string_view name, std::string_view why) {
  problems_.push_back(fmt::format("option '{}' is missing: {}", name, why));
}

const Given::Option* Given::find(std::string_view name) const {
  const auto option = std::find_if(options_.begin(), options_.end(),
                                   [&](const Option& o) { return o.spec->name == name && o.in_place; });
  return option == options_.end() ? nullptr : &*option;
}

}  // namespace rocketlink::options
