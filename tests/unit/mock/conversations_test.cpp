#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "conversations/scripts.h"
#include "mock/mock_cluster.h"
#include "sim/world.h"

/// The mock says what real servers say: tests/integration/test_conversations.py holds the same conversations with them.
namespace rocketlink::mock {

namespace {

class ConversationsTest : public testing::TestWithParam<std::pair<const char*, std::int32_t>> {
 protected:
  static std::string recorded() {
    const std::string path = std::string(FIXTURES_DIR) + "/conversations/" + GetParam().first + ".txt";
    std::ifstream file(path);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Of whole texts only what differs tells a person anything.
  static void compare(const std::string& said) {
    std::istringstream here(said);
    std::istringstream there(recorded());
    std::string line;
    std::string expected;
    for (int number = 1; std::getline(there, expected); ++number) {
      ASSERT_TRUE(std::getline(here, line)) << "nothing is said where line " << number << " is recorded: " << expected;
      ASSERT_EQ(line, expected) << "line " << number;
    }
    EXPECT_FALSE(std::getline(here, line)) << "not recorded: " << line;
  }
  static MockSetup setup_of(MockSetup setup) {
    setup.version = GetParam().second;
    setup.create_topics = true;
    setup.broker_config = setup.version >= 413 ? "timerWheelEnable=true\n" : "brokerName=broker-a\n";
    return setup;
  }
  static std::string hold(MockSetup setup) {
    sim::World world(1);
    MockCluster cluster(std::move(setup), world.process("servers"), &world.network());
    return conversations::hold(world.process("client"),
                               {cluster.endpoints().at(0), cluster.address("broker-a/0"), "-here"},
                               conversations::all_scripts());
  }
};

TEST_P(ConversationsTest, TheMockSaysWhatRealServersSay) {
  MockSetup setup = setup_of({});
  setup.hold_check = Milliseconds(5'000);
  setup.clock_timestamps = true;
  compare(hold(setup));
}

TEST_P(ConversationsTest, WithTheHabitsOfRealOnesToo) {
  compare(hold(setup_of(MockSetup::like_real(GetParam().second))));
}

INSTANTIATE_TEST_SUITE_P(Servers, ConversationsTest, testing::Values(std::pair("5.5.0", 513), std::pair("4.9.7", 407)),
                         [](const auto& param_info) { return param_info.index == 0 ? "v5_5_0" : "v4_9_7"; });

}  // namespace

}  // namespace rocketlink::mock
