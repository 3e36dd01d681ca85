#include "planner/functions/case_mapping.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "planner/functions/utf8.h"

namespace rocketlink::planner::functions {
namespace {

using Mapping = std::pair<std::string_view, std::string_view>;

// Unicode's SpecialCasing, without the conditional ones; by the letters' bytes.
constexpr std::array<Mapping, 102> kSeveral = {{
    {"ß", "SS"}, {"ŉ", "ʼN"}, {"ǰ", "J̌"},  {"ΐ", "Ϊ́"},  {"ΰ", "Ϋ́"},  {"և", "ԵՒ"},  {"ẖ", "H̱"},   {"ẗ", "T̈"},
    {"ẘ", "W̊"},  {"ẙ", "Y̊"},  {"ẚ", "Aʾ"}, {"ὐ", "Υ̓"},  {"ὒ", "Υ̓̀"},  {"ὔ", "Υ̓́"},   {"ὖ", "Υ̓͂"},   {"ᾀ", "ἈΙ"},
    {"ᾁ", "ἉΙ"}, {"ᾂ", "ἊΙ"}, {"ᾃ", "ἋΙ"}, {"ᾄ", "ἌΙ"}, {"ᾅ", "ἍΙ"}, {"ᾆ", "ἎΙ"},  {"ᾇ", "ἏΙ"},  {"ᾈ", "ἈΙ"},
    {"ᾉ", "ἉΙ"}, {"ᾊ", "ἊΙ"}, {"ᾋ", "ἋΙ"}, {"ᾌ", "ἌΙ"}, {"ᾍ", "ἍΙ"}, {"ᾎ", "ἎΙ"},  {"ᾏ", "ἏΙ"},  {"ᾐ", "ἨΙ"},
    {"ᾑ", "ἩΙ"}, {"ᾒ", "ἪΙ"}, {"ᾓ", "ἫΙ"}, {"ᾔ", "ἬΙ"}, {"ᾕ", "ἭΙ"}, {"ᾖ", "ἮΙ"},  {"ᾗ", "ἯΙ"},  {"ᾘ", "ἨΙ"},
    {"ᾙ", "ἩΙ"}, {"ᾚ", "ἪΙ"}, {"ᾛ", "ἫΙ"}, {"ᾜ", "ἬΙ"}, {"ᾝ", "ἭΙ"}, {"ᾞ", "ἮΙ"},  {"ᾟ", "ἯΙ"},  {"ᾠ", "ὨΙ"},
    {"ᾡ", "ὩΙ"}, {"ᾢ", "ὪΙ"}, {"ᾣ", "ὫΙ"}, {"ᾤ", "ὬΙ"}, {"ᾥ", "ὭΙ"}, {"ᾦ", "ὮΙ"},  {"ᾧ", "ὯΙ"},  {"ᾨ", "ὨΙ"},
    {"ᾩ", "ὩΙ"}, {"ᾪ", "ὪΙ"}, {"ᾫ", "ὫΙ"}, {"ᾬ", "ὬΙ"}, {"ᾭ", "ὭΙ"}, {"ᾮ", "ὮΙ"},  {"ᾯ", "ὯΙ"},  {"ᾲ", "ᾺΙ"},
    {"ᾳ", "ΑΙ"}, {"ᾴ", "ΆΙ"}, {"ᾶ", "Α͂"},  {"ᾷ", "Α͂Ι"}, {"ᾼ", "ΑΙ"}, {"ῂ", "ῊΙ"},  {"ῃ", "ΗΙ"},  {"ῄ", "ΉΙ"},
    {"ῆ", "Η͂"},  {"ῇ", "Η͂Ι"}, {"ῌ", "ΗΙ"}, {"ῒ", "Ϊ̀"},  {"ΐ", "Ϊ́"},  {"ῖ", "Ι͂"},   {"ῗ", "Ϊ͂"},   {"ῢ", "Ϋ̀"},
    {"ΰ", "Ϋ́"},  {"ῤ", "Ρ̓"},  {"ῦ", "Υ͂"},  {"ῧ", "Ϋ͂"},  {"ῲ", "ῺΙ"}, {"ῳ", "ΩΙ"},  {"ῴ", "ΏΙ"},  {"ῶ", "Ω͂"},
    {"ῷ", "Ω͂Ι"}, {"ῼ", "ΩΙ"}, {"ﬀ", "FF"}, {"ﬁ", "FI"}, {"ﬂ", "FL"}, {"ﬃ", "FFI"}, {"ﬄ", "FFL"}, {"ﬅ", "ST"},
    {"ﬆ", "ST"}, {"ﬓ", "ՄՆ"}, {"ﬔ", "ՄԵ"}, {"ﬕ", "ՄԻ"}, {"ﬖ", "ՎՆ"}, {"ﬗ", "ՄԽ"},
}};

constexpr std::string_view kSigma = "\u03A3";
constexpr std::string_view kFinalSigma = "\u03C2";

std::size_t size_at(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && !is_character_start(text[end])) ++end;
  return end - at;
}

std::uint32_t code_point(std::string_view character) {
  if (character.size() == 1) return static_cast<unsigned char>(character.front());
  std::uint32_t code = static_cast<unsigned char>(character.front()) & (0xFFU >> (character.size() + 1));
  for (const char c : character.substr(1)) code = (code << 6) | (static_cast<unsigned char>(c) & 0x3FU);
  return code;
}

bool in_any(std::uint32_t code, std::initializer_list<std::pair<std::uint32_t, std::uint32_t>> ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const auto& range) { return code >= range.first && code <= range.second; });
}

