#include "cluster/cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/offsets.h"
#include "mock/mock_cluster.h"
#include "unit/virtual_time.h"

namespace rocketlink::test {

namespace {

using cluster::Cluster;
using mock::Fault;
using net::Milliseconds;
using testing::HasSubstr;
using wire::RequestCode;
using wire::ResponseCode;

class ClusterTest : public VirtualTimeTest {
 protected:
  ClusterTest() : mock({.name_servers = 3}, servers, &world.network()) { mock.create_topic("orders", 2); }

  [[nodiscard]] Cluster& cluster() {
    if (!cluster_) {
      ConnectionOptions options;
      options.endpoints = mock.endpoints();
      options.max_api_calls_per_second = call_budget;
      cluster_ = std::make_unique<Cluster>(
          options, [this](LogLevel, std::string_view line) { lines.emplace_back(line); }, timing, nullptr, nullptr,
          process);
    }
    return *cluster_;
  }
  [[nodiscard]] Result<cluster::Route> route(const std::string& topic = "orders") {
    return cluster().fetch_route_blocking(topic, interrupt);
  }
  void end() { cluster_.reset(); }

  mock::MockCluster mock;
  cluster::Timing timing;
  cluster::Interrupt interrupt;
  double call_budget = 0;
  std::vector<std::string> lines;  ///< of the log

 private:
  std::unique_ptr<Cluster> cluster_;
};

TEST_F(ClusterTest, ARouteIsFetchedAndKnownFromThenOn) {
  EXPECT_EQ(cluster().known_route("orders"), nullptr);
  const auto fetched = route();
  ASSERT_TRUE(fetched) << fetched.error().text;
  EXPECT_EQ(cluster().known_route("orders"), *fetched);
  EXPECT_EQ(cluster().master_address({"orders", "broker-a", 0}), mock.address("broker-a/0"));
}

TEST_F(ClusterTest, AProxyIsKnownByItsAnswersAndNotByItsPort) {
  ASSERT_TRUE(route());
  const std::string broker = mock.address("broker-a/0");
  const std::string name_server = mock.endpoints().front();
  EXPECT_FALSE(cluster().is_proxy(broker));
  EXPECT_FALSE(cluster().is_proxy("10.1.2.3" + name_server.substr(name_server.rfind(':'))));
  EXPECT_TRUE(cluster().is_proxy(name_server)) << "a route that leads back to who gave it";

  mock.inject(Fault::edited(RequestCode::kGetRouteInfoByTopic, [](wire::Header& answer, std::string&) {
    answer.ext.set("MSG_REGION", std::string_view());
    answer.ext.set("TRACE_ON", std::string_view("false"));
  }));
  ASSERT_TRUE(route());
  EXPECT_TRUE(cluster().is_proxy(broker)) << "behind a load balancer on whatever port";
}

TEST_F(ClusterTest, OneNameServerThatAnswersIsEnough) {
  mock.stop("namesrv-0");
  mock.stop("namesrv-1");
  EXPECT_TRUE(route());
  mock.forget_seen();
  EXPECT_TRUE(route()) << "and it stays with it";
  EXPECT_EQ(mock.count(RequestCode::kGetRouteInfoByTopic, "namesrv-2"), 1U);
}

TEST_F(ClusterTest, QuestionsSideBySideAllReachTheNameServerThatAnswers) {
  mock.stop("namesrv-0");
  mock.stop("namesrv-1");
  for (int i = 0; i < 5; ++i) mock.create_topic("t" + std::to_string(i), 1);
  std::vector<Task<bool>> asking;
  for (int i = 0; i < 5; ++i) {
    asking.push_back(in_background([i, &shared = cluster()] {
      cluster::Interrupt own;
      const auto fetched = shared.fetch_route_blocking("t" + std::to_string(i), own);
      EXPECT_TRUE(fetched) << fetched.error().text;
    }));
  }
}

TEST_F(ClusterTest, AHangingNameServerIsLeftForTheNext) {
  mock.set_silent("namesrv-0", true);
  mock.set_silent("namesrv-1", true);
  const SteadyTime begin = now();
  EXPECT_TRUE(route());
  EXPECT_LT(now() - begin, 2 * (timing.name_server + kEndOfCall));
}

TEST_F(ClusterTest, WhenAllAreDownItSaysSoAndWorksOnceOneIsBack) {
  for (const char* server : {"namesrv-0", "namesrv-1", "namesrv-2"}) mock.stop(server);
  const auto failed = route();
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().retriable);
  EXPECT_THAT(failed.error().text, HasSubstr("the route of topic 'orders' from any of 3 endpoint(s)"));
  mock.start("namesrv-1");
  EXPECT_TRUE(comes_true([this] { return route().ok(); }, timing.net.first_backoff));
}

TEST_F(ClusterTest, ANameServerThatJustStartedIsNotBelievedBeforeTheOthers) {
  mock.inject(Fault::answer(RequestCode::kGetRouteInfoByTopic, ResponseCode::kTopicNotExist, "No topic route info", 1));
  EXPECT_TRUE(route());
}

TEST_F(ClusterTest, ATopicThatNoneKnowsDoesNotExist) {
  mock.stop("namesrv-1");
  const auto failed = route("nothing");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, static_cast<std::int32_t>(ResponseCode::kTopicNotExist));
}

