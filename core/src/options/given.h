#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "options/values.h"
#include "rocketlink/options.h"

namespace rocketlink::options {

/// What a table is, as far as it is known.
struct Place {
  std::optional<Connector> connector;
  TableUse use;              ///< at least one of them is true
  bool use_is_known = true;  ///< false: options of either direction take effect, none of one direction is required
};

/// The options of one table, matched against the registry. All that is wrong is added to `problems`, a sentence each,
/// in which secret values do not appear.
class Given {
 public:
  Given(const OptionEntries& entries, std::vector<std::string>& problems);

  /// The connector by the option of that name, when that is sound.
  [[nodiscard]] std::optional<Connector> connector() const;

  /// Refuses what is unknown, is for the other connector, or is missing, and values that their type or range forbids.
  /// From then on has() and get() know only options of this connector, and what takes effect is known: an option that
  /// is for the direction in which the table is not used can be wrong in its value, and in nothing else.
  void check(const Place& place);

  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }

  /// The value; nothing when it is not given or was refused.
  template <class T>
  [[nodiscard]] std::optional<T> get(std::string_view name) const {
    const Option* option = find(name);
    if (option == nullptr || !option->value) return std::nullopt;
    return std::get<T>(*option->value);
  }
  /// Stores the value in `out` when there is one.
  template <class T, class Out>
  void read(std::string_view name, Out& out) const {
    if (auto value = get<T>(name)) out = static_cast<Out>(*std::move(value));
  }
  /// The same for an enum whose enumerators are in the order of the option's values.
  template <class Enum>
  void read_enum(std::string_view name, Enum& out) const {
    if (const auto value = get<std::size_t>(name)) out = static_cast<Enum>(*value);
  }

  /// `option 'name' = 'value': why`, unless the option takes no effect. It must have been given.
  void refuse(std::string_view name, std::string_view why);
  /// The same of the value in itself, whether or not it takes effect.
  void refuse_value(std::string_view name, std::string_view why);
  /// And with what the registry allows behind `why`.
  void refuse_text(std::string_view name, std::string_view why);
  /// `option 'name' is missing: why`, unless it would take no effect.
  void miss(std::string_view name, std::string_view why);

 private:
  struct Option {
    const OptionSpec* spec = nullptr;
    std::string_view text;
    bool known_here = true;
    std::optional<Value> value;
  };
  [[nodiscard]] const Option* find(std::string_view name) const;
  [[nodiscard]] bool takes_effect(std::string_view name) const;
  void check_unknown(const Place& place);
  void check_connector(Option& option, const Place& place);

  std::vector<std::string>& problems_;
  TableUse use_{true, true};
  std::vector<Option> options_;
  std::vector<std::string_view> unknown_;
};

}  // namespace rocketlink::options
