#include "format_problems.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>

#include "rocketlink/row/utf8.h"

namespace rocketlink::row {

void check_field_layout(const FormatOptions& format, std::vector<std::string>& problems) {
  if (format.field_delimiter.empty()) problems.emplace_back("fieldDelimiter must have at least one character");
  if (format.line_delimiter.empty()) problems.emplace_back("lineDelimiter must have at least one character");
  if (!format.quote_character) return;
  const char quote = *format.quote_character;
  if (static_cast<unsigned char>(quote) >= 0x80 || quote == '\n' || quote == '\r' || quote == '\0') {
    problems.emplace_back("quoteCharacter must be one ASCII character and no line break");
  }
  if (format.field_delimiter.find(quote) != std::string::npos) {
    problems.emplace_back("fieldDelimiter holds the quoteCharacter; they must differ");
  }
}

Error refusal(const std::vector<std::string>& problems) {
  return {ErrorCode::kInvalidArgument, fmt::format("{}", fmt::join(problems, "\n"))};
}

std::string printable(std::string_view text) {
  constexpr std::size_t kMostPrintedBytes = 200;  // a field is cut there in messages
  const bool cut = text.size() > kMostPrintedBytes;
  std::string valid;
  replace_invalid_utf8(text.substr(0, kMostPrintedBytes), valid);
  std::string out;
  for (const char c : valid) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out.push_back(c);
    }
  }
  if (cut) fmt::format_to(std::back_inserter(out), "… ({} bytes)", text.size());
  return out;
}

std::string_view to_string(LengthCheck policy) {
  switch (policy) {
    case LengthCheck::kNone:
      return "NONE";
    case LengthCheck::kSkip:
      return "SKIP";
    case LengthCheck::kException:
      return "EXCEPTION";
    case LengthCheck::kPad:
      return "PAD";
  }
  return "?";
}

}  // namespace rocketlink::row
