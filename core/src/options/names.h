#pragma once

#include <string>
#include <string_view>

#include "rocketlink/options.h"

namespace rocketlink::options {

/// ASCII letters count without regard to case.
[[nodiscard]] bool equal_without_case(std::string_view a, std::string_view b);

/// The option of that name in any case; nullptr when there is none.
[[nodiscard]] const OptionSpec* find_spec(std::string_view name);

/// Whether the value of an option must not be printed: of secret ones, of unknown names that look like one of them, and
/// an endpoint that holds a user and password.
[[nodiscard]] bool is_secret(std::string_view name, std::string_view value);

inline constexpr std::string_view kMask = "******";

}  // namespace rocketlink::options
