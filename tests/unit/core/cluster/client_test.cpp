#include "rocketlink/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sanitized.h"
#include "unit/short_of.h"

namespace rocketlink::test {

namespace {

using testing::HasSubstr;

/// What the machine lacks is an error that is worth another try.
class ClientTest : public testing::Test {
 protected:
  ClientTest() { options.endpoints = {"127.0.0.1:9876"}; }

  void fails(const char* why) const {
    const auto client = Client::create(options);
    ASSERT_FALSE(client);
    EXPECT_TRUE(client.error().retriable);
    EXPECT_THAT(client.error().text,
                HasSubstr("the machine has no thread or file descriptor for a client of 127.0.0.1:9876"));
    EXPECT_THAT(client.error().text, HasSubstr(why));
  }

  ConnectionOptions options;
};

TEST_F(ClientTest, NeedsAThread) {
  {
    const NoThreads none;
    fails("Resource temporarily unavailable");
  }
  EXPECT_TRUE(Client::create(options));
}

TEST_F(ClientTest, NeedsADescriptor) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer needs descriptors of its own";
  {
    const NoDescriptors none;
    fails("Too many open files");
  }
  EXPECT_TRUE(Client::create(options));
}

}  // namespace

}  // namespace rocketlink::test
