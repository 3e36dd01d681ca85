#include <gtest/gtest.h>

#include <asio/error.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/rpc_client.h"
#include "unit/virtual_time.h"

/// A name that stands for several addresses, of which some take connections and then do not serve them.
namespace rocketlink::net {

namespace {

const Endpoint kNoServer(asio::ip::make_address("10.0.0.1"), 9876);
const Endpoint kNoServerEither(asio::ip::make_address("10.0.0.2"), 9876);
const Endpoint kServer(asio::ip::make_address("10.0.0.3"), 9876);

/// Takes every connection; the server's stays open, and others are closed without a word.
class OddStream final : public Stream {
 public:
  OddStream(EventLoop& loop, std::vector<Endpoint>& connected, bool black_holes)
      : loop_(loop), connected_(connected), black_holes_(black_holes) {}

  void connect(const Endpoint& endpoint, Done connected) override {
    to_ = endpoint;
    connected_.push_back(endpoint);
    if (black_holes_ && to_ != kServer) return;
    loop_.post([connected = std::move(connected)] { connected({}); });
  }
  void handshake(const std::string& /*host*/, Done done) override {
    loop_.post([done = std::move(done), error = fate()] { done(error); });
  }
  void read_some(std::span<std::uint8_t> /*room*/, Transferred read) override {
    if (to_ == kServer) return;
    loop_.post([read = std::move(read), error = fate()] { read(error, 0); });
  }
  void write(const std::vector<std::string_view>& /*buffers*/, Done written) override {
    loop_.post([written = std::move(written)] { written({}); });
  }
  [[nodiscard]] std::uint64_t acknowledged() override { return 0; }
  void close() override {}
  [[nodiscard]] bool is_tls(const std::error_code& /*error*/) const override { return false; }
  [[nodiscard]] Error explain_tls(const std::error_code& error) override {
    return {ErrorCode::kDisconnected, error.message(), true};
  }

 private:
  [[nodiscard]] std::error_code fate() const {
    return to_ == kServer ? std::error_code() : std::error_code(asio::error::eof);
  }

  EventLoop& loop_;
  std::vector<Endpoint>& connected_;
  const bool black_holes_;
  Endpoint to_;
};

class OddLoop final : public EventLoop {
 public:
  explicit OddLoop(Runtime& runtime) : loop_(runtime.event_loop()) {}

  [[nodiscard]] bool on_loop_thread() const override { return loop_->on_loop_thread(); }
  void post(std::function<void()> function) override { loop_->post(std::move(function)); }
  void run_and_wait(const std::function<void()>& function) override { loop_->run_and_wait(function); }
  [[nodiscard]] std::unique_ptr<Timer> timer() override { return loop_->timer(); }
  void resolve(const std::string& /*host*/, const std::string& /*port*/, Resolved resolved) override {
    ++resolutions;
    loop_->post([resolved = std::move(resolved)] { resolved({}, {kNoServer, kNoServerEither, kServer}); });
  }
  [[nodiscard]] std::shared_ptr<Stream> stream(std::shared_ptr<TlsContext> /*tls*/) override {
    return std::make_shared<OddStream>(*loop_, connected, black_holes);
  }

  std::vector<Endpoint> connected;
  int resolutions = 0;
  bool black_holes = false;  ///< the others, where no connect ends

 private:
  std::unique_ptr<EventLoop> loop_;
};

class AddressesTest : public test::VirtualTimeTest, public testing::WithParamInterface<bool> {
 protected:
  [[nodiscard]] static std::shared_ptr<TlsContext> tls() {
    return GetParam() ? *TlsContext::create(ConnectionOptions().tls) : nullptr;
  }
  /// Whether the call waits for its answer.
  [[nodiscard]] bool gets_through(RpcClient& client) {
    Request request;
    request.code = wire::RequestCode::kGetMaxOffset;
    const test::Later<bool> answered(process);
    client.call("two.example:9876", std::move(request), Milliseconds(3'600'000),
                [answered](const Result<Response>&) { answered.set(true); });
    return !answered.comes_within(std::chrono::seconds(1));
  }
};

TEST_P(AddressesTest, OneThatTakesConnectionsAndSaysNothingDoesNotHideTheOthers) {
  OddLoop loop(process);
  RpcClient client(process, loop, {.tls = tls()});
  ASSERT_TRUE(comes_true([&] { return gets_through(client); }, std::chrono::seconds(30)));
  EXPECT_EQ(loop.connected, (std::vector<Endpoint>{kNoServer, kNoServerEither, kServer}));
}

TEST_P(AddressesTest, OneThatNoConnectReachesLeavesTimeToTheOthers) {
  OddLoop loop(process);
  loop.black_holes = true;
  RpcClient client(process, loop, {.tls = tls()});
  EXPECT_TRUE(gets_through(client)) << "within one call";
  sleep_for(Timing().connect);
  EXPECT_EQ(loop.connected, (std::vector<Endpoint>{kNoServer, kNoServerEither, kServer}));
  EXPECT_EQ(loop.resolutions, 1);
}

INSTANTIATE_TEST_SUITE_P(TlsOrNot, AddressesTest, testing::Bool(),
                         [](const auto& param_info) { return param_info.param ? "Tls" : "Plain"; });

}  // namespace

}  // namespace rocketlink::net
