#include <gtest/gtest.h>

#include "net/rpc.h"

namespace rocketlink::net {

namespace {

TEST(SignerTest, SignsTheValuesSortedByNameThenTheBody) {
  Request request;
  request.ext.set("topic", std::string_view("T"));
  request.ext.set("queueId", std::int64_t{0});
  request.body = "body";
  sign({"ak", "sk"}, request);
  EXPECT_EQ(request.ext.find("AccessKey"), "ak");
  EXPECT_EQ(request.ext.find("Signature"), "Hgg5qvd+x4pcTBBxFgXCwTBfD5I=");  // remoting protocol, 14.1
}

TEST(SignerTest, LeavesRequestsWithoutCredentialsAlone) {
  Request request;
  request.ext.set("topic", std::string_view("T"));
  sign({}, request);
  EXPECT_EQ(request.ext.entries().size(), 1U);
}

}  // namespace

}  // namespace rocketlink::net