// Letters that have a case, of the scripts that have one.
bool is_cased(std::uint32_t code) {
  return code != 0xD7 && code != 0xF7 &&
         in_any(code, {{'A', 'Z'},       {'a', 'z'},       {0xAA, 0xAA},     {0xB5, 0xB5},     {0xBA, 0xBA},
                       {0xC0, 0x1BA},    {0x1BC, 0x1BF},   {0x1C4, 0x293},   {0x295, 0x2B8},   {0x345, 0x345},
                       {0x370, 0x373},   {0x376, 0x377},   {0x37A, 0x37D},   {0x37F, 0x37F},   {0x386, 0x386},
                       {0x388, 0x481},   {0x48A, 0x556},   {0x560, 0x588},   {0x10A0, 0x10FF}, {0x13A0, 0x13FD},
                       {0x1C80, 0x1CBF}, {0x1D00, 0x1DBF}, {0x1E00, 0x1FBC}, {0x1FC2, 0x1FCC}, {0x1FD0, 0x1FDB},
                       {0x1FE0, 0x1FEC}, {0x1FF2, 0x1FFC}, {0x2C00, 0x2CE4}, {0xA640, 0xA69D}, {0xA722, 0xA787},
                       {0xAB30, 0xABBF}, {0xFB00, 0xFB17}, {0xFF21, 0xFF3A}, {0xFF41, 0xFF5A}, {0x10400, 0x1044F}});
}
// What does not end a word: points and accents.
bool is_ignorable(std::uint32_t code) {
  return in_any(code, {{0x27, 0x27},
                       {0x2E, 0x2E},
                       {0x3A, 0x3A},
                       {0x5E, 0x5E},
                       {0x60, 0x60},
                       {0xA8, 0xA8},
                       {0xAD, 0xAD},
                       {0xAF, 0xAF},
                       {0xB4, 0xB4},
                       {0xB7, 0xB8},
                       {0x2B9, 0x344},
                       {0x346, 0x36F},
                       {0x483, 0x489},
                       {0x2018, 0x2019}});
}

bool cased_before(std::string_view text) {
  while (!text.empty()) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && !is_character_start(text[begin])) --begin;
    const std::uint32_t code = code_point(text.substr(begin));
    if (!is_ignorable(code)) return is_cased(code);
    text = text.substr(0, begin);
  }
  return false;
}
bool cased_behind(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = size_at(text, 0);
    const std::uint32_t code = code_point(text.substr(0, size));
    if (!is_ignorable(code)) return is_cased(code);
    text.remove_prefix(size);
  }
  return false;
}

}  // namespace

std::string before_upper(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = size_at(text, at);
    const std::string_view character = text.substr(at, size);
    const auto* found = kSeveral.end();
    if (size > 1) {
      found = std::lower_bound(kSeveral.begin(), kSeveral.end(), character,
                               [](const Mapping& mapping, std::string_view wanted) { return mapping.first < wanted; });
    }
    out += found != kSeveral.end() && found->first == character ? found->second : character;
    at += size;
  }
  return out;
}

std::string before_lower(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = size_at(text, at);
    const std::string_view character = text.substr(at, size);
    if (character == "\u0130") {
      out += "i\u0307";
    } else if (character == kSigma && cased_before(text.substr(0, at)) && !cased_behind(text.substr(at + size))) {
      out += kFinalSigma;
    } else {
      out += character;
    }
    at += size;
  }
  return out;
}

}  // namespace rocketlink::planner::functions
