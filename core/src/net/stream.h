#pragma once

#include <asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "net/tls.h"
#include "rocketlink/result.h"

namespace rocketlink::net {

using Endpoint = asio::ip::tcp::endpoint;

/// Bytes to and from one server. Loop thread only. Every handler is called once, never from within the call that was
/// given it; after `close` with an error. The stream lives on by itself until its handlers have run.
class Stream {
 public:
  using Done = std::function<void(const std::error_code&)>;
  using Transferred = std::function<void(const std::error_code&, std::size_t)>;

  Stream() = default;
  virtual ~Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// May be called again when it failed.
  virtual void connect(const Endpoint& endpoint, Done connected) = 0;
  /// Of TLS, as it was given to the loop; `host` is whom the certificate must name.
  virtual void handshake(const std::string& host, Done done) = 0;
  /// Some bytes into `room`, which must live until then, also after `close`; asio::error::eof at the end.
  virtual void read_some(std::span<std::uint8_t> room, Transferred read) = 0;
  /// All of the buffers, whose bytes must live until then. One write at a time.
  virtual void write(const std::vector<std::string_view>& buffers, Done written) = 0;
  /// How many bytes that were written the other machine has acknowledged since it was connected, or fewer.
  [[nodiscard]] virtual std::uint64_t acknowledged() = 0;
  virtual void close() = 0;
  /// Whether the error is one of TLS, and why it came, for a person.
  [[nodiscard]] virtual bool is_tls(const std::error_code& error) const = 0;
  [[nodiscard]] virtual Error explain_tls(const std::error_code& error) = 0;
};

}  // namespace rocketlink::net