TEST_F(ClusterTest, AFailedOrEmptyRefreshKeepsTheRoute) {
  const auto first = *route();
  mock.set_route_body("orders", R"({"brokerDatas":[],"queueDatas":[]})");
  EXPECT_TRUE(route());
  EXPECT_EQ(cluster().known_route("orders"), first);
  mock.set_route_body("orders", "[damaged");
  EXPECT_FALSE(route());
  EXPECT_EQ(cluster().known_route("orders"), first);
  mock.inject(Fault::answer(RequestCode::kGetRouteInfoByTopic, ResponseCode::kSystemError, "", 3));
  EXPECT_FALSE(route());
  EXPECT_EQ(cluster().known_route("orders"), first);
}

TEST_F(ClusterTest, OrderedQueuesOfABrokerThatIsAwayAreNoUnreadOnes) {
  mock.set_route_body("orders",
                      R"({"orderTopicConf":"broker-a:4;broker-z:4",)"
                      R"("brokerDatas":[{"brokerName":"broker-a","cluster":"c","brokerAddrs":{"0":"127.0.0.1:1"}}],)"
                      R"("queueDatas":[{"brokerName":"broker-a","readQueueNums":4,"writeQueueNums":4,"perm":6}]})");
  ASSERT_TRUE(route());
  EXPECT_THAT(lines, testing::IsEmpty());
}

TEST_F(ClusterTest, QueuesThatAreWrittenAndNotReadAreWarnedOfOnceARoute) {
  const auto route_with = [](int read, int write, int permission) {
    return fmt::format(
        R"({{"brokerDatas":[{{"brokerName":"broker-a","cluster":"c","brokerAddrs":{{"0":"127.0.0.1:1"}}}}],)"
        R"("queueDatas":[{{"brokerName":"broker-a","readQueueNums":{},"writeQueueNums":{},"perm":{}}}]}})",
        read, write, permission);
  };
  mock.set_route_body("orders", route_with(4, 4, 6));
  ASSERT_TRUE(route());
  mock.set_route_body("orders", route_with(8, 4, 6));
  ASSERT_TRUE(route()) << "as in a topic that is made smaller";
  EXPECT_THAT(lines, testing::IsEmpty());
  mock.set_route_body("orders", route_with(2, 4, 6));
  ASSERT_TRUE(route());
  ASSERT_TRUE(route());
  EXPECT_THAT(lines,
              testing::ElementsAre(HasSubstr("2 of the 4 queues that topic 'orders' is written to may not be read, "
                                             "broker-a 2 is the first")));
  lines.clear();
  sleep_for(std::chrono::minutes(10));
  mock.set_route_body("orders", route_with(4, 4, 2));
  ASSERT_TRUE(route());
  EXPECT_THAT(lines, testing::ElementsAre(HasSubstr("4 of the 4 queues")));
}

