#include "net/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/write.hpp>
#include <functional>
#include <future>
#include <thread>

#include "certificates.h"
#include "net/asio_loop.h"
#include "net/rpc_client.h"
#include "wire/command.h"

namespace rocketlink::test {

namespace {

using net::Milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Serves connections one after the other on a thread of its own, by a function of the test's.
class Server {
 public:
  using Serve = std::function<void(asio::ip::tcp::socket&)>;

  explicit Server(Serve serve) : serve_(std::move(serve)), thread_([this] { run(); }) {}
  ~Server() {
    stopping_ = true;
    asio::io_context context;
    asio::ip::tcp::socket waker(context);
    asio::error_code ignored;
    waker.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::string address(const std::string& host = "127.0.0.1") const {
    return host + ":" + std::to_string(acceptor_.local_endpoint().port());
  }
  [[nodiscard]] int served() const { return served_; }

 private:
  void run() {
    while (true) {
      asio::error_code error;
      asio::ip::tcp::socket socket(context_);
      acceptor_.accept(socket, error);
      if (stopping_ || error) return;
      ++served_;
      serve_(socket);
    }
  }

  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
  Serve serve_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> served_ = 0;
  std::thread thread_;
};

struct ServerTls {
  std::string name = "server";  ///< of the certificate
  bool wants_certificate = false;
  bool only_tls12 = false;
};

class TlsRealThreads : public testing::Test {
 protected:
  TlsRealThreads() {
    certificates.make("server");
    certificates.make("client");
    tls.enabled = true;
    tls.truststore = certificates.ca();
  }

  /// Answers every request with success, and remembers what the client's hello asked for.
  Server::Serve serve(const ServerTls& how) {
    const auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    context->use_certificate_chain_file(certificates.path(how.name + ".pem"));
    context->use_private_key_file(certificates.path(how.name + ".key"), asio::ssl::context::pem);
    if (how.wants_certificate) {
      context->load_verify_file(certificates.ca());
      context->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    }
    if (how.only_tls12) SSL_CTX_set_max_proto_version(context->native_handle(), TLS1_2_VERSION);
    return [this, context](asio::ip::tcp::socket& socket) {
      asio::ssl::stream<asio::ip::tcp::socket&> stream(socket, *context);
      asio::error_code error;
      stream.handshake(asio::ssl::stream_base::server, error);
      if (error) return;
      const char* const asked = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
      server_name = asked == nullptr ? "" : asked;
      while (answer(stream)) continue;
    };
  }

