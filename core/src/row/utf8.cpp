#include "rocketlink/row/utf8.h"

#include <cstring>

namespace rocketlink::row {
namespace {

struct Sequence {
  std::size_t length;  // of the character, or of the maximal subpart that is none
  bool valid;
};

// What stands at the front of `text`, which begins with a byte ≥ 0x80 (table 3-7 of the Unicode Standard).
Sequence sequence_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  std::size_t length = 0;
  unsigned char low = 0x80;  // bounds of the second byte
  unsigned char high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i == text.size() || byte(i) < low || byte(i) > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

std::size_t ascii_prefix(const char* data, std::size_t size) {
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + i, 8);
    if ((word & 0x8080808080808080U) != 0) break;
  }
  while (i < size && static_cast<unsigned char>(data[i]) < 0x80) ++i;
  return i;
}

// Length of the longest prefix that is UTF-8.
std::size_t valid_prefix(std::string_view text) {
  std::size_t i = 0;
  for (;;) {
    i += ascii_prefix(text.data() + i, text.size() - i);
    if (i == text.size()) return i;
    while (i < text.size() && static_cast<unsigned char>(text[i]) >= 0x80) {
      const auto [length, valid] = sequence_at(text.substr(i));
      if (!valid) return i;
      i += length;
    }
  }
}

// The pieces of the text with its malformed parts replaced.
template <class Take>
void for_each_valid_piece(std::string_view text, Take&& take) {
  for (;;) {
    const std::size_t valid = valid_prefix(text);
    take(text.substr(0, valid));
    text.remove_prefix(valid);
    if (text.empty()) return;
    take(kReplacement);
    text.remove_prefix(sequence_at(text).length);
  }
}

}  // namespace

bool is_ascii(std::string_view text) {
  return ascii_prefix(text.data(), text.size()) == text.size();
}

bool is_utf8(std::string_view text) {
  return valid_prefix(text) == text.size();
}

void replace_invalid_utf8(std::string_view text, std::string& out) {
  std::size_t size = 0;  // three times the text's where none of it is valid: nothing is to be made larger on the way
  for_each_valid_piece(text, [&](std::string_view piece) { size += piece.size(); });
  out.clear();
  out.reserve(size);
  for_each_valid_piece(text, [&](std::string_view piece) { out.append(piece); });
}

void append_utf8(char32_t code_point, std::string& out) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6U));
    put(0x80 | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12U));
    put(0x80 | ((code_point >> 6U) & 0x3FU));
    put(0x80 | (code_point & 0x3FU));
  } else {
    put(0xF0 | (code_point >> 18U));
    put(0x80 | ((code_point >> 12U) & 0x3FU));
    put(0x80 | ((code_point >> 6U) & 0x3FU));
    put(0x80 | (code_point & 0x3FU));
  }
}

}  // namespace rocketlink::row
