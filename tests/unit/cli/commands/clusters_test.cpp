#include "commands/clusters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commands/client_pool.h"

namespace rocketlink::commands {

namespace {

using testing::ElementsAre;

ConnectionOptions at(std::vector<std::string> endpoints, double calls_per_second = 0) {
  ConnectionOptions options;
  options.endpoints = std::move(endpoints);
  options.max_api_calls_per_second = calls_per_second;
  return options;
}

TEST(Clusters, AServerHasOneSpelling) {
  EXPECT_THAT(
      servers_of(at({"LOCALHOST.:9876", "127.0.0.1:9876", "127.1:9876", "[::1]:9876", "[::ffff:127.0.0.1]:9876"})),
      ElementsAre("localhost:9876"));
  EXPECT_THAT(servers_of(at({"MQ.Example.com:80", "mq.example.com.:80"})), ElementsAre("mq.example.com:80"));
  EXPECT_THAT(servers_of(at({"[2001:DB8:0:0::1]:1", "[2001:db8::1]:1"})), ElementsAre("2001:db8::1:1"));
  EXPECT_THAT(servers_of(at({"127.0.0.2:1", "localhost:1", "localhost:2"})),
              ElementsAre("127.0.0.2:1", "localhost:1", "localhost:2"));
}

TEST(Clusters, OneServerInCommonMakesThemOne) {
  const auto one = [](std::vector<std::string> some, std::vector<std::string> others) {
    return share_one(servers_of(at(std::move(some))), servers_of(at(std::move(others))));
  };
  EXPECT_TRUE(one({"a:1", "b:1"}, {"b:1", "a:1"}));
  EXPECT_TRUE(one({"a:1", "b:1"}, {"B:1", "c:1"}));
  EXPECT_FALSE(one({"a:1", "b:1"}, {"a:2", "c:1"}));
}

TEST(ClientPool, ACallBudgetIsOneHoweverItsClusterIsWritten) {
  ClientPool pool({});
  const ConnectionOptions first = at({"127.0.0.1:1"}, 100);
  const ConnectionOptions second = at({"127.0.0.1:2"}, 50);
  const ConnectionOptions both = at({"localhost:2", "localhost:1"});
  const ConnectionOptions other = at({"127.0.0.1:3"});
  for (const auto& options : {first, second, both, other}) pool.expect(options);
  EXPECT_EQ(pool.budget_of(first), pool.budget_of(second)) << "a third table says that they are one";
  EXPECT_EQ(pool.budget_of(first), pool.budget_of(both));
  EXPECT_NE(pool.budget_of(first), pool.budget_of(other));
  EXPECT_FALSE(pool.budget_of(other)->limited());
  // The smallest limit holds: 50 calls a second save no more than 5.
  EXPECT_TRUE(pool.budget_of(both)->limited());
  const auto now = CallBudget::Clock::now();
  pool.budget_of(both)->spend(100, now);
  EXPECT_GT(pool.budget_of(both)->wait_time(now), std::chrono::milliseconds(1900));
}

}  // namespace

}  // namespace rocketlink::commands
