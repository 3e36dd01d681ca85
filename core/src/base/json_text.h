#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace rocketlink::base {

/// The value as it goes over the wire. What is no UTF-8 is replaced: texts may come from a program that has others.
inline std::string json_text(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace rocketlink::base
