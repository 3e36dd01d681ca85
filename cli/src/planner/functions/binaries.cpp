#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <map>

#include "planner/functions/functions.h"
#include "rocketlink/row/charset.h"
#include "rocketlink/row/utf8.h"

/// Hashes, encodings and other functions on bytes.
namespace rocketlink::planner::functions {
namespace {

std::string hex_of(std::string_view bytes, bool upper) {
  const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 0xF];
  }
  return out;
}

std::string digest(std::string_view text, const EVP_MD* algorithm) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), out.data(), &size, algorithm, nullptr);
  return hex_of({reinterpret_cast<const char*>(out.data()), size}, false);
}
std::string md5(Call&, std::string_view text) {
  return digest(text, EVP_md5());
}
std::string sha1(Call&, std::string_view text) {
  return digest(text, EVP_sha1());
}
std::string sha224(Call&, std::string_view text) {
  return digest(text, EVP_sha224());
}
std::string sha256(Call&, std::string_view text) {
  return digest(text, EVP_sha256());
}
std::string sha384(Call&, std::string_view text) {
  return digest(text, EVP_sha384());
}
std::string sha512(Call&, std::string_view text) {
  return digest(text, EVP_sha512());
}
std::string sha2(Call& call, std::string_view text, std::int32_t bits) {
  switch (bits) {
    case 224:
      return digest(text, EVP_sha224());
    case 256:
      return digest(text, EVP_sha256());
    case 384:
      return digest(text, EVP_sha384());
    case 512:
      return digest(text, EVP_sha512());
    default:
      call.fail(fmt::format("SHA2 knows 224, 256, 384 and 512 bits, not {}", bits));
      return {};
  }
}

std::string hex_text(Call&, std::string_view text) {
  return hex_of(text, true);
}
std::string hex_number(Call&, std::int64_t value) {
  return fmt::format("{:X}", static_cast<std::uint64_t>(value));
}
std::string bin(Call&, std::int64_t value) {
  return fmt::format("{:b}", static_cast<std::uint64_t>(value));
}

std::string to_base64(Call&, std::string_view text) {
  std::string out((text.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string from_base64(Call& call, std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  std::string_view digits = text;
  while (!digits.empty() && digits.back() == '=') digits.remove_suffix(1);
  bool valid = digits.size() % 4 != 1 && text.size() - digits.size() <= 2 &&
               (text.size() == digits.size() || text.size() % 4 == 0);
  for (const char c : digits) {
    int value = -1;
    if (c >= 'A' && c <= 'Z') value = c - 'A';
    if (c >= 'a' && c <= 'z') value = c - 'a' + 26;
    if (c >= '0' && c <= '9') value = c - '0' + 52;
    if (c == '+') value = 62;
    if (c == '/') value = 63;
    valid = valid && value >= 0;
    bits = (bits << 6) | static_cast<std::uint32_t>(value & 63);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>((bits >> count) & 0xFF);
    }
  }
  if (!valid) call.fail(fmt::format("FROM_BASE64 cannot read '{}'", text.substr(0, kMostQuotedBytes)));
  std::string out;
  row::replace_invalid_utf8(bytes, out);
  return out;
}

row::Charset* charset(Call& call, std::string_view name) {
  thread_local std::map<std::string, row::Charset, std::less<>> known;
  const auto found = known.find(name);
  if (found != known.end()) return &found->second;
  auto made = row::Charset::find(name);
  if (!made) {
    call.fail(made.error().text);
    return nullptr;
  }
  constexpr std::size_t kKnownCharsets = 32;  // a thread's; with more, which come from data, they are looked up anew
  if (known.size() >= kKnownCharsets) known.clear();
  return &known.emplace(std::string(name), std::move(*made)).first->second;
}
std::optional<OwnedBytes> encode(Call& call, std::string_view text, std::string_view name) {
  row::Charset* to = charset(call, name);
  if (to == nullptr) return std::nullopt;
  OwnedBytes out;
  if (!text.empty()) to->append_from_utf8(text, true, out.value);  // else not even a byte order mark
  return out;
}
std::optional<std::string> decode(Call& call, Bytes bytes, std::string_view name) {
  row::Charset* from = charset(call, name);
  if (from == nullptr) return std::nullopt;
  std::string scratch;
  return std::string(from->to_utf8(bytes.value, scratch));
}

std::string uuid(Call&) {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  std::string out = hex_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, false);
  for (const std::size_t at : {20, 16, 12, 8}) out.insert(at, "-");
  return out;
}

}  // namespace

void register_binary_functions(Registrar& registrar) {
  registrar.add<md5>("rl_md5");
  registrar.add<sha1>("rl_sha1");
  registrar.add<sha224>("rl_sha224");
  registrar.add<sha256>("rl_sha256");
  registrar.add<sha384>("rl_sha384");
  registrar.add<sha512>("rl_sha512");
  registrar.add<sha2>("rl_sha2");
  registrar.add<hex_text>("rl_hex_text");
  registrar.add<hex_number>("rl_hex_number");
  registrar.add<bin>("rl_bin");
  registrar.add<to_base64>("rl_to_base64");
  registrar.add<from_base64>("rl_from_base64");
  registrar.add<encode>("rl_encode");
  registrar.add<decode>("rl_decode");
  registrar.add<uuid>("rl_uuid", Nature::kVolatile);
}

}  // namespace rocketlink::planner::functions
