#pragma once

#include <string>
#include <string_view>

namespace rocketlink::sql {

/// That there is no type `name`, with the type that is meant where that can be guessed.
[[nodiscard]] std::string unknown_type_text(std::string_view name);

}  // namespace rocketlink::sql
