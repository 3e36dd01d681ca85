#include "net/asio_loop.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <asio/read.hpp>
#include <atomic>
#include <chrono>
#include <cstring>
#include <latch>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "sanitized.h"
#include "unit/later.h"
#include "unit/short_of.h"

namespace {

constexpr const char* kSlowName = "slow.invalid";
std::latch slow_name_known(1);
std::atomic<int> slow_lookups{0};
constexpr const char* kLateName = "late.invalid";
std::atomic<int> late_lookups{0};

}  // namespace

/// Stands before the C library's: one name is asked for until the test lets go of it, another one's first answer is
/// late.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** result) {
  if (name != nullptr && std::strcmp(name, kSlowName) == 0) {
    ++slow_lookups;
    slow_name_known.wait();
    return EAI_NONAME;
  }
  if (name != nullptr && std::strcmp(name, kLateName) == 0) {
    if (++late_lookups == 1) std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    name = "127.0.0.1";
  }
  static const auto real = reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, result);
}

/// The machine's own loop, on real sockets and in real time. Nothing here is about how long something takes.
namespace rocketlink::net {

namespace {

using std::chrono::milliseconds;
using test::Later;
using testing::ElementsAre;

class AsioLoopRealThreads : public testing::Test {
 protected:
  [[nodiscard]] std::shared_ptr<Stream> stream() {
    std::shared_ptr<Stream> made;
    loop.run_and_wait([&] { made = loop.stream(nullptr); });
    return made;
  }
  [[nodiscard]] Later<std::error_code> connect(const std::shared_ptr<Stream>& stream, const Endpoint& endpoint) {
    Later<std::error_code> connected(machine());
    loop.post([=] { stream->connect(endpoint, [=](const std::error_code& error) { connected.set(error); }); });
    return connected;
  }
  [[nodiscard]] Later<std::error_code> write(const std::shared_ptr<Stream>& stream, std::string_view bytes) {
    Later<std::error_code> written(machine());
    loop.post([=] { stream->write({bytes}, [=](const std::error_code& error) { written.set(error); }); });
    return written;
  }
  void close(const std::shared_ptr<Stream>& stream) {
    loop.run_and_wait([&] { stream->close(); });
  }
  [[nodiscard]] Later<std::vector<Endpoint>> look_up(const std::string& host) {
    Later<std::vector<Endpoint>> found(machine());
    loop.post([=, this] {
      loop.resolve(host, "9876", [=](const std::error_code& error, const std::vector<Endpoint>& endpoints) {
        EXPECT_EQ(!error, !endpoints.empty());
        found.set(endpoints);
      });
    });
    return found;
  }
  [[nodiscard]] std::vector<Endpoint> resolve(const std::string& host) { return look_up(host).get(); }

