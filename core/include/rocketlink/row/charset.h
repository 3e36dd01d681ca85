#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "rocketlink/result.h"

namespace rocketlink::row {

/// A character encoding by its IANA or Java name (`UTF-8`, `GBK`, `UTF-16LE`, `UTF-16`, `ISO-8859-1`, `windows-1252`,
/// `Shift_JIS`, …), as far as the platform's iconv knows it. Converts to and from UTF-8 with Java's replacements. Not
/// for two threads at a time.
class Charset {
 public:
  /// Which names there are, for people.
  static constexpr std::string_view kAllowed =
      "charsets of the system's iconv (see 'iconv --list'; on RHEL most are in the package glibc-gconv-extra), such as "
      "UTF-8, GBK, GB18030, UTF-16LE, ISO-8859-1";

  /// kInvalidArgument when the name is unknown here.
  static Result<Charset> find(std::string_view name);

  Charset(Charset&&) noexcept;
  Charset& operator=(Charset&&) noexcept;
  ~Charset();

  [[nodiscard]] bool is_utf8() const;

  /// The UTF-8 of `bytes`: a view of `bytes` itself where that already is it, else of `scratch`, whose content is
  /// replaced. What is malformed in this charset becomes U+FFFD. `bytes` must not point into `scratch`.
  [[nodiscard]] std::string_view to_utf8(std::string_view bytes, std::string& scratch);

  /// Appends UTF-8 `text` in this charset to `out`. Characters that the charset lacks become `?`, as Java's encoder has
  /// it; gives their number. UTF-16 and UTF-32 begin `out` with a byte order mark and are big-endian, as in Java, when
  /// `at_start` is true.
  std::size_t append_from_utf8(std::string_view text, bool at_start, std::string& out);

 private:
  struct State;
  explicit Charset(std::unique_ptr<State> state);
  std::size_t append_converted(std::string_view text, std::string& out);
  std::unique_ptr<State> state_;
};

}  // namespace rocketlink::row
