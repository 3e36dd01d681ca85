#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/options.h"
#include "rocketlink/result.h"

/// What decoder and encoder share in refusing options and in showing data to people.
namespace rocketlink::row {

/// Adds what is wrong with delimiters and quote character, whatever the table and the direction.
void check_field_layout(const FormatOptions& format, std::vector<std::string>& problems);

/// One kInvalidArgument of all problems.
[[nodiscard]] Error refusal(const std::vector<std::string>& problems);

/// Text from outside for a log line: at most 200 characters or so, control characters and malformed bytes escaped.
[[nodiscard]] std::string printable(std::string_view text);

[[nodiscard]] std::string_view to_string(LengthCheck policy);

}  // namespace rocketlink::row