  asio::io_context context;
  AsioLoop loop;
};

/// A port of ours that nobody listens at, or that takes connections into its backlog only.
asio::ip::tcp::acceptor bound(asio::io_context& context) {
  asio::ip::tcp::acceptor acceptor(context);
  acceptor.open(asio::ip::tcp::v4());
  acceptor.bind({asio::ip::address_v4::loopback(), 0});
  return acceptor;
}

TEST_F(AsioLoopRealThreads, RunsWhatIsPostedInItsOrderOnAThreadOfItsOwn) {
  std::vector<int> order;
  for (int i = 0; i < 3; ++i) {
    loop.post([&, i] {
      EXPECT_TRUE(loop.on_loop_thread());
      order.push_back(i);
    });
  }
  loop.run_and_wait([] {});
  EXPECT_FALSE(loop.on_loop_thread());
  EXPECT_THAT(order, ElementsAre(0, 1, 2));
}

TEST_F(AsioLoopRealThreads, ATimerDoesWhatItWasSetToLast) {
  Later<std::vector<std::string>> last(machine());
  std::vector<std::string> ran;
  std::unique_ptr<Timer> set_anew;
  std::unique_ptr<Timer> cancelled;
  std::unique_ptr<Timer> end;
  loop.run_and_wait([&] {
    const SteadyTime now = machine().now();
    set_anew = loop.timer();
    cancelled = loop.timer();
    end = loop.timer();
    // All are due by the time that the loop looks: the first one cancels what is queued already.
    end->set(now - milliseconds(3), [&, now] {
      cancelled->cancel();
      set_anew->set(now, [&] {
        ran.emplace_back("anew");
        last.set(ran);
      });
    });
    cancelled->set(now - milliseconds(2), [&] { ran.emplace_back("cancelled"); });
    set_anew->set(now - milliseconds(1), [&] { ran.emplace_back("first"); });
  });
  EXPECT_THAT(last.get(), ElementsAre("anew"));
  loop.run_and_wait([&] {
    for (auto* const timer : {&set_anew, &cancelled, &end}) timer->reset();
  });
}

TEST_F(AsioLoopRealThreads, ResolvesNamesAndSaysWhenThereIsNone) {
  const auto found = resolve("localhost");
  EXPECT_TRUE(std::all_of(found.begin(), found.end(), [](const Endpoint& endpoint) {
    return endpoint.address().is_loopback() && endpoint.port() == 9876;
  }));
  EXPECT_FALSE(found.empty());
  EXPECT_THAT(resolve("127.0.0.1"), ElementsAre(Endpoint(asio::ip::address_v4::loopback(), 9876)));
  EXPECT_TRUE(resolve("no-such-host.invalid").empty());
}

TEST_F(AsioLoopRealThreads, ANameThatIsLookedUpForLongHoldsUpNoOther) {
  const auto slow = look_up(kSlowName);
  const auto once_more = look_up(kSlowName);
  const std::vector<Later<std::vector<Endpoint>>> others = {look_up("127.0.0.1"), look_up("localhost")};
  for (const auto& other : others) EXPECT_TRUE(other.comes_within(std::chrono::seconds(20)));
  slow_name_known.count_down();
  EXPECT_TRUE(slow.get().empty());
  EXPECT_TRUE(once_more.get().empty());
  EXPECT_EQ(slow_lookups, 1) << "who asks meanwhile gets the same answer";
}

TEST_F(AsioLoopRealThreads, AnAnswerThatMayHaveComeTooLateServesWhoAsksAgain) {
  late_lookups = 0;
  const auto late = resolve(kLateName);
  EXPECT_EQ(late.size(), 1U);
  EXPECT_EQ(resolve(kLateName), late);
  EXPECT_EQ(late_lookups, 1);
}

TEST_F(AsioLoopRealThreads, ANameThatIsFoundAtOnceIsLookedUpEachTime) {
  late_lookups = 1;  // all further ones are quick
  EXPECT_EQ(resolve(kLateName).size(), 1U);
  EXPECT_EQ(resolve(kLateName).size(), 1U);
  EXPECT_EQ(late_lookups, 3) << "its address may change";
}

TEST_F(AsioLoopRealThreads, ALookupThatGetsNoThreadFailsAndTheNextOneMaySucceed) {
  const Later<std::string> said(machine());
  {
    const test::NoThreads none;
    loop.post([&] {
      loop.resolve("localhost", "9876", [&](const std::error_code& error, const std::vector<Endpoint>& endpoints) {
        EXPECT_TRUE(endpoints.empty());
        said.set(error.message());
      });
    });
    EXPECT_EQ(said.get(), "no thread can be started for it: Resource temporarily unavailable");
  }
  EXPECT_FALSE(resolve("localhost").empty());
}

TEST_F(AsioLoopRealThreads, AConnectThatGetsNoDescriptorFailsAndTheNextOneMaySucceed) {
  if (test::kSanitized) GTEST_SKIP() << "a sanitizer needs descriptors of its own";
  auto acceptor = bound(context);
  acceptor.listen();
  const auto tried = stream();
  {
    const test::NoDescriptors none;
    EXPECT_EQ(connect(tried, acceptor.local_endpoint()).get(), asio::error::no_descriptors);
  }
  EXPECT_FALSE(connect(tried, acceptor.local_endpoint()).get());
  close(tried);
}

TEST_F(AsioLoopRealThreads, AConnectionIsRefusedAndTheStreamMayBeUsedAgain) {
  auto acceptor = bound(context);
  const auto tried = stream();
  EXPECT_EQ(connect(tried, acceptor.local_endpoint()).get(), asio::error::connection_refused);
  acceptor.listen();
  EXPECT_FALSE(connect(tried, acceptor.local_endpoint()).get());
  close(tried);
}

// Its backlog is full: connecting takes for ever.
TEST_F(AsioLoopRealThreads, AConnectThatIsNotAnsweredEndsWithTheClose) {
  auto acceptor = bound(context);
  acceptor.listen(0);
  std::vector<std::shared_ptr<Stream>> crowd;
  std::vector<Later<std::error_code>> connected;
  for (int i = 0; i < 4; ++i) {
    crowd.push_back(stream());
    connected.push_back(connect(crowd.back(), acceptor.local_endpoint()));
  }
  for (const auto& one : crowd) close(one);
  EXPECT_EQ(connected.back().get(), asio::error::operation_aborted);
}

TEST_F(AsioLoopRealThreads, ALongWriteEndsWithTheClose) {
  auto acceptor = bound(context);
  acceptor.listen();
  const auto writer = stream();
  ASSERT_FALSE(connect(writer, acceptor.local_endpoint()).get());
  auto peer = acceptor.accept();
  const std::string bytes(64 << 20, 'x');  // more than all buffers on the way hold
  const auto written = write(writer, bytes);
  std::array<char, 100> first{};
  asio::read(peer, asio::buffer(first));
  EXPECT_EQ(first.back(), 'x');
  close(writer);
  EXPECT_TRUE(written.get()) << "operation_aborted, or a bad descriptor where it went on between";
}

TEST_F(AsioLoopRealThreads, EndsWithReadsAndTimersOnTheirWay) {
  auto acceptor = bound(context);
  acceptor.listen();
  std::array<std::uint8_t, 100> room{};
  std::shared_ptr<Stream> reader;
  std::unique_ptr<Timer> timer;
  AsioLoop other;
  const Later<bool> reading(machine());
  other.run_and_wait([&] {
    reader = other.stream(nullptr);
    reader->connect(acceptor.local_endpoint(), [&](const std::error_code& error) {
      reader->read_some(room, [](const std::error_code&, std::size_t) {});
      reading.set(!error);
    });
    timer = other.timer();
    timer->set(machine().now() + std::chrono::hours(1), [] {});
  });
  EXPECT_TRUE(reading.get());
  other.run_and_wait([&] {
    reader.reset();
    timer.reset();
  });
}

}  // namespace

}  // namespace rocketlink::net
