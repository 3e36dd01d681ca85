#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/error.hpp>
#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "sim/sim_stream.h"
#include "sim/world.h"
#include "unit/sim/pair.h"

namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Optional;

const std::optional<std::error_code> kGood = std::error_code();

std::optional<std::error_code> with(asio::error::basic_errors error) {
  return asio::error::make_error_code(error);
}
const std::optional<std::error_code> kEnd = asio::error::make_error_code(asio::error::eof);

/// Bytes that show whether each is in its place.
std::string many(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; bytes.size() < count; ++i) bytes += std::to_string(i) + ' ';
  bytes.resize(count);
  return bytes;
}

TEST(SimStream, CarriesBytesBothWaysAndTheEnd) {
  World world(1);
  Pair pair(world);
  EXPECT_EQ(pair.client.connected, kGood);
  pair.client.write("hello");
  pair.server.write(many(1'000'000));
  world.run_for(1s);
  EXPECT_EQ(pair.client.written, kGood);
  EXPECT_EQ(pair.server.received, "hello");
  EXPECT_EQ(pair.client.received, many(1'000'000));
  EXPECT_FALSE(pair.client.end);
  pair.server.close();
  world.run_for(1s);
  EXPECT_EQ(pair.client.end, kEnd);
  EXPECT_EQ(pair.server.end, with(asio::error::operation_aborted)) << "its read was pending as it closed";
}

