#pragma once

#include <string>
#include <utility>

namespace rocketlink::source {

/// Whether a master is to be believed that an offset is out of its queue's range. One that is just coming up may not
/// know its range yet, one that is slow to index what it has stored may know less of its end than a slave that was read
/// from, and one that is a master no longer, which a name server has not heard of, less than the new one. I/O thread.
class RangeConfirmation {
 public:
  /// The newest messages of the queue came from there.
  void read_from(std::string server, bool is_master) {
    newest_from_ = std::move(server);
    newest_from_slave_ = !is_master;
  }
  [[nodiscard]] const std::string& newest_from() const { return newest_from_; }
  /// Whether it was another server than this that gave the newest messages.
  [[nodiscard]] bool was_read_elsewhere(const std::string& server) const {
    return !newest_from_.empty() && newest_from_ != server;
  }

  /// False: it is being asked already whether it still has the newest messages.
  [[nodiscard]] bool begin_asking() { return !std::exchange(asking_, true); }
  void end_asking(bool has_newest) {
    asking_ = false;
    vouches_ = has_newest;
  }

  /// Whether nothing was read yet: the position is the group's, which another reader may have come to elsewhere.
  [[nodiscard]] bool is_untried() const { return newest_from_.empty(); }

  /// One more answer that says so, each asked for a while after the one before. `shorter`: than what was, or may have
  /// been, read elsewhere. True: often enough, and counting begins anew.
  [[nodiscard]] bool confirm(bool shorter) {
    const bool may_lag = shorter && (is_untried() || newest_from_slave_ || asking_ || vouches_);
    if (++answers_ < (may_lag ? kAnswersBehindAnother : kAnswers)) return false;
    answers_ = 0;
    return true;
  }
  /// The offset was in range.
  void reset() { answers_ = 0; }

 private:
  static constexpr int kAnswers = 3;                ///< in turn; only then an offset is taken to be out of range
  static constexpr int kAnswersBehindAnother = 60;  ///< the same where a copy may lag: half a minute of them

  int answers_ = 0;
  std::string newest_from_;
  bool newest_from_slave_ = false;
  bool asking_ = false;
  bool vouches_ = false;
};

}  // namespace rocketlink::source
