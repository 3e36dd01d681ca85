#include "rocketlink/row/charset.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "rocketlink/row/utf8.h"

namespace rocketlink::row {
namespace {

class Converter {
 public:
  Converter() = default;
  Converter(const std::string& to, const std::string& from) : handle_(iconv_open(to.c_str(), from.c_str())) {}
  Converter(Converter&& other) noexcept : handle_(std::exchange(other.handle_, none())) {}
  Converter& operator=(Converter&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Converter() {
    if (ok()) iconv_close(handle_);
  }

  [[nodiscard]] bool ok() const { return handle_ != none(); }

  void reset() { iconv(handle_, nullptr, nullptr, nullptr, nullptr); }

  // Converts from the front of `in`, which is advanced, and appends to `out`. 0 when all is done, else EILSEQ or EINVAL
  // of iconv.
  int convert(std::string_view& in, std::string& out) {
    std::array<char, 4096> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by iconv
    for (;;) {
      char* from = const_cast<char*>(in.data());  // NOLINT: iconv's signature; it does not write there
      std::size_t from_left = in.size();
      char* to = buffer.data();
      std::size_t to_left = buffer.size();
      const std::size_t rc = iconv(handle_, &from, &from_left, &to, &to_left);
      const int error = rc == static_cast<std::size_t>(-1) ? errno : 0;
      out.append(buffer.data(), buffer.size() - to_left);
      in.remove_prefix(in.size() - from_left);
      if (error != E2BIG) return error;
    }
  }

  // Ends a stateful encoding's shift sequence and begins anew.
  void finish(std::string& out) {
    std::array<char, 64> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by iconv
    char* to = buffer.data();
    std::size_t to_left = buffer.size();
    iconv(handle_, nullptr, nullptr, &to, &to_left);
    out.append(buffer.data(), buffer.size() - to_left);
  }

 private:
  static iconv_t none() { return reinterpret_cast<iconv_t>(-1); }  // NOLINT: what iconv_open gives on failure
  iconv_t handle_ = none();
};

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

// iconv's names for a name of IANA or Java, most likely first.
std::array<std::string, 2> platform_names(std::string_view name) {
  std::string plain = upper(name);
  std::string other = plain;
  std::replace(other.begin(), other.end(), '_', '-');
  for (const std::string_view prefix : {"X-WINDOWS-", "WINDOWS-", "X-MS", "MS", "IBM-", "CP-"}) {
    if (other.starts_with(prefix) && other.size() > prefix.size()) {
      other = "CP" + other.substr(prefix.size());
      break;
    }
  }
  if (other == "CP31J") other = "CP932";
  if (other.starts_with("X-")) other.erase(0, 2);
  if (other.starts_with("ISO8859-")) other.insert(3, "-");
  return {std::move(plain), std::move(other)};
}

bool is_charset_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.:+").find(c) != std::string_view::npos;
  });
}

enum class Mark : std::uint8_t { kNone, kUtf16, kUtf32 };

}  // namespace

struct Charset::State {
  bool utf8 = false;
  bool ascii_superset = false;
  std::size_t unit = 1;        // what is skipped after malformed input at least
  bool little_endian = false;  // of UTF-16 without a mark
  bool double_byte = false;    // East Asian: a lead byte and a trail byte
  bool yen_sign = false;       // the platform reads 0x5C and 0x7E as yen sign and overline, Java as ASCII
  Mark mark = Mark::kNone;     // a byte order mark tells the order
  Converter decoder;
  Converter little_decoder;  // with a mark only
  Converter encoder;
  std::string unmappable;  // `?` in this charset
};

namespace {

bool keeps_ascii(Converter& decoder) {
  for (int c = 0; c < 128; ++c) {
    const char byte = static_cast<char>(c);
    std::string_view in(&byte, 1);
    std::string out;
    decoder.reset();
    if (decoder.convert(in, out) != 0 || out.size() != 1 || out[0] != byte) return false;
  }
  decoder.reset();
  return true;
}

bool has_double_bytes(std::string_view name) {
  for (const std::string_view part :
       {"GB", "BIG5", "EUC", "SJIS", "SHIFT", "CP932", "CP936", "CP949", "CP950", "UHC", "JOHAB", "KSC", "KS_C"}) {
    if (name.find(part) != std::string_view::npos) return true;
  }
  return false;
}

constexpr std::string_view kYenSign = "\xC2\xA5";
constexpr std::string_view kOverline = "\xE2\x80\xBE";

bool reads_yen_sign(Converter& decoder) {
  std::string_view in = "\\~";
  std::string out;
  decoder.reset();
  return decoder.convert(in, out) == 0 && out == fmt::format("{}{}", kYenSign, kOverline);
}

void replace_all(std::string& text, std::string_view from, char to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
    text.replace(at, from.size(), 1, to);
  }
}

// How many bytes at the front of `bytes`, where conversion stopped, become one U+FFFD.
std::size_t malformed_length(std::string_view bytes, std::size_t unit, bool little_endian, bool double_byte) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() < 2) return bytes.size();
  // The first half of a surrogate pair takes the unit behind it along, which is no second half.
  if (unit == 2 && (byte(little_endian ? 1 : 0) & 0xFCU) == 0xD8) return std::min<std::size_t>(4, bytes.size());
  // A trail byte that can begin nothing itself goes with its lead byte.
  if (double_byte && (byte(1) == 0x80 || byte(1) == 0xFF)) return 2;
  return std::min(unit, bytes.size());
}

