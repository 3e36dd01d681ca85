#include "base/plain_text.h"

namespace rocketlink::base {

namespace {

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7F;
}

/// U+0080 to U+009F in UTF-8, which terminals obey as well.
bool is_control_pair(unsigned char first, unsigned char second) {
  return first == 0xC2 && second >= 0x80 && second < 0xA0;
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

std::string plain(std::string_view text) {
  const bool cut = text.size() > kLongestPlainTextBytes;
  if (cut) {
    std::size_t end = kLongestPlainTextBytes;
    while (end > 0 && continues_character(text[end])) --end;
    text = text.substr(0, end);
  }
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (i + 1 < text.size() && is_control_pair(c, static_cast<unsigned char>(text[i + 1]))) {
      out += ' ';
      ++i;
    } else {
      out += is_control(c) ? ' ' : text[i];
    }
  }
  if (cut) out += "…";
  return out;
}

}  // namespace rocketlink::base