TEST(SimStream, WritesOfManyBuffersKeepTheirOrder) {
  World world(1);
  Pair pair(world);
  const std::string bytes = many(100'000);
  std::vector<std::string_view> buffers;
  for (std::size_t at = 0; at < bytes.size(); at += 1000) buffers.push_back(std::string_view(bytes).substr(at, 1000));
  buffers.emplace_back();
  bool inside = true;
  std::optional<std::error_code> written;
  pair.client.loop->run_and_wait([&] {
    pair.client.stream->write(buffers, [&](std::error_code error) {
      EXPECT_FALSE(inside) << "never from within the call";
      written = error;
    });
    inside = false;
  });
  world.run_for(1s);
  EXPECT_EQ(written, kGood);
  EXPECT_EQ(pair.server.received, bytes);
}

TEST(SimStream, BytesThatWereWrittenArriveAfterTheClose) {
  World world(1);
  Pair pair(world);
  pair.client.write(many(50'000));
  pair.client.close();
  world.run_for(1s);
  EXPECT_EQ(pair.server.received, many(50'000));
  EXPECT_EQ(pair.server.end, kEnd);
}

TEST(SimStream, AfterCloseEveryHandlerGetsAnError) {
  World world(1);
  Pair pair(world);
  pair.server.reads = false;
  pair.client.write(many(1'000'000));  // more than there is room for
  EXPECT_FALSE(pair.client.written);
  pair.client.loop->run_and_wait([&] {
    pair.client.stream->close();
    pair.client.stream->close();
    EXPECT_FALSE(pair.client.written) << "never from within the call";
    EXPECT_FALSE(pair.client.end);
  });
  world.run_for(1s);
  EXPECT_EQ(pair.client.written, with(asio::error::operation_aborted));
  EXPECT_EQ(pair.client.end, with(asio::error::operation_aborted));
  pair.client.write("more");
  world.run_for(1s);
  EXPECT_EQ(pair.client.written, with(asio::error::operation_aborted));
}

TEST(SimStream, LivesUntilItsHandlersHaveRun) {
  World world(1);
  Pair pair(world);
  pair.client.loop->run_and_wait([&] { pair.client.stream.reset(); });  // its read is pending
  pair.server.write("still there");
  world.run_for(1s);
  EXPECT_EQ(pair.client.received, "still there");
  EXPECT_EQ(pair.server.end, kEnd) << "and no longer";
}

TEST(SimStream, ClosesWithItsLastOwner) {
  World world(1);
  Pair pair(world);
  Peer silent(world, "silent");
  silent.reads = false;
  Peer server(world, "another");
  server.listen(world);
  silent.connect(server);
  world.run_for(1s);
  silent.loop->run_and_wait([&] { silent.stream.reset(); });
  world.run_for(1s);
  EXPECT_EQ(server.end, kEnd);
}

TEST(SimStream, AWriteWaitsForRoom) {
  World world(1);
  world.network().link("client", "server").settings.send_buffer = 1000;
  world.network().link("client", "server").settings.receive_buffer = 2000;
  Peer server(world, "server");
  Peer client(world, "client");
  server.reads = false;
  server.listen(world);
  client.connect(server);
  world.run_for(1s);
  client.write(many(3000));
  world.run_for(1s);
  EXPECT_EQ(client.written, kGood) << "the buffers take it";
  client.write(many(5000));
  world.run_for(1s);
  EXPECT_FALSE(client.written);
  EXPECT_GT(world.count(Mishap::kFullBuffer), 0U);
  server.loop->run_and_wait([&] { server.read(); });
  world.run_for(1s);
  EXPECT_EQ(client.written, kGood);
  EXPECT_EQ(server.received, many(3000) + many(5000));
}

TEST(SimStream, SplitsBytesAnyhow) {
  World world(1);
  LinkSettings settings;
  settings.often_split = 1;
  world.network().set_settings(settings);
  Pair pair(world);
  std::vector<std::size_t> counts;
  pair.client.write(many(20'000));
  world.run_for(10s);
  EXPECT_EQ(pair.server.received, many(20'000));
  EXPECT_GT(world.count(Mishap::kSplit), 10U);
}

TEST(SimStream, HasABandwidthThatTheLinkShares) {
  World world(1);
  world.network().link("client", "server").settings.bytes_per_second = 10'000;
  Pair pair(world);
  Peer second(world, "client");
  Peer another(world, "server");
  another.listen(world);
  second.connect(another);
  world.run_for(100ms);
  pair.client.write(many(50'000));
  second.write(many(50'000));
  pair.server.write(many(50'000));
  world.run_for(5200ms);
  EXPECT_EQ(pair.client.received.size(), 50'000U) << "a direction of its own";
  EXPECT_LT(pair.server.received.size() + another.received.size(), 60'000U);
  world.run_for(5s);
  EXPECT_EQ(pair.server.received, many(50'000));
  EXPECT_EQ(another.received, many(50'000));
  EXPECT_GT(world.count(Mishap::kBandwidth), 0U);
}

TEST(SimStream, HasALatencyWithALongTail) {
  World world(1);
  LinkSettings settings;
  settings.often_late = 0.2;
  world.network().set_settings(settings);
  Pair pair(world);
  Nanoseconds longest{0};
  for (int i = 0; i < 100; ++i) {
    const SteadyTime begin = world.now();
    const std::size_t before = pair.server.received.size();
    pair.client.write("x");
    while (pair.server.received.size() == before) world.run_for(100us);
    longest = std::max<Nanoseconds>(longest, world.now() - begin);
    ASSERT_LT(longest, 2100ms);
  }
  EXPECT_GT(longest, 100ms);
  EXPECT_GT(world.count(Mishap::kLatency), 5U);
}

TEST(SimStream, AStalledDirectionCarriesNothingForAWhile) {
  World world(1);
  Pair pair(world);
  pair.client.write("under way");
  world.network().stall("client", "server", world.now() + 10s);
  pair.server.write("back");
  world.run_for(9s);
  EXPECT_EQ(pair.server.received, "");
  EXPECT_EQ(pair.client.received, "back");
  world.run_for(2s);
  EXPECT_EQ(pair.server.received, "under way");
  EXPECT_EQ(world.count(Mishap::kStall), 1U);
}

TEST(SimStream, SegmentsMayStallTheirDirection) {
  World world(1);
  world.network().link("client", "server").settings.often_stalled = 1;
  Pair pair(world);
  pair.client.write("slowly");
  world.run_for(60s);
  EXPECT_EQ(pair.server.received, "slowly");
  EXPECT_EQ(world.count(Mishap::kStall), 1U);
}

TEST(SimStream, AResetIsSeenOnBothSides) {
  World world(1);
  Pair pair(world);
  world.network().connections().at(0)->reset();
  world.run_for(1s);
  EXPECT_EQ(pair.client.end, with(asio::error::connection_reset));
  EXPECT_EQ(pair.server.end, with(asio::error::connection_reset));
  pair.client.write("too late");
  world.run_for(1s);
  EXPECT_EQ(pair.client.written, with(asio::error::connection_reset));
  EXPECT_EQ(pair.server.received, "");
  EXPECT_EQ(world.count(Mishap::kReset), 1U);
}

TEST(SimStream, BreaksAtAnyByte) {
  std::set<std::size_t> places;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(seed);
    LinkSettings settings;
    settings.often_reset = 1;
    settings.longest_life = 1000;
    world.network().set_settings(settings);
    Pair pair(world);
    pair.client.write(many(2000));
    pair.server.write(many(2000));
    world.run_for(1s);
    EXPECT_EQ(pair.client.end, with(asio::error::connection_reset));
    EXPECT_EQ(pair.server.end, with(asio::error::connection_reset));
    EXPECT_EQ(pair.server.received, many(pair.server.received.size()));
    EXPECT_EQ(world.count(Mishap::kReset), 1U);
    if (pair.server.received.size() < 2000) places.insert(pair.server.received.size());
  }
  EXPECT_GT(places.size(), 4U);
}

TEST(SimStream, AHalfOpenConnectionIsFoundOutByNobodyButTime) {
  World world(1);
  Pair pair(world);
  world.network().connections().at(0)->lose(Connection::kServer);
  pair.client.write("lost");
  pair.server.write("but not this way");
  world.run_for(10min);
  EXPECT_EQ(pair.client.written, kGood);
  EXPECT_EQ(pair.server.received, "");
  EXPECT_EQ(pair.client.received, "but not this way");
  EXPECT_FALSE(pair.client.end);
  EXPECT_FALSE(pair.server.end);
  world.run_for(10min);
  EXPECT_EQ(pair.client.end, with(asio::error::timed_out)) << "its machine gives up";
  EXPECT_FALSE(pair.server.end);
  EXPECT_EQ(world.count(Mishap::kHalfOpen), 1U);
}

TEST(SimStream, ConnectionsMayBecomeHalfOpen) {
  World world(1);
  LinkSettings settings;
  settings.often_half_open = 1;
  settings.longest_life = 0;
  world.network().set_settings(settings);
  Pair pair(world);
  pair.client.write("a");
  pair.server.write("b");
  world.run_for(1min);
  EXPECT_TRUE(pair.client.received.empty() || pair.server.received.empty());
  EXPECT_GE(world.count(Mishap::kHalfOpen), 1U);
}

TEST(SimStream, ConnectsAreRefusedWhereNobodyListens) {
  World world(1);
  Peer server(world, "server");
  server.listen(world, 5000);
  Peer client(world, "client");
  client.connect({asio::ip::address_v4::loopback(), 5001});
  world.run_for(1s);
  EXPECT_EQ(client.connected, with(asio::error::connection_refused));
  server.loop->run_and_wait([&] { server.listener->refuse(); });
  client.connect(server);
  world.run_for(1s);
  EXPECT_EQ(client.connected, with(asio::error::connection_refused));
  EXPECT_EQ(world.count(Mishap::kRefused), 0U) << "which is nobody's fault";
}

TEST(SimStream, MayConnectAgainAfterARefusal) {
  World world(1);
  Peer server(world, "server");
  Peer client(world, "client");
  client.connect({asio::ip::address_v4::loopback(), 5000});
  world.run_for(1s);
  EXPECT_EQ(client.connected, with(asio::error::connection_refused));
  server.listen(world, 5000);
  client.loop->run_and_wait([&] {
    client.stream->connect({asio::ip::address_v4::loopback(), 5000},
                           [&](std::error_code error) { client.connected = error; });
  });
  world.run_for(1s);
  EXPECT_EQ(client.connected, kGood);
}

TEST(SimStream, ConnectsMayBeRefusedOrSwallowed) {
  World world(1);
  Peer server(world, "server");
  server.listen(world);
  Peer client(world, "client");
  Link& link = world.network().link("client", "server");
  link.settings.often_refused = 1;
  client.connect(server);
  world.run_for(1s);
  EXPECT_EQ(client.connected, with(asio::error::connection_refused));
  EXPECT_EQ(world.count(Mishap::kRefused), 1U);
  link.settings.often_refused = 0;
  link.settings.often_black_holed = 1;
  client.connected.reset();
  client.connect(server);
  world.run_for(100s);
  EXPECT_FALSE(client.connected);
  world.run_for(200s);
  EXPECT_EQ(client.connected, with(asio::error::timed_out));
  EXPECT_EQ(world.count(Mishap::kBlackHole), 1U);
  client.connected.reset();
  client.connect(server);
  world.run_for(1s);
  client.close();
  world.run_for(1s);
  EXPECT_EQ(client.connected, with(asio::error::operation_aborted));
}

TEST(SimStream, ACutHoldsEverythingUntilItIsMended) {
  World world(1);
  Pair pair(world);
  world.network().cut("server", "client");
  pair.client.write("patience");
  Peer late(world, "client");
  late.connect(pair.server);
  world.run_for(20s);
  EXPECT_EQ(pair.server.received, "");
  EXPECT_FALSE(late.connected);
  world.network().mend("client", "server");
  world.run_for(60s);
  EXPECT_EQ(pair.server.received, "patience");
  EXPECT_EQ(late.connected, kGood);
  EXPECT_GE(world.count(Mishap::kPartition), 2U);
}

TEST(SimStream, WhatMeetsNobodyHasNotHappened) {
  World world(1);
  Pair pair(world);
  world.network().stall("client", "server", world.now() + 1s);
  world.network().cut("server", "client");
  world.run_for(2s);
  EXPECT_EQ(world.count(Mishap::kStall), 0U);
  EXPECT_EQ(world.count(Mishap::kPartition), 0U);
}

TEST(SimStream, BytesThatNobodyReadsAreAReset) {
  World world(1);
  Peer server(world, "server");
  Peer client(world, "client");
  server.reads = false;
  server.listen(world);
  client.connect(server);
  world.run_for(1s);
  client.write("unread");
  world.run_for(1s);
  server.close();
  world.run_for(1s);
  EXPECT_EQ(client.end, with(asio::error::connection_reset));
}

TEST(SimStream, WritingToAClosedPeerIsAReset) {
  World world(1);
  Pair pair(world);
  pair.server.close();
  world.run_for(1s);
  EXPECT_EQ(pair.client.end, kEnd);
  pair.client.write("anyone?");
  world.run_for(1s);
  EXPECT_EQ(pair.client.written, kGood);
  pair.client.write("no");
  world.run_for(1s);
  EXPECT_EQ(pair.client.written, with(asio::error::connection_reset));
}

TEST(SimStream, APausedProcessLeavesItsBuffersToItsMachine) {
  World world(1);
  Pair pair(world);
  pair.server.process.pause_until(world.now() + 60s);
  pair.client.write(many(100'000));
  Peer late(world, "client");
  late.connect(pair.server);
  world.run_for(10s);
  EXPECT_EQ(pair.client.written, kGood);
  EXPECT_EQ(late.connected, kGood) << "the machine answers";
  EXPECT_EQ(pair.server.received, "");
  world.run_for(60s);
  EXPECT_EQ(pair.server.received, many(100'000));
}

TEST(SimStream, AKilledProcessReachesNobodyAndItsPeersAreTold) {
  bool ended = false;
  bool was_reset = false;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(seed);
    Pair pair(world);
    pair.server.write("written before");
    pair.server.process.kill();
    EXPECT_EQ(pair.server.end, std::nullopt);
    world.run_for(1s);
    ended |= pair.client.end == kEnd && pair.client.received == "written before";
    was_reset |= pair.client.end == with(asio::error::connection_reset);
    EXPECT_EQ(pair.server.end, with(asio::error::connection_reset)) << "the ghost has lost everything";
    pair.server.write("a ghost's word");
    Peer late(world, "client");
    late.connect(pair.server);
    world.run_for(1s);
    EXPECT_EQ(pair.server.written, with(asio::error::connection_reset));
    EXPECT_EQ(late.connected, with(asio::error::connection_refused));
    Peer again(world, "server");
    again.listen(world, pair.server.listener->port());
    late.connect(again);
    world.run_for(1s);
    EXPECT_EQ(late.connected, kGood);
    Peer ghosts(world, "other");
    ghosts.process.kill();
    ghosts.connect(again);
    world.run_for(1s);
    EXPECT_EQ(ghosts.connected, with(asio::error::network_down));
  }
  EXPECT_TRUE(ended);
  EXPECT_TRUE(was_reset);
}

TEST(SimStream, AMachineThatIsGoneSaysNothingAndComesBackWithoutItsConnections) {
  World world(1);
  Pair pair(world);
  pair.server.process.kill(Death::kMachine);
  pair.client.write("hello?");
  Peer late(world, "client");
  late.connect(pair.server);
  world.run_for(60s);
  EXPECT_FALSE(pair.client.end);
  EXPECT_FALSE(late.connected);
  EXPECT_EQ(pair.server.received, "");
  Peer again(world, "server");
  world.run_for(120s);
  EXPECT_EQ(pair.client.end, with(asio::error::connection_reset));
  EXPECT_EQ(late.connected, with(asio::error::connection_refused));
}

TEST(SimNetwork, AddressesOfProcessesLeadToTheirListeners) {
  World world(1);
  Peer server(world, "server");
  server.listen(world);
  Peer client(world, "client");
  client.connect({world.network().address("server"), server.listener->port()});
  world.run_for(1s);
  EXPECT_EQ(client.connected, kGood);
  client.connect({world.network().address("other"), server.listener->port()});
  world.run_for(1s);
  EXPECT_EQ(client.connected, with(asio::error::connection_refused));
}

TEST(SimNetwork, PortsAreGivenOutInOrderAndTakenOnce) {
  World world(1);
  Peer first(world, "one");
  Peer second(world, "two");
  first.listen(world);
  second.listen(world);
  EXPECT_EQ(second.listener->port(), first.listener->port() + 1);
  second.loop->run_and_wait([&] {
    EXPECT_THROW((void)world.network().listen(*second.loop, first.listener->port(), nullptr), std::system_error);
  });
  const std::uint16_t port = first.listener->port();
  first.loop->run_and_wait([&] { first.listener.reset(); });
  second.listen(world, port);
  EXPECT_EQ(second.listener->port(), port);
}

TEST(SimNetwork, APortMayBeOnAMachineOfItsOwn) {
  World world(1);
  Peer server(world, "servers");
  server.listen(world);
  world.network().put_on(server.listener->port(), "broker-a");
  world.network().cut("client", "broker-a");
  Peer client(world, "client");
  client.connect(server);
  world.run_for(10s);
  EXPECT_FALSE(client.connected);
  world.network().mend_all();
  world.run_for(60s);
  EXPECT_EQ(client.connected, kGood);
  EXPECT_EQ(world.network().connections().at(0)->machine(Connection::kServer), "broker-a");
}

TEST(SimStream, IsUsedOnItsLoopsThreadAlone) {
  std::string failure;
  World world(1, keeping(failure));
  Pair pair(world);
  EXPECT_THROW(pair.client.stream->write({"x"}, [](std::error_code) {}), Failure);
  EXPECT_THAT(failure, HasSubstr("a write is asked for elsewhere than on loop 1 of client"));
}

}  // namespace
}  // namespace rocketlink::sim
