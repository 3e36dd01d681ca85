#include "net/signer.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace rocketlink::net {

namespace {

Request request_of(const std::vector<std::pair<std::string, std::string>>& fields, std::string body = {}) {
  Request request;
  for (const auto& [name, value] : fields) request.ext.set(name, value);
  request.body = std::move(body);
  return request;
}

std::string signature(const std::string& account, const std::string& secret, Request request) {
  Signer(account, secret).sign(request);
  EXPECT_EQ(request.ext.find("AccessKey"), account);
  return std::string(request.ext.find("Signature").value_or(""));
}

TEST(SignerTest, SignsTheValuesSortedByNameThenTheBody) {
  // docs/protocol.md, Access control
  EXPECT_EQ(signature("ak", "sk", request_of({{"topic", "T"}, {"queueId", "0"}}, "body")),
            "Hgg5qvd+x4pcTBBxFgXCwTBfD5I=");
}

// Computed by: python3 -c "import hmac,hashlib,base64; print(base64.b64encode(hmac.new(KEY, TEXT,
// hashlib.sha1).digest()))"
TEST(SignerTest, AgreesWithAnIndependentImplementation) {
  // KEY b'12345678', TEXT b'reader'
  EXPECT_EQ(signature("reader", "12345678", request_of({})), "r2xB8min9Vft50/duPUVHyHaP2A=")
      << "a heartbeat without fields";
  // KEY b'12345678', TEXT 'writer' + 'producers' + 'orders' + 'TBW102' (a, b and c behind AccessKey) + b'\x00\xff\x01'
  EXPECT_EQ(signature("writer", "12345678",
                      request_of({{"c", "TBW102"}, {"b", "orders"}, {"a", "producers"}}, std::string("\0\xFF\1", 3))),
            "m8f92+xt8y6bxMiykojXzRwCeSg=");
  // KEY 'geheim€'.encode(), TEXT ('größe' + 'naïve ∆' + '日本').encode(): upper case sorts before lower case
  EXPECT_EQ(signature("größe", "geheim€", request_of({{"subscription", "日本"}, {"Bname", "naïve ∆"}})),
            "AyASzD6P8Km0U0x67EHKvCF/gk4=");
  // KEY b'k' * 100 (longer than a block of SHA-1), TEXT b'a' + b'x' * 100000
  EXPECT_EQ(signature("a", std::string(100, 'k'), request_of({}, std::string(100'000, 'x'))),
            "h5KO9V+oq+FvOy/gB41ILsK5EDM=");
}

TEST(SignerTest, LeavesRequestsWithoutAnAccountAlone) {
  Request request = request_of({{"topic", "T"}});
  Signer("", "").sign(request);
  EXPECT_EQ(request.ext.entries().size(), 1U);
}

TEST(SignerRealThreads, SignOnManyThreadsAtOnce) {
  const Signer signer("reader", "12345678");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) {
        Request request = request_of({});
        signer.sign(request);
        EXPECT_EQ(request.ext.find("Signature"), "r2xB8min9Vft50/duPUVHyHaP2A=");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

}  // namespace rocketlink::net
