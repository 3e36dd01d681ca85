#include "unit/sim/simulate/judges_fixture.h"
#include "wire/codes.h"

namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;
using wire::RequestCode;
using wire::ResponseCode;

class JudgesOfPace : public Judging {
 protected:
  JudgesOfPace() { told(1'000'000); }
  void told(std::int32_t retry_times) {
    SinkOptions options;
    options.sleep_time_ms = 500;
    options.retry_times = retry_times;
    judges_.tries("job", options);
  }
  [[nodiscard]] static mock::SeenRequest batch(const std::string& id, std::size_t bytes = 100) {
    mock::SeenRequest request;
    request.header.code = static_cast<std::int32_t>(RequestCode::kSendBatchMessage);
    request.body = "KEYS\x01job job.1.0 key\x02UNIQ_KEY\x01" + id + "\x02";
    request.body.resize(bytes, '.');
    return request;
  }
  void send(const mock::SeenRequest& request, std::chrono::milliseconds after) {
    world_.run_for(after);
    judges_.received(request);
  }
  void throttle(const mock::SeenRequest& request, std::chrono::milliseconds after) {
    send(request, after);
    answer(request, ResponseCode::kFlowControl);
  }
  void answer(const mock::SeenRequest& request, ResponseCode code) {
    judges_.answered(request, static_cast<std::int32_t>(code));
  }
};

TEST_F(JudgesOfPace, ARefusedBatchRestsBeforeItsNextTry) {
  const auto refuse = [this](const mock::SeenRequest& request, std::chrono::milliseconds after) {
    send(request, after);
    answer(request, ResponseCode::kSystemError);
  };
  for (int i = 0; i < 60; ++i) refuse(batch("A"), 500ms);
  for (int i = 0; i < 60; ++i) refuse(batch(std::to_string(i)), 1ms);
  for (int i = 0; i < 60; ++i) refuse(batch("B"), i % 15 == 14 ? 100ms : 900ms);
  EXPECT_EQ(failure_, "");
  finds("pace: run job.1.0 sends a batch 100 ms after its refusal, and is to pause for 500 ms", [&] {
    for (int i = 0; i < 6; ++i) refuse(batch("A"), 100ms);
  });
}

TEST_F(JudgesOfPace, WhatComesByAnotherConnectionMayHaveBeenSentBeforeTheRefusal) {
  mock::SeenRequest late = batch("A");
  late.server = "broker-a/0";
  for (int i = 0; i < 20; ++i) {
    ++late.connection;
    throttle(late, 0ms);
  }
  EXPECT_EQ(failure_, "");
  finds("pace: run job.1.0 sends a batch 0 ms after its refusal", [&] {
    for (int i = 0; i < 6; ++i) throttle(late, 0ms);
  });
}

TEST_F(JudgesOfPace, WhatComesOfADeadJobWasUnderWay) {
  const auto hurry = [this] {
    for (int i = 0; i < 6; ++i) throttle(batch("A"), 0ms);
  };
  judges_.starts("job.2", "job");
  hurry();  // job.1's
  judges_.starts("job.1", "job");
  judges_.dies("job");
  hurry();
  EXPECT_EQ(failure_, "");
  judges_.starts("job.1", "job");
  finds("pace: run job.1.0 sends a batch 0 ms after its refusal", hurry);
}

TEST_F(JudgesOfPace, AnotherServerIsNoExcuse) {
  mock::SeenRequest hasty = batch("A");
  finds("pace: run job.1.0 sends a batch 1 ms after its refusal", [&] {
    for (std::uint64_t i = 0; i < 6; ++i) {
      hasty.server = i % 2 == 0 ? "broker-a/0" : "broker-b/0";
      hasty.connection = i;
      throttle(hasty, 1ms);
    }
  });
}

TEST_F(JudgesOfPace, ASingleMessageRestsToo) {
  mock::SeenRequest single;
  single.header.code = static_cast<std::int32_t>(RequestCode::kSendMessageV2);
  single.header.ext.set("i", std::string_view("UNIQ_KEY\x01"
                                              "A\x02KEYS\x01job job.1.0"));
  finds("pace: run job.1.0 sends a batch 100 ms after its refusal", [&] {
    for (int i = 0; i < 6; ++i) {
      send(single, 100ms);
      answer(single, ResponseCode::kSystemError);
    }
  });
}

TEST_F(JudgesOfPace, ABatchIsNotTriedMoreOftenThanItMayBe) {
  told(2);
  for (int i = 0; i < 3; ++i) send(batch("A"), 500ms);
  for (int i = 0; i < 3; ++i) send(batch("A", 80), 500ms);  // half of it
  for (int i = 0; i < 5; ++i) {
    send(batch("B"), 500ms);
    answer(batch("B"), ResponseCode::kTopicNotExist);
  }
  EXPECT_EQ(failure_, "");
  finds("pace: run job.1.0 sends a batch 4 times, and may try again 2 times", [&] { send(batch("A"), 500ms); });
}

TEST_F(JudgesOfPace, PausesGrowWhileBrokersThrottle) {
  throttle(batch("A"), 0ms);
  for (const auto more : {50ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 2500ms, 2500ms}) throttle(batch("A"), 500ms + more);
  EXPECT_EQ(failure_, "");
  finds("pace: run job.1.0 is throttled, and sends a batch again 550 ms later, which is no growing pause", [&] {
    for (int i = 0; i < 60; ++i) throttle(batch("A"), 550ms);
  });
}

TEST_F(JudgesOfPace, PausesBeginAnewOnceSomethingIsStored) {
  for (int i = 0; i < 60; ++i) {
    throttle(batch("A"), 550ms);
    if (i % 3 == 0) answer(batch("B"), i % 2 == 0 ? ResponseCode::kSuccess : ResponseCode::kFlushDiskTimeout);
  }
  EXPECT_EQ(failure_, "");
}

}  // namespace
}  // namespace rocketlink::sim
