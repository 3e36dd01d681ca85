#include "rocketlink/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/short_of.h"

namespace rocketlink::test {

namespace {

using testing::HasSubstr;

TEST(ClientTest, WhatTheMachineLacksIsAnErrorWorthAnotherTry) {
  ConnectionOptions options;
  options.endpoints = {"127.0.0.1:9876"};
  const auto fails = [&](const char* why) {
    const auto client = Client::create(options);
    ASSERT_FALSE(client);
    EXPECT_TRUE(client.error().retriable);
    EXPECT_THAT(client.error().text,
                HasSubstr("the machine has no thread or file descriptor for a client of 127.0.0.1:9876"));
    EXPECT_THAT(client.error().text, HasSubstr(why));
  };
  {
    const NoThreads none;
    fails("Resource temporarily unavailable");
  }
  {
    const NoDescriptors none;
    fails("Too many open files");
  }
  EXPECT_TRUE(Client::create(options));
}

}  // namespace

}  // namespace rocketlink::test
