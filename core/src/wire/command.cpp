#include "wire/command.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "wire/bytes.h"

namespace rocketlink::wire {

namespace {

constexpr std::uint8_t kJson = 0;
constexpr std::uint8_t kBinary = 1;
constexpr std::size_t kPrefixBytes = 8;

Error bad_header(std::string_view what) {
  return {ErrorCode::kProtocol, fmt::format("damaged frame header: {}", what), true};
}

std::string too_many_ext_fields() {
  return fmt::format("more than {} ext fields", kMaxExtFields);
}

template <std::integral T>
bool fits(std::int64_t value) {
  return value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max();
}

std::optional<std::int64_t> parse_int(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Fills a Header from a JSON header as it is parsed. Members that are not known are skipped, however deep.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit HeaderReader(Header& header) : header_(header) {}

  [[nodiscard]] const std::string& failure() const { return failure_; }

  bool null() override { return true; }
  bool boolean(bool value) override { return in_ext() ? ext(value ? "true" : "false") : scalar(); }
  bool number_integer(number_integer_t value) override { return number(value); }
  bool number_unsigned(number_unsigned_t value) override {
    if (in_ext()) return ext(std::to_string(value));
    if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max())) {
      return target() ? fail(fmt::format("member '{}' is out of range", member_)) : scalar();
    }
    return number(static_cast<std::int64_t>(value));
  }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    if (in_ext()) return ext(text);
    return target() ? fail(fmt::format("member '{}' is no integer", member_)) : scalar();
  }
  bool string(string_t& value) override {
    if (in_ext()) return ext(value);
    if (depth_ == 1 && member_ == "remark") {
      header_.remark = std::move(value);
      return true;
    }
    return target() ? fail(fmt::format("member '{}' is no integer", member_)) : scalar();
  }
  bool binary(binary_t& /*value*/) override { return fail("binary data"); }
  bool start_object(std::size_t /*elements*/) override {
    if (depth_ == 1 && member_ == "extFields") in_ext_fields_ = true;
    return open();
  }
  bool key(string_t& name) override {
    if (in_ext()) {
      ext_name_ = std::move(name);
    } else if (depth_ == 1) {
      member_ = std::move(name);
    }
    return true;
  }
  bool end_object() override {
    if (in_ext()) in_ext_fields_ = false;
    --depth_;
    return true;
  }
  bool start_array(std::size_t /*elements*/) override { return open(); }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& /*error*/) override {
    return fail(fmt::format("no JSON at byte {}", position));
  }

 private:
  [[nodiscard]] bool in_ext() const { return in_ext_fields_ && depth_ == 2; }
  bool fail(std::string reason) {
    failure_ = std::move(reason);
    return false;
  }
  bool open() {
    if (in_ext_fields_ && depth_ >= 2) return fail(fmt::format("ext field '{}' is no plain value", ext_name_));
    if (depth_ == 0) {
      ++depth_;
      return true;
    }
    if (depth_ == 1 && (target() || member_ == "remark")) {
      return fail(fmt::format("member '{}' is no plain value", member_));
    }
    ++depth_;
    return true;
  }
  /// A value that nobody wants; the outermost value must be an object.
  bool scalar() { return depth_ > 0 || fail("no JSON object"); }
  bool ext(std::string_view value) {
    if (header_.ext.entries().size() == kMaxExtFields) return fail(too_many_ext_fields());
    header_.ext.set(ext_name_, value);
    return true;
  }
  [[nodiscard]] std::int32_t* target() {
    if (depth_ != 1) return nullptr;
    if (member_ == "code") return &header_.code;
    if (member_ == "opaque") return &header_.opaque;
    if (member_ == "flag") return &header_.flag;
    if (member_ == "version") return &header_.version;
    return nullptr;
  }
  bool number(std::int64_t value) {
    if (in_ext()) return ext(std::to_string(value));
    std::int32_t* const wanted = target();
    if (wanted == nullptr) return scalar();
    if (!fits<std::int32_t>(value)) return fail(fmt::format("member '{}' is out of range", member_));
    *wanted = static_cast<std::int32_t>(value);
    return true;
  }

  Header& header_;
  std::size_t depth_ = 0;
  bool in_ext_fields_ = false;
  std::string member_;
  std::string ext_name_;
  std::string failure_;
};