  template <class Stream>
  static bool answer(Stream& stream) {
    std::array<std::uint8_t, 8> first{};
    asio::error_code error;
    asio::read(stream, asio::buffer(first), error);
    if (error) return false;
    const auto layout = wire::parse_frame_layout(first);
    std::string rest(layout->total - 8, '\0');
    asio::read(stream, asio::buffer(rest), error);
    wire::Header header =
        wire::decode_header(layout->serialize_type, std::string_view(rest).substr(0, layout->header_bytes)).value();
    header.flag = wire::kFlagResponse;
    header.code = 0;
    std::string bytes;
    const std::string body(100'000, 'x');  // more than a TLS record holds
    if (!wire::encode_frame_head(header, body.size(), bytes)) return false;
    asio::write(stream, asio::buffer(bytes + body), error);
    return !error;
  }

  /// One request, or several at the same time; the first failure.
  Result<net::Response> ask(const std::string& address, int requests = 1) {
    auto context = net::TlsContext::create(tls);
    if (!context) return std::move(context).error();
    net::RpcClient client(machine(), loop, {.tls = *context});
    std::vector<std::future<Result<net::Response>>> answers;
    for (int i = 0; i < requests; ++i) {
      auto promise = std::make_shared<std::promise<Result<net::Response>>>();
      answers.push_back(promise->get_future());
      net::Request request;
      request.code = wire::RequestCode::kGetMaxOffset;
      request.body = std::string(50'000, 'b');
      client.call(address, std::move(request), Milliseconds(5000),
                  [promise](Result<net::Response> answer) { promise->set_value(std::move(answer)); });
    }
    for (auto& answer : answers) {
      auto result = answer.get();
      if (!result || &answer == &answers.back()) return result;
    }
    return Error(ErrorCode::kInternal, "no requests");
  }
  Error failure(const std::string& address) {
    const auto answer = ask(address);
    EXPECT_FALSE(answer);
    return answer ? Error() : answer.error();
  }
  Error refused_files() {
    const auto made = net::TlsContext::create(tls);
    EXPECT_FALSE(made);
    return made ? Error() : made.error();
  }

  Certificates certificates;
  TlsOptions tls;
  std::string server_name;
  net::AsioLoop loop;
};

TEST_F(TlsRealThreads, CarriesRequestsAndAnswersOfAnySize) {
  Server server(serve({}));
  const auto answer = ask(server.address(), 20);
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->body.bytes, std::string(100'000, 'x'));
  EXPECT_EQ(server.served(), 1);
}

TEST_F(TlsRealThreads, TheServersNameGoesWithTheHello) {
  Server server(serve({}));
  ASSERT_TRUE(ask(server.address("localhost")));
  EXPECT_EQ(server_name, "localhost");
  ASSERT_TRUE(ask(server.address("127.0.0.1")));
  EXPECT_EQ(server_name, "") << "an address is no server name";
}

TEST_F(TlsRealThreads, AnotherServerNameCanBeExpected) {
  certificates.make("broker", {.names = "DNS:broker.example.com"});
  Server server(serve({.name = "broker"}));
  tls.server_name = "broker.example.com";
  const auto answer = ask(server.address());
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(server_name, "broker.example.com");
}

TEST_F(TlsRealThreads, AnUnknownCaIsNotTrusted) {
  Server server(serve({}));
  tls.truststore = certificates.path("client.pem");
  const Error error = failure(server.address());
  EXPECT_TRUE(error.is(ErrorCode::kUntrusted)) << error.text;
  EXPECT_FALSE(error.retriable);
  EXPECT_THAT(error.text, AllOf(HasSubstr(server.address()), HasSubstr("comes from a CA that is not trusted"),
                                HasSubstr("'tls.truststore'")));
}

TEST_F(TlsRealThreads, AnExpiredCertificateIsSaidToBe) {
  certificates.make("old", {.from_days = -20, .to_days = -10});
  Server server(serve({.name = "old"}));
  const Error error = failure(server.address());
  EXPECT_FALSE(error.retriable);
  EXPECT_THAT(error.text, AllOf(HasSubstr("has expired on"), HasSubstr("GMT")));
}

TEST_F(TlsRealThreads, ACertificateOfTheFutureIsSaidToBe) {
  certificates.make("young", {.from_days = 5, .to_days = 10});
  Server server(serve({.name = "young"}));
  EXPECT_THAT(failure(server.address()).text, HasSubstr("not valid yet, only from"));
}

TEST_F(TlsRealThreads, AnotherHostsCertificateIsRefusedUnlessNamesDoNotCount) {
  certificates.make("other", {.names = "DNS:mq.example.com,IP:10.1.2.3"});
  Server server(serve({.name = "other"}));
  const Error error = failure(server.address());
  EXPECT_FALSE(error.retriable);
  EXPECT_THAT(error.text, AllOf(HasSubstr("is for mq.example.com, 10.1.2.3, not for '127.0.0.1'"),
                                HasSubstr("'tls.server-name'"), HasSubstr("'tls.verify-hostname' = 'false'")));
  tls.verify_hostname = false;
  EXPECT_TRUE(ask(server.address()));
}

TEST_F(TlsRealThreads, WithoutHostNamesTheCaStillCounts) {
  Server server(serve({}));
  tls.verify_hostname = false;
  tls.truststore = certificates.path("client.pem");
  EXPECT_THAT(failure(server.address()).text, HasSubstr("not trusted"));
}

TEST_F(TlsRealThreads, AServerThatClosesAtTheHelloMaySpeakPlain) {
  Server server([](asio::ip::tcp::socket& socket) {
    std::array<char, 1> first{};
    asio::read(socket, asio::buffer(first));  // what RocketMQ does with tls.server.mode=disabled
  });
  const Error error = failure(server.address());
  EXPECT_TRUE(error.is(ErrorCode::kDisconnected));
  EXPECT_TRUE(error.retriable) << "it may just be stopping";
  EXPECT_THAT(error.text, AllOf(HasSubstr("does not speak TLS"), HasSubstr("'tls.enabled' = 'false'")));
}

TEST_F(TlsRealThreads, AServerThatAnswersTheHelloInPlainTextSpeaksPlain) {
  Server server([](asio::ip::tcp::socket& socket) {
    std::array<char, 64> hello{};
    asio::read(socket, asio::buffer(hello));
    asio::write(socket, asio::buffer(std::string("HTTP/1.1 400 Bad Request\r\n\r\n")));
  });
  const Error error = failure(server.address());
  EXPECT_FALSE(error.retriable);
  EXPECT_THAT(error.text, HasSubstr("does not speak TLS"));
}

TEST_F(TlsRealThreads, AConnectionThatHasWorkedAndIsDamagedIsMadeAnew) {
  const auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  context->use_certificate_chain_file(certificates.path("server.pem"));
  context->use_private_key_file(certificates.path("server.key"), asio::ssl::context::pem);
  bool damages = true;
  Server server([&](asio::ip::tcp::socket& socket) {
    asio::ssl::stream<asio::ip::tcp::socket&> stream(socket, *context);
    stream.handshake(asio::ssl::stream_base::server);
    if (!answer(stream) || !damages) return;
    damages = false;
    std::array<char, 8> next{};
    asio::error_code error;
    asio::read(stream, asio::buffer(next), error);
    asio::write(socket, asio::buffer(std::string("HTTP/1.1 400 Bad Request\r\n\r\n")), error);
    std::string rest;
    asio::read(socket, asio::dynamic_buffer(rest), error);  // until the client closes
  });
  const auto trusted = net::TlsContext::create(tls);
  ASSERT_TRUE(trusted);
  net::RpcClient client(machine(), loop, {.tls = *trusted});
  const auto call = [&] {
    std::promise<Result<net::Response>> promise;
    client.call(server.address(), {}, Milliseconds(20'000),
                [&](Result<net::Response> answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  };
  ASSERT_TRUE(call());
  const auto damaged = call();
  ASSERT_FALSE(damaged);
  EXPECT_TRUE(damaged.error().is(ErrorCode::kDisconnected)) << damaged.error().text;
  EXPECT_TRUE(damaged.error().retriable);
  std::this_thread::sleep_for(net::Timing{}.first_backoff);
  EXPECT_TRUE(call());
}

TEST_F(TlsRealThreads, AServerThatDemandsACertificateGetsIt) {
  Server server(serve({.wants_certificate = true}));
  tls.keystore = certificates.path("client.pem");
  tls.keystore_key = certificates.path("client.key");
  EXPECT_TRUE(ask(server.address()));
  tls.keystore = certificates.write("both.pem", certificates.read("client.key") + certificates.read("client.pem"));
  tls.keystore_key.clear();
  EXPECT_TRUE(ask(server.address())) << "certificate and key in one file";
  tls.keystore = certificates.path("client.pem");
  tls.keystore_key = certificates.encrypted_key("client", "open sesame");
  tls.keystore_password = "open sesame";
  EXPECT_TRUE(ask(server.address())) << "an encrypted key";
}

TEST_F(TlsRealThreads, AServerThatDemandsACertificateSaysSoInTls13And12) {
  for (const bool only_tls12 : {false, true}) {
    Server server(serve({.wants_certificate = true, .only_tls12 = only_tls12}));
    const Error error = failure(server.address());
    EXPECT_TRUE(error.is(ErrorCode::kUntrusted)) << error.text;
    EXPECT_FALSE(error.retriable);
    EXPECT_THAT(error.text, AllOf(HasSubstr("demands a client certificate"), HasSubstr("'tls.keystore'")));
  }
}

TEST_F(TlsRealThreads, AServerThatDoesNotTrustOurCertificateSaysSo) {
  const Certificates others;
  Server server(serve({.wants_certificate = true}));
  tls.keystore = others.path("ca.pem");
  tls.keystore_key = others.path("ca.key");
  const Error error = failure(server.address());
  EXPECT_FALSE(error.retriable);
  EXPECT_THAT(error.text, HasSubstr("does not accept our certificate"));
}

TEST_F(TlsRealThreads, WhileTheBackoffLastsAFailureStaysWhatItWas) {
  Server server(serve({}));
  tls.truststore = certificates.path("client.pem");
  const auto context = net::TlsContext::create(tls);
  ASSERT_TRUE(context);
  net::Timing timing;
  timing.first_backoff = Milliseconds(60'000);
  timing.longest_backoff = Milliseconds(60'000);
  net::RpcClient client(machine(), loop, {.tls = *context, .timing = timing});
  for (const std::string_view begin : {"cannot connect to", "not connected to"}) {
    std::promise<Result<net::Response>> promise;
    client.call(server.address(), {}, Milliseconds(5000),
                [&](Result<net::Response> answer) { promise.set_value(std::move(answer)); });
    const auto answer = promise.get_future().get();
    ASSERT_FALSE(answer);
    EXPECT_FALSE(answer.error().retriable);
    EXPECT_TRUE(answer.error().text.starts_with(begin)) << answer.error().text;
  }
  EXPECT_EQ(server.served(), 1);
}

TEST_F(TlsRealThreads, APlainClientIsToldThatTheServerMayDemandTls) {
  Server server([](asio::ip::tcp::socket& socket) {
    std::array<char, 12> first{};
    asio::read(socket, asio::buffer(first));  // what RocketMQ does with tls.server.mode=enforcing
    asio::error_code ignored;
    socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    asio::read(socket, asio::dynamic_buffer(*std::make_unique<std::string>()), ignored);
  });
  net::RpcClient client(machine(), loop, {});
  std::promise<Result<net::Response>> promise;
  client.call(server.address(), {}, Milliseconds(5000),
              [&](Result<net::Response> answer) { promise.set_value(std::move(answer)); });
  const auto answer = promise.get_future().get();
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().text, AllOf(HasSubstr("demands TLS"), HasSubstr("'tls.enabled' = 'true'")));
}

TEST_F(TlsRealThreads, FilesThatAreNotThereAreNamed) {
  tls.truststore = "/nowhere/ca.pem";
  Error error = refused_files();
  EXPECT_TRUE(error.is(ErrorCode::kInvalidArgument));
  EXPECT_EQ(error.text,
            "option 'tls.truststore' = '/nowhere/ca.pem': the file cannot be read: No such file or directory");
  tls.truststore = certificates.ca();
  tls.keystore = "/nowhere/me.pem";
  EXPECT_EQ(refused_files().text,
            "option 'tls.keystore' = '/nowhere/me.pem': the file cannot be read: No such file or directory");
  tls.keystore = certificates.path("client.pem");
  tls.keystore_key = certificates.path("");
  EXPECT_THAT(refused_files().text, AllOf(HasSubstr("option 'tls.keystore-key'"), HasSubstr("Is a directory")));
}

TEST_F(TlsRealThreads, FilesThatAreNoPemAreNamed) {
  const std::string text = certificates.write("text.pem", "hello\n");
  tls.truststore = text;
  EXPECT_THAT(refused_files().text,
              AllOf(HasSubstr("'tls.truststore'"), HasSubstr("holds no certificate in PEM form")));
  tls.truststore = certificates.write("empty.pem", "");
  EXPECT_THAT(refused_files().text, HasSubstr("holds no certificate in PEM form"));
  tls.truststore = certificates.ca();
  tls.keystore = text;
  EXPECT_THAT(refused_files().text, AllOf(HasSubstr("'tls.keystore'"), HasSubstr("holds no certificate in PEM form")));
  tls.keystore = certificates.path("client.pem");
  EXPECT_THAT(refused_files().text, AllOf(HasSubstr("'tls.keystore'"), HasSubstr("holds no private key in PEM form"),
                                          HasSubstr("'tls.keystore-key'")));
  tls.keystore_key = text;
  EXPECT_THAT(refused_files().text,
              AllOf(HasSubstr("'tls.keystore-key'"), HasSubstr("holds no private key in PEM form")));
}

TEST_F(TlsRealThreads, AKeyThatDoesNotFitIsNamed) {
  tls.keystore = certificates.path("client.pem");
  tls.keystore_key = certificates.path("server.key");
  EXPECT_THAT(refused_files().text, AllOf(HasSubstr("server.key"), HasSubstr("does not belong to the certificate in"),
                                          HasSubstr("client.pem")));
}

TEST_F(TlsRealThreads, AnEncryptedKeyNeedsItsPasswordWhichIsNeverShown) {
  tls.keystore = certificates.path("client.pem");
  tls.keystore_key = certificates.encrypted_key("client", "open sesame");
  EXPECT_THAT(refused_files().text, HasSubstr("the private key is encrypted; give 'tls.keystore-password'"));
  tls.keystore_password = "sim sala bim";
  EXPECT_THAT(refused_files().text,
              AllOf(HasSubstr("'tls.keystore-password' does not open the private key"), Not(HasSubstr("sala"))));
}

}  // namespace

}  // namespace rocketlink::test