TEST_F(ClusterTest, ABrokerThatANameServerDoesNotKnowYetIsWhereItWas) {
  mock.add_broker("broker-b");
  mock.create_topic("orders", 2, {"broker-b"});
  ASSERT_TRUE(route());
  mock.show_in_route("broker-b/0", false);
  ASSERT_EQ((*route())->brokers.size(), 1U);
  const QueueId queue{"orders", "broker-b", 1};
  EXPECT_EQ(cluster().master_address(queue), mock.address("broker-b/0"));
  EXPECT_EQ(cluster().read_address(queue, 0), mock.address("broker-b/0"));
  EXPECT_EQ(cluster().master_address({"orders", "broker-c", 0}), std::nullopt);
  sleep_for(Milliseconds(121'000));
  ASSERT_TRUE(route());
  EXPECT_EQ(cluster().master_address(queue), std::nullopt) << "it is gone";
}

TEST_F(ClusterTest, AnAddressThatIsAnotherBrokersNowIsNotTheOldOnes) {
  const auto route_with = [&](const std::string& broker, const std::string& address) {
    mock.set_route_body("orders", R"({"brokerDatas":[{"brokerAddrs":{"0":")" + address + R"("},"brokerName":")" +
                                      broker + R"(","cluster":"c"}],"queueDatas":[{"brokerName":")" + broker +
                                      R"(","perm":6,"readQueueNums":1,"writeQueueNums":1}]})");
    ASSERT_TRUE(route());
  };
  route_with("broker-a", "10.0.0.1:10911");
  route_with("broker-b", "10.0.0.1:10911");
  EXPECT_EQ(cluster().master_address({"orders", "broker-a", 0}), std::nullopt);
  EXPECT_EQ(cluster().last_master_address({"orders", "broker-a", 0}), std::nullopt);
  EXPECT_EQ(cluster().master_address({"orders", "broker-b", 0}), "10.0.0.1:10911");
}

TEST_F(ClusterTest, AMasterThatANameServerDoesNotKnowYetIsRemembered) {
  mock.add_slave("broker-a", 1);
  ASSERT_TRUE(route());
  mock.show_in_route("broker-a/0", false);
  ASSERT_TRUE(route());
  const QueueId queue{"orders", "broker-a", 1};
  EXPECT_EQ(cluster().master_address(queue), std::nullopt);
  EXPECT_EQ(cluster().last_master_address(queue), mock.address("broker-a/0"));
  sleep_for(Milliseconds(121'000));
  ASSERT_TRUE(route());
  EXPECT_EQ(cluster().last_master_address(queue), std::nullopt) << "it is gone";
  EXPECT_EQ(cluster().read_address(queue, 0), mock.address("broker-a/1"));
}

TEST_F(ClusterTest, RefreshSoonAsksNoMoreOftenThanItMay) {
  ASSERT_TRUE(route());
  mock.forget_seen();
  const SteadyTime end_at = now() + 20 * timing.route_soonest;
  while (now() < end_at) {
    cluster().refresh_soon("orders");
    sleep_for(Milliseconds(5));
  }
  EXPECT_GE(mock.count(RequestCode::kGetRouteInfoByTopic), 19U);
  EXPECT_LE(mock.count(RequestCode::kGetRouteInfoByTopic), 20U);
}

TEST_F(ClusterTest, ARefreshThatComesTooSoonIsPutOffNotDropped) {
  const SteadyTime begin = now();
  ASSERT_TRUE(route());
  mock.forget_seen();
  mock.create_topic("orders", 7);
  cluster().refresh_soon("orders");
  ASSERT_TRUE(mock.wait_for(RequestCode::kGetRouteInfoByTopic, 1));
  EXPECT_GE(now() - begin, timing.route_soonest);
  EXPECT_LT(now() - begin, timing.route_soonest + kAtOnce);
  mock.forget_seen();
  cluster().refresh_soon("orders");
  EXPECT_TRUE(mock.wait_for(RequestCode::kGetRouteInfoByTopic, 1)) << "nor is the next one";
}

TEST_F(ClusterTest, EndsWhileARefreshIsPutOff) {
  for (int round = 0; round < 20; ++round) {
    ASSERT_TRUE(route());
    cluster().refresh_soon("orders");
    sleep_for(timing.route_soonest - Milliseconds(2) + std::chrono::microseconds(200) * round);
    end();
  }
}

TEST_F(ClusterTest, OnlyWatchedRoutesAreRefreshedByThemselves) {
  ASSERT_TRUE(route());
  mock.forget_seen();
  sleep_for(4 * timing.route_interval);
  EXPECT_EQ(mock.count(RequestCode::kGetRouteInfoByTopic), 0U);
  cluster().watch("orders");
  sleep_for(4 * timing.route_interval);
  EXPECT_EQ(mock.count(RequestCode::kGetRouteInfoByTopic), 4U);
}

TEST_F(ClusterTest, EndsWhileRoutesAreBeingRefreshed) {
  timing.route_interval = Milliseconds(1);
  timing.route_soonest = Milliseconds(0);
  for (int round = 0; round < 30; ++round) {
    cluster().watch("orders");
    cluster().fetch_route("orders", [](const Result<cluster::Route>&) {});
    sleep_for(std::chrono::microseconds(150) * round);
    end();
  }
}

TEST_F(ClusterTest, AnInterruptEndsManyCallsAtOnceAndTheirLateAnswersFindNobody) {
  ASSERT_TRUE(route());
  mock.inject(Fault::delayed(RequestCode::kGetMaxOffset, Milliseconds(200), -1));
  const std::vector<QueueId> queues(600, QueueId{"orders", "broker-a", 0});
  const auto interrupter = in_background([this] {
    EXPECT_TRUE(mock.wait_for(RequestCode::kGetMaxOffset, 10));
    interrupt.set();
  });
  const SteadyTime begin = now();
  const auto offsets = cluster::max_offsets(cluster(), queues, interrupt);
  ASSERT_FALSE(offsets);
  EXPECT_TRUE(offsets.error().is(ErrorCode::kClosed));
  EXPECT_LT(now() - begin, kAtOnce);
  sleep_for(Milliseconds(250));
}

TEST_F(ClusterTest, ManyCallsTogetherKeepToOneTimeout) {
  ASSERT_TRUE(route());
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMaxOffset, -1));
  const std::vector<QueueId> queues(2000, QueueId{"orders", "broker-a", 0});
  const SteadyTime begin = now();
  EXPECT_FALSE(cluster::max_offsets(cluster(), queues, interrupt));
  EXPECT_LT(now() - begin, timing.control + kEndOfCall);
}

