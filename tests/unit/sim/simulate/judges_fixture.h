#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "sim/simulate/judges.h"
#include "unit/sim/pair.h"

namespace rocketlink::sim {

/// Judges that are driven by hand: one reader, "job.1.0", of the group "job" in its life "job.1".
class Judging : public testing::Test {
 protected:
  Judging() : Judging(false) {}
  explicit Judging(bool calm) : judges_(world_, "input", "output", "s3cret", calm) {}

  /// What it does breaks a promise, and the judges say so.
  void finds(const std::string& text, const std::function<void()>& act) {
    failure_.clear();
    EXPECT_THROW(act(), Failure);
    EXPECT_THAT(failure_, testing::HasSubstr(text));
  }

  void append(std::int64_t count, bool wanted = true) {
    for (; count > 0; --count) judges_.appended(queue_, end_++, wanted);
  }
  void start(std::int64_t offset = 0) {
    judges_.starts("job.1", "job");
    judges_.begins("job.1.0", "job", queue_, offset);
  }
  void give_out(std::int64_t offset) {
    judges_.given_out("job.1.0", queue_, offset, body_of({"broker-a", 0, offset}, 3), "key1");
  }
  void pass(std::int64_t next) { judges_.passed("job.1.0", queue_, next); }
  /// The run writes a copy, which the broker stores unless it is lost on its way.
  void write(std::int64_t offset) { judges_.written("job.1.0", {"broker-a", 0, offset}, 10); }
  void store(std::int64_t offset, const std::string& key = "", const std::string& run = "job.1.0") {
    judges_.stored(copies_, record(offset, key, run));
  }
  mock::MockRecord record(std::int64_t offset, const std::string& key = "", const std::string& run = "job.1.0") {
    mock::MockRecord record;
    record.number = ++number_;
    record.body = body_of({"broker-a", 0, offset}, 3);
    record.keys = "job " + run + (key.empty() ? "" : " " + key);
    return record;
  }
  /// Gives out, copies and flushes all from `from` on and below `to`.
  void copy(std::int64_t from, std::int64_t to) {
    for (std::int64_t offset = from; offset < to; ++offset) {
      give_out(offset);
      write(offset);
      store(offset);
    }
    pass(to);
    judges_.flushed("job.1.0");
  }

  std::string failure_;
  World world_{1, keeping(failure_)};
  Judges judges_;
  const QueueId queue_{"input", "broker-a", 0};
  const QueueId copies_{"output", "broker-b", 1};
  std::int64_t end_ = 0;
  std::uint64_t number_ = 0;
};

}  // namespace rocketlink::sim