Result<Header> decode_json(std::string_view bytes) {
  if (const auto first = bytes.find_first_not_of(" \t\r\n"); first == std::string_view::npos || bytes[first] != '{') {
    return bad_header("no JSON object");
  }
  Header header;
  HeaderReader reader(header);
  if (!nlohmann::json::sax_parse(bytes.begin(), bytes.end(), &reader)) return bad_header(reader.failure());
  return header;
}

Result<Header> decode_binary(std::string_view bytes) {
  ByteReader reader(bytes);
  std::int16_t code = 0;
  std::uint8_t language = 0;
  std::int16_t version = 0;
  std::int32_t remark_bytes = 0;
  std::int32_t ext_bytes = 0;
  std::string_view remark;
  std::string_view block;
  Header header;
  if (!reader.take(code) || !reader.take(language) || !reader.take(version) || !reader.take(header.opaque) ||
      !reader.take(header.flag) || !reader.take(remark_bytes)) {
    return bad_header("it ends within its fixed fields");
  }
  if (!reader.take_bytes(remark_bytes, remark)) return bad_header(fmt::format("a remark of {} bytes", remark_bytes));
  if (!reader.take(ext_bytes)) return bad_header("it ends before its ext fields");
  if (!reader.take_bytes(ext_bytes, block)) return bad_header(fmt::format("ext fields of {} bytes", ext_bytes));
  if (!reader.empty()) return bad_header(fmt::format("{} bytes behind the ext fields", reader.rest().size()));
  header.code = code;
  header.version = version;
  header.remark = remark;
  ByteReader entries(block);
  while (!entries.empty()) {
    std::int16_t name_bytes = 0;
    std::int32_t value_bytes = 0;
    std::string_view name;
    std::string_view value;
    if (!entries.take(name_bytes) || !entries.take_bytes(name_bytes, name) || !entries.take(value_bytes) ||
        !entries.take_bytes(value_bytes, value)) {
      return bad_header("an ext field is longer than their block");
    }
    if (header.ext.entries().size() == kMaxExtFields) return bad_header(too_many_ext_fields());
    if (!name.empty() && !value.empty()) header.ext.set(name, value);
  }
  return header;
}

/// Sets the two leading words over the header that was appended from `begin` + kPrefixBytes on.
Status finish_head(std::string& out, std::size_t begin, std::uint8_t serialize_type, std::size_t body_bytes) {
  const std::size_t header_bytes = out.size() - begin - kPrefixBytes;
  if (body_bytes > kMaxFrameBytes || kPrefixBytes + header_bytes + body_bytes > kMaxFrameBytes) {
    out.resize(begin);
    return Error(ErrorCode::kTooLarge, fmt::format("a frame of {} header and {} body bytes is over the limit of {}",
                                                   header_bytes, body_bytes, kMaxFrameBytes));
  }
  const auto length = to_big_endian(static_cast<std::uint32_t>(4 + header_bytes + body_bytes));
  const auto word =
      to_big_endian(static_cast<std::uint32_t>(serialize_type) << 24 | static_cast<std::uint32_t>(header_bytes));
  std::memcpy(out.data() + begin, &length, 4);
  std::memcpy(out.data() + begin + 4, &word, 4);
  return {};
}

bool fits_binary(const Header& header) {
  if (!fits<std::int16_t>(header.code) || !fits<std::int16_t>(header.version)) return false;
  for (const auto& [name, value] : header.ext.entries()) {
    if (name.size() > static_cast<std::size_t>(std::numeric_limits<std::int16_t>::max())) return false;
  }
  return true;
}

}  // namespace

void ExtFields::set(std::string_view name, std::string_view value) {
  entries_.emplace_back(name, value);
}

