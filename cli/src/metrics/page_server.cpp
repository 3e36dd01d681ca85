#include "metrics/page_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read_until.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <chrono>
#include <list>
#include <string_view>
#include <thread>
#include <utility>

namespace rocketlink::metrics {

namespace {

using asio::ip::tcp;

constexpr std::chrono::seconds kPatience{10};  ///< with a request, and with who reads its answer; then it is closed
/// Until it accepts again, when the process has no descriptor left.
constexpr std::chrono::milliseconds kPauseForNumbers{100};
constexpr std::size_t kMostRequestBytes = 16 * 1024;  ///< a longer one is closed
constexpr std::size_t kMostConnections = 64;          ///< with more, the oldest is closed

tcp::endpoint resolved(asio::io_context& context, const std::string& host, const std::string& port) {
  const bool v6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
  return *tcp::resolver(context)
              .resolve(v6 ? host.substr(1, host.size() - 2) : host, port, tcp::resolver::passive)
              .begin();
}

std::string answer_to(std::string_view request, const PageServer::Page& page) {
  const std::string_view line = request.substr(0, request.find("\r\n"));
  const std::string_view method = line.substr(0, line.find(' '));
  std::string_view path = line.substr(std::min(method.size() + 1, line.size()));
  path = path.substr(0, path.find_first_of(" ?"));
  const bool head = method == "HEAD";
  std::string_view status = "200 OK";
  std::string text;
  if (method != "GET" && !head) {
    status = "405 Method Not Allowed";
  } else if (path != page.path) {
    status = "404 Not Found";
  } else {
    text = page.text();
  }
  std::string answer = fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                                   status, page.content_type, text.size());
  if (!head) answer += text;
  return answer;
}

}  // namespace

class PageServer::Listener {
 public:
  Listener(const std::string& host, const std::string& port, Page page)
      : page_(std::move(page)), acceptor_(context_, resolved(context_, host, port)), pause_(context_) {
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Listener() {
    context_.stop();
    thread_.join();
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  struct Connection {
    explicit Connection(tcp::socket accepted) : socket(std::move(accepted)), patience(socket.get_executor()) {}
    tcp::socket socket;
    asio::steady_timer patience;
    std::string request;
    std::string answer;
  };
  using Connections = std::list<std::shared_ptr<Connection>>;

  void accept() {
    acceptor_.async_accept([this](std::error_code error, tcp::socket socket) {
      if (!error) {
        serve(std::move(socket));
        return accept();
      }
      drop_oldest();
      pause_.expires_after(kPauseForNumbers);
      pause_.async_wait([this](std::error_code) { accept(); });
    });
  }

  void serve(tcp::socket socket) {
    if (connections_.size() >= kMostConnections) drop_oldest();
    const auto connection = std::make_shared<Connection>(std::move(socket));
    const auto place = connections_.insert(connections_.end(), connection);
    connection->patience.expires_after(kPatience);
    connection->patience.async_wait([connection](std::error_code error) {
      if (!error) close(*connection);
    });
    asio::async_read_until(connection->socket, asio::dynamic_buffer(connection->request, kMostRequestBytes), "\r\n\r\n",
                           [this, connection, place](std::error_code error, std::size_t) {
                             if (error) return forget(place);
                             answer(connection, place);
                           });
  }

  void answer(const std::shared_ptr<Connection>& connection, Connections::iterator place) {
    connection->answer = answer_to(connection->request, page_);
    asio::async_write(connection->socket, asio::buffer(connection->answer),
                      [this, connection, place](std::error_code, std::size_t) { forget(place); });
  }

  /// Ends what is under way on it, which then forgets it.
  static void close(Connection& connection) {
    std::error_code ignored;
    connection.socket.close(ignored);
  }
  void forget(Connections::iterator place) {
    (*place)->patience.cancel();
    close(**place);
    connections_.erase(place);
  }
  void drop_oldest() {
    for (const auto& connection : connections_) {
      if (!connection->socket.is_open()) continue;  // dropped already
      return close(*connection);
    }
  }

  asio::io_context context_{1};
  Page page_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  Connections connections_;  ///< the oldest first
  std::thread thread_;
};

PageServer::PageServer(const std::string& host, const std::string& port, Page page)
    : listener_(std::make_unique<Listener>(host, port, std::move(page))) {}

PageServer::~PageServer() = default;

std::uint16_t PageServer::port() const {
  return listener_->port();
}

}  // namespace rocketlink::metrics
