#include "metrics/page_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <system_error>
#include <vector>

namespace {

using namespace rocketlink::metrics;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A connection to a port of this machine, whose answers come within five seconds or are none: half of the time after
/// which the server gives others up.
class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    const timeval patience{5, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }
  ~Connection() { close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(std::string_view text) const {
    EXPECT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  /// All up to the end.
  [[nodiscard]] std::string answer() const {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
      const ssize_t size = recv(socket_, buffer.data(), buffer.size(), 0);
      if (size < 0) return "nothing, after " + text;
      if (size == 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }

 private:
  int socket_;
};

class PageServerTest : public testing::Test {
 protected:
  [[nodiscard]] std::string ask(std::string_view request) const {
    const Connection connection(server.port());
    connection.send(request);
    return connection.answer();
  }

  int made = 0;
  PageServer server{"127.0.0.1", "0", {"/metrics", "text/plain", [this] { return "page " + std::to_string(++made); }}};
};

TEST_F(PageServerTest, AnswersWithANewPageEachTime) {
  EXPECT_THAT(ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Content-Type: text/plain\r\n"),
                    HasSubstr("Content-Length: 6\r\n"), EndsWith("\r\n\r\npage 1")));
  EXPECT_THAT(ask("GET /metrics?name[]=a HTTP/1.0\r\n\r\n"), EndsWith("page 2"));
  EXPECT_THAT(ask("HEAD /metrics HTTP/1.1\r\n\r\n"), AllOf(HasSubstr("Content-Length: 6\r\n"), EndsWith("\r\n\r\n")));
}

TEST_F(PageServerTest, RefusesAllElse) {
  EXPECT_THAT(ask("GET / HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask("POST /metrics HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(ask("\r\n\r\n"), StartsWith("HTTP/1.1 405 "));
  EXPECT_EQ(made, 0);
}

TEST_F(PageServerTest, HalfARequestAndIdleConnectionsKeepNobodyWaiting) {
  const Connection half(server.port());
  half.send("GET /metrics HT");
  std::vector<std::unique_ptr<Connection>> idle;
  for (int i = 0; i < 50; ++i) idle.push_back(std::make_unique<Connection>(server.port()));
  EXPECT_THAT(ask("GET /metrics HTTP/1.1\r\n\r\n"), EndsWith("page 1"));
  half.send("TP/1.1\r\n\r\n");
  EXPECT_THAT(half.answer(), EndsWith("page 2")) << "it was only slow";
}

TEST_F(PageServerTest, OfManyIdleConnectionsTheOldestIsClosed) {
  std::vector<std::unique_ptr<Connection>> idle;
  for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<Connection>(server.port()));
  EXPECT_THAT(ask("GET /metrics HTTP/1.1\r\n\r\n"), EndsWith("page 1"));
  EXPECT_EQ(idle.front()->answer(), "");
}

TEST_F(PageServerTest, ARequestWithoutEndIsCutOff) {
  const Connection connection(server.port());
  connection.send(std::string(15'000, 'x'));
  connection.send(std::string(2'000, 'x'));
  EXPECT_THAT(connection.answer(), testing::Not(HasSubstr("200")));
}

TEST_F(PageServerTest, APortThatIsTakenIsAnError) {
  EXPECT_THROW(PageServer("127.0.0.1", std::to_string(server.port()), {"/", "text/plain", [] { return ""; }}),
               std::system_error);
}

}  // namespace
