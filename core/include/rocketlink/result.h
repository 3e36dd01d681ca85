#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace rocketlink {

/// Codes of our own, all negative; a positive code is the broker's own response code (0 never stands in an Error).
enum class ErrorCode : std::int32_t {
  kInternal = -1,          ///< a defect of ours
  kInvalidArgument = -2,   ///< an option, statement or argument that cannot be used
  kTimeout = -3,           ///< no answer within the deadline; the outcome is unknown
  kDisconnected = -4,      ///< the connection failed or was closed before the answer came
  kProtocol = -5,          ///< the peer sent bytes that do not follow the protocol
  kClosed = -6,            ///< the object was closed; nothing more will happen
  kNotFound = -7,          ///< topic, queue, group or column does not exist
  kData = -8,              ///< a message or row that cannot be converted
  kOffsetOutOfRange = -9,  ///< the offset to read from is no longer (or not yet) there
  kUnsupported = -10,      ///< known, but not done by this engine or broker
  kTooLarge = -11,         ///< over a limit of the broker
  kIo = -12,               ///< a local file or stream failed
  kUntrusted = -13,        ///< TLS: one side does not trust the other, or does not speak it
};

/// Why something did not work. `text` is for a person: what, where, the value, and how to mend it; never a secret.
struct Error {
  std::int32_t code = static_cast<std::int32_t>(ErrorCode::kInternal);
  std::string text;
  bool retriable = false;  ///< the same call may succeed later
  bool fatal = false;      ///< the object that gave it is of no more use

  Error() = default;
  Error(ErrorCode code_in, std::string text_in, bool retriable_in = false)
      : code(static_cast<std::int32_t>(code_in)), text(std::move(text_in)), retriable(retriable_in) {}
  Error(std::int32_t broker_code, std::string text_in, bool retriable_in)
      : code(broker_code), text(std::move(text_in)), retriable(retriable_in) {}

  [[nodiscard]] bool is(ErrorCode c) const { return code == static_cast<std::int32_t>(c); }
  /// Only the time given to the call is over. A fatal kTimeout is why its object has failed, and comes at once for
  /// ever.
  [[nodiscard]] bool timed_out() const { return is(ErrorCode::kTimeout) && !fatal; }
};

/// A value or an Error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const& { return std::get<1>(state_); }
  [[nodiscard]] Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

/// Success or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const& { return *error_; }
  [[nodiscard]] Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace rocketlink