void ExtFields::set(std::string_view name, std::int64_t value) {
  entries_.emplace_back(name, std::to_string(value));
}

void ExtFields::replace(std::string_view name, std::string_view value) {
  for (auto& [known, old] : entries_) {
    if (known == name) old = value;
  }
}

std::optional<std::string_view> ExtFields::find(std::string_view name) const {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (entry->first == name) return entry->second;
  }
  return std::nullopt;
}

std::optional<std::int64_t> ExtFields::find_int(std::string_view name) const {
  const auto text = find(name);
  return text ? parse_int(*text) : std::nullopt;
}

Result<FrameLayout> parse_frame_layout(std::span<const std::uint8_t, 8> first) {
  const auto* bytes = reinterpret_cast<const char*>(first.data());
  const auto length = load<std::int32_t>(bytes);
  const auto word = load<std::uint32_t>(bytes + 4);
  FrameLayout layout;
  layout.serialize_type = static_cast<std::uint8_t>(word >> 24);
  layout.header_bytes = word & 0xFFFFFF;
  if (length < 4 || static_cast<std::size_t>(length) + 4 > kMaxFrameBytes) {
    return Error(ErrorCode::kProtocol,
                 fmt::format("a frame announces {} bytes; 4 to {} are allowed (is this a RocketMQ remoting port?)",
                             length, kMaxFrameBytes - 4),
                 true);
  }
  layout.total = static_cast<std::size_t>(length) + 4;
  if (layout.serialize_type != kJson && layout.serialize_type != kBinary) {
    return Error(ErrorCode::kProtocol, fmt::format("a frame header of unknown encoding {}", layout.serialize_type),
                 true);
  }
  if (layout.body_offset() > layout.total) {
    return Error(ErrorCode::kProtocol,
                 fmt::format("a frame of {} bytes announces a header of {}", layout.total, layout.header_bytes), true);
  }
  return layout;
}

Result<Header> decode_header(std::uint8_t serialize_type, std::string_view bytes) {
  switch (serialize_type) {
    case kJson:
      return decode_json(bytes);
    case kBinary:
      return decode_binary(bytes);
    default:
      return bad_header(fmt::format("unknown encoding {}", serialize_type));
  }
}

Status encode_frame_head(const Header& header, std::size_t body_bytes, std::string& out) {
  if (!fits_binary(header)) return encode_frame_head_json(header, body_bytes, out);
  const std::size_t begin = out.size();
  out.append(kPrefixBytes, '\0');
  append(out, static_cast<std::int16_t>(header.code));
  append(out, kLanguageCpp);
  append(out, static_cast<std::int16_t>(header.version));
  append(out, header.opaque);
  append(out, header.flag);
  append(out, static_cast<std::uint32_t>(header.remark.size()));
  out += header.remark;
  const std::size_t block = out.size();
  append(out, std::uint32_t{0});
  for (const auto& [name, value] : header.ext.entries()) {
    append(out, static_cast<std::int16_t>(name.size()));
    out += name;
    append(out, static_cast<std::uint32_t>(value.size()));
    out += value;
  }
  const auto block_bytes = to_big_endian(static_cast<std::uint32_t>(out.size() - block - 4));
  std::memcpy(out.data() + block, &block_bytes, 4);
  return finish_head(out, begin, kBinary, body_bytes);
}

Status encode_frame_head_json(const Header& header, std::size_t body_bytes, std::string& out) {
  nlohmann::json json = {{"code", header.code},     {"language", "CPP"},   {"version", header.version},
                         {"opaque", header.opaque}, {"flag", header.flag}, {"serializeTypeCurrentRPC", "JSON"}};
  if (!header.remark.empty()) json["remark"] = header.remark;
  auto& ext = json["extFields"] = nlohmann::json::object();
  for (const auto& [name, value] : header.ext.entries()) ext[name] = value;
  const std::size_t begin = out.size();
  out.append(kPrefixBytes, '\0');
  out += base::json_text(json);
  return finish_head(out, begin, kJson, body_bytes);
}

}  // namespace rocketlink::wire