// Drops a byte order mark; true when it says little-endian.
bool take_mark(Mark mark, std::string_view& bytes) {
  using namespace std::string_view_literals;
  const std::string_view big = mark == Mark::kUtf16 ? "\xFE\xFF"sv : "\0\0\xFE\xFF"sv;
  const std::string_view little = mark == Mark::kUtf16 ? "\xFF\xFE"sv : "\xFF\xFE\0\0"sv;
  const bool is_little = bytes.starts_with(little);
  if (is_little || bytes.starts_with(big)) bytes.remove_prefix(big.size());
  return is_little;
}

}  // namespace

Charset::Charset(std::unique_ptr<State> state) : state_(std::move(state)) {}
Charset::Charset(Charset&&) noexcept = default;
Charset& Charset::operator=(Charset&&) noexcept = default;
Charset::~Charset() = default;

bool Charset::is_utf8() const {
  return state_->utf8;
}

Result<Charset> Charset::find(std::string_view name) {
  auto state = std::make_unique<State>();
  const Error unknown(ErrorCode::kInvalidArgument, fmt::format("unknown charset '{}' (allowed: {})", name, kAllowed));
  if (!is_charset_name(name)) return unknown;
  const auto names = platform_names(name);
  if (names[0] == "UTF-8" || names[0] == "UTF8") {
    state->utf8 = true;
    state->ascii_superset = true;
    state->unmappable = "?";
    return Charset(std::move(state));
  }
  for (const std::string& candidate : names) {
    std::string base = candidate;
    if (base == "UTF-16" || base == "UTF16") {
      state->mark = Mark::kUtf16;
      base = "UTF-16BE";
      state->little_decoder = Converter("UTF-8", "UTF-16LE");
    } else if (base == "UTF-32" || base == "UTF32") {
      state->mark = Mark::kUtf32;
      base = "UTF-32BE";
      state->little_decoder = Converter("UTF-8", "UTF-32LE");
    }
    if (base.starts_with("UTF-16")) state->unit = 2;
    state->little_endian = base.ends_with("LE");
    if (base.starts_with("UTF-32")) state->unit = 4;
    state->decoder = Converter("UTF-8", base);
    state->encoder = Converter(base, "UTF-8");
    if (!state->decoder.ok() || !state->encoder.ok()) continue;
    state->double_byte = has_double_bytes(base);
    state->yen_sign = reads_yen_sign(state->decoder);
    state->ascii_superset = keeps_ascii(state->decoder);
    std::string_view question = "?";
    state->encoder.convert(question, state->unmappable);
    state->encoder.reset();
    return Charset(std::move(state));
  }
  return unknown;
}

std::string_view Charset::to_utf8(std::string_view bytes, std::string& scratch) {
  State& state = *state_;
  if (state.utf8) {
    if (rocketlink::row::is_utf8(bytes)) return bytes;
    replace_invalid_utf8(bytes, scratch);
    return scratch;
  }
  if (state.ascii_superset && is_ascii(bytes)) return bytes;
  scratch.clear();
  const bool little = state.mark != Mark::kNone && take_mark(state.mark, bytes);
  Converter& decoder = little ? state.little_decoder : state.decoder;
  decoder.reset();
  for (;;) {
    const int error = decoder.convert(bytes, scratch);
    if (error == 0) break;
    scratch.append(kReplacement);
    if (error == EINVAL) break;  // cut off at the end
    bytes.remove_prefix(malformed_length(bytes, state.unit, little || state.little_endian, state.double_byte));
  }
  decoder.finish(scratch);
  if (state.yen_sign) {
    replace_all(scratch, kYenSign, '\\');
    replace_all(scratch, kOverline, '~');
  }
  return scratch;
}

std::size_t Charset::append_from_utf8(std::string_view text, bool at_start, std::string& out) {
  using namespace std::string_view_literals;
  State& state = *state_;
  if (state.utf8 || (state.ascii_superset && is_ascii(text))) {
    out.append(text);
    return 0;
  }
  if (at_start && state.mark == Mark::kUtf16) out.append("\xFE\xFF"sv);
  if (at_start && state.mark == Mark::kUtf32) out.append("\0\0\xFE\xFF"sv);
  if (!state.yen_sign) return append_converted(text, out);
  std::size_t lost = 0;
  for (;;) {
    const auto ascii = std::min(text.find_first_of("\\~"), text.size());
    lost += append_converted(text.substr(0, ascii), out);
    if (ascii == text.size()) return lost;
    out.push_back(text[ascii]);
    text.remove_prefix(ascii + 1);
  }
}

std::size_t Charset::append_converted(std::string_view text, std::string& out) {
  State& state = *state_;
  std::size_t lost = 0;
  state.encoder.reset();
  while (state.encoder.convert(text, out) != 0) {
    ++lost;
    state.encoder.finish(out);
    out.append(state.unmappable);
    // Over the whole character that could not be written.
    std::size_t skip = 1;
    while (skip < text.size() && (static_cast<unsigned char>(text[skip]) & 0xC0U) == 0x80) ++skip;
    text.remove_prefix(std::min(skip, text.size()));
  }
  state.encoder.finish(out);
  return lost;
}

}  // namespace rocketlink::row
