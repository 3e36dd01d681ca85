#include "rocketlink/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

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

/// In a process of its own, whose OpenSSL has no algorithms at all.
class ClientDeathTest : public ClientTest {
 protected:
  ClientDeathTest() {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    std::ofstream(file_)
        << "openssl_conf = init\n[init]\nproviders = them\n[them]\nbase = base\n[base]\nactivate = 1\n";
    setenv("OPENSSL_CONF", file_.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
  }
  ~ClientDeathTest() override {
    unsetenv("OPENSSL_CONF");  // NOLINT(concurrency-mt-unsafe): one thread
    std::remove(file_.c_str());
  }
  /// Ends with the error's text.
  void create() const {
    const auto client = Client::create(options);
    std::fputs(client ? "there is one" : client.error().text.c_str(), stderr);
    _exit(0);
  }

 private:
  const std::string file_ = testing::TempDir() + "openssl-" + std::to_string(getpid()) + ".cnf";
};

TEST_F(ClientDeathTest, WithoutAlgorithmsThereIsNoClientThatSigns) {
  options.access_id = "reader";
  options.access_key = "12345678";
  EXPECT_EXIT(create(), testing::ExitedWithCode(0), "client of 127.0.0.1:9876: OpenSSL cannot compute HMAC-SHA1");
}

TEST_F(ClientDeathTest, WithoutAlgorithmsThereIsNoClientThatSpeaksTls) {
  options.tls.enabled = true;
  EXPECT_EXIT(create(), testing::ExitedWithCode(0), "OpenSSL cannot speak TLS");
}

}  // namespace

}  // namespace rocketlink::test