// Over a way of some length, so that no answer comes within the tick of a deadline.
TEST_F(ClusterTest, WhatTheCallBudgetTakesDoesNotCountForTheTimeout) {
  sim::LinkSettings& way = world.network().link("tested", "servers").settings;
  way.least_latency = way.usual_latency = Milliseconds(50);
  call_budget = 10;
  ASSERT_TRUE(route());
  const std::vector<QueueId> queues(100, QueueId{"orders", "broker-a", 0});
  const SteadyTime begin = now();
  const auto offsets = cluster::max_offsets(cluster(), queues, interrupt);
  ASSERT_TRUE(offsets) << offsets.error().text;
  EXPECT_GT(now() - begin, timing.control);
}

TEST_F(ClusterTest, OffsetsComeInTheOrderOfTheQueues) {
  ASSERT_TRUE(route());
  mock.append_many({"orders", "broker-a", 1}, 9);
  mock.expire_before({"orders", "broker-a", 1}, 4);
  const std::vector<QueueId> queues{{"orders", "broker-a", 1}, {"orders", "broker-a", 0}};
  EXPECT_THAT(*cluster::max_offsets(cluster(), queues, interrupt), testing::ElementsAre(9, 0));
  EXPECT_THAT(*cluster::min_offsets(cluster(), queues, interrupt), testing::ElementsAre(4, 0));
}

TEST_F(ClusterTest, AQueueOfABrokerThatIsNotInTheRouteIsNamed) {
  ASSERT_TRUE(route());
  const auto offsets = cluster::max_offsets(cluster(), {{"orders", "broker-z", 0}}, interrupt);
  ASSERT_FALSE(offsets);
  EXPECT_TRUE(offsets.error().retriable);
  EXPECT_THAT(offsets.error().text, HasSubstr("orders@broker-z:0"));
}

TEST_F(ClusterTest, ReadsGoToTheBrokerIdAskedForElseTheNextElseAny) {
  mock.add_slave("broker-a", 2);
  ASSERT_TRUE(route());
  const QueueId queue{"orders", "broker-a", 0};
  EXPECT_EQ(cluster().read_address(queue, 0), mock.address("broker-a/0"));
  EXPECT_EQ(cluster().read_address(queue, 2), mock.address("broker-a/2"));
  EXPECT_EQ(cluster().read_address(queue, 1), mock.address("broker-a/2"));
  EXPECT_EQ(cluster().read_address(queue, 7), mock.address("broker-a/0"));
  mock.show_in_route("broker-a/0", false);
  ASSERT_TRUE(route());
  EXPECT_EQ(cluster().read_address(queue, 0), mock.address("broker-a/2"));
  EXPECT_EQ(cluster().master_address(queue), std::nullopt) << "nothing is committed to a slave";
}

}  // namespace

}  // namespace rocketlink::test
