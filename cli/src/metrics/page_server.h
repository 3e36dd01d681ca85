#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace rocketlink::metrics {

/// Answers GET of one path over HTTP with a text that is made anew each time. A connection takes one request. They are
/// served side by side on one thread of this object's: one that sends half a request, nothing, or reads nothing keeps
/// no other waiting; it is closed after a while, and when there are many, the oldest is.
class PageServer {
 public:
  struct Page {
    std::string path;
    std::string content_type;
    std::function<std::string()> text;  ///< called on the server's thread
  };

  /// Listens from then on. std::system_error where nobody can.
  PageServer(const std::string& host, const std::string& port, Page page);
  ~PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  /// The one that was found where 0 was asked for.
  [[nodiscard]] std::uint16_t port() const;

 private:
  class Listener;
  std::unique_ptr<Listener> listener_;
};

}  // namespace rocketlink::metrics
