#include "cluster/cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "cluster/offsets.h"
#include "mock/mock_cluster.h"

namespace rocketlink::test {

namespace {

using cluster::Cluster;
using mock::Fault;
using net::Milliseconds;
using testing::HasSubstr;
using wire::RequestCode;
using wire::ResponseCode;

class ClusterTest : public testing::Test {
 protected:
  ClusterTest() : mock({.name_servers = 3}) {
    mock.create_topic("orders", 2);
    timing.net.first_backoff = Milliseconds(5);
    timing.net.longest_backoff = Milliseconds(20);
    timing.net.silence = Milliseconds(100);
    timing.name_server = Milliseconds(1000);
    timing.route_soonest = Milliseconds(20);
    timing.route_interval = Milliseconds(60'000);
  }
  ~ClusterTest() override { cluster_.reset(); }

  [[nodiscard]] Cluster& cluster() {
    if (!cluster_) {
      ConnectionOptions options;
      options.endpoints = mock.endpoints();
      cluster_ = std::make_unique<Cluster>(options, LogFunction(), timing);
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
  std::vector<std::thread> asking;
  for (int i = 0; i < 5; ++i) {
    asking.emplace_back([i, &shared = cluster()] {
      cluster::Interrupt own;
      const auto fetched = shared.fetch_route_blocking("t" + std::to_string(i), own);
      EXPECT_TRUE(fetched) << fetched.error().text;
    });
  }
  for (auto& thread : asking) thread.join();
}

TEST_F(ClusterTest, AHangingNameServerIsLeftForTheNext) {
  timing.name_server = Milliseconds(100);
  mock.set_silent("namesrv-0", true);
  mock.set_silent("namesrv-1", true);
  EXPECT_TRUE(route());
}

TEST_F(ClusterTest, WhenAllAreDownItSaysSoAndWorksOnceOneIsBack) {
  for (const char* server : {"namesrv-0", "namesrv-1", "namesrv-2"}) mock.stop(server);
  const auto failed = route();
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().retriable);
  EXPECT_THAT(failed.error().text, HasSubstr("the route of topic 'orders' from any of 3 endpoint(s)"));
  mock.start("namesrv-1");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  bool works = false;
  while (!works && std::chrono::steady_clock::now() < deadline) {
    works = route().ok();
    if (!works) std::this_thread::sleep_for(Milliseconds(5));
  }
  EXPECT_TRUE(works);
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

TEST_F(ClusterTest, RefreshSoonAsksNoMoreOftenThanItMay) {
  timing.route_soonest = Milliseconds(200);
  ASSERT_TRUE(route());
  mock.forget_seen();
  const auto end_at = std::chrono::steady_clock::now() + Milliseconds(500);
  while (std::chrono::steady_clock::now() < end_at) {
    cluster().refresh_soon("orders");
    std::this_thread::sleep_for(Milliseconds(5));
  }
  EXPECT_GE(mock.count(RequestCode::kGetRouteInfoByTopic), 1U);
  EXPECT_LE(mock.count(RequestCode::kGetRouteInfoByTopic), 3U);
}

TEST_F(ClusterTest, ARefreshThatComesTooSoonIsPutOffNotDropped) {
  timing.route_soonest = Milliseconds(200);
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(route());
  mock.forget_seen();
  mock.create_topic("orders", 7);
  cluster().refresh_soon("orders");
  ASSERT_TRUE(mock.wait_for(RequestCode::kGetRouteInfoByTopic, 1));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, Milliseconds(200));
  mock.forget_seen();
  cluster().refresh_soon("orders");
  EXPECT_TRUE(mock.wait_for(RequestCode::kGetRouteInfoByTopic, 1)) << "nor is the next one";
}

TEST_F(ClusterTest, EndsWhileARefreshIsPutOff) {
  timing.route_soonest = Milliseconds(30);
  for (int round = 0; round < 20; ++round) {
    ASSERT_TRUE(route());
    cluster().refresh_soon("orders");
    std::this_thread::sleep_for(Milliseconds(round * 2));
    end();
  }
}

TEST_F(ClusterTest, OnlyWatchedRoutesAreRefreshedByThemselves) {
  timing.route_interval = Milliseconds(30);
  ASSERT_TRUE(route());
  mock.forget_seen();
  std::this_thread::sleep_for(Milliseconds(120));
  EXPECT_EQ(mock.count(RequestCode::kGetRouteInfoByTopic), 0U);
  cluster().watch("orders");
  EXPECT_TRUE(mock.wait_for(RequestCode::kGetRouteInfoByTopic, 2));
}

TEST_F(ClusterTest, EndsWhileRoutesAreBeingRefreshed) {
  timing.route_interval = Milliseconds(1);
  timing.route_soonest = Milliseconds(0);
  for (int round = 0; round < 30; ++round) {
    cluster().watch("orders");
    cluster().fetch_route("orders", [](const Result<cluster::Route>&) {});
    std::this_thread::sleep_for(Milliseconds(round % 4));
    end();
  }
}

TEST_F(ClusterTest, AnInterruptEndsManyCallsAtOnceAndTheirLateAnswersFindNobody) {
  ASSERT_TRUE(route());
  mock.inject(Fault::delayed(RequestCode::kGetMaxOffset, Milliseconds(200), -1));
  const std::vector<QueueId> queues(600, QueueId{"orders", "broker-a", 0});
  std::thread interrupter([this] {
    EXPECT_TRUE(mock.wait_for(RequestCode::kGetMaxOffset, 10));
    interrupt.set();
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto offsets = cluster::max_offsets(cluster(), queues, interrupt);
  interrupter.join();
  ASSERT_FALSE(offsets);
  EXPECT_TRUE(offsets.error().is(ErrorCode::kClosed));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, Milliseconds(1000));
  std::this_thread::sleep_for(Milliseconds(250));
}

TEST_F(ClusterTest, ManyCallsTogetherKeepToOneTimeout) {
  timing.control = Milliseconds(500);
  ASSERT_TRUE(route());
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMaxOffset, -1));
  const std::vector<QueueId> queues(2000, QueueId{"orders", "broker-a", 0});
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(cluster::max_offsets(cluster(), queues, interrupt));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, Milliseconds(2500));
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
