#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "net/event_loop.h"
#include "rocketlink/runtime.h"

namespace rocketlink::cluster {

/// How many bytes may be under way in one direction between us and one server, over all queues and connections: as many
/// as it carries within half a second and the time that a call takes at least. More would only wait in front of the
/// link, and whatever is small behind them. Measured, not configured: an answered call tells how many bytes were
/// carried while it was under way; the fastest and the shortest calls of late count, so that neither a slow moment nor
/// little to do makes the window small. Loop thread only.
class Flow : public std::enable_shared_from_this<Flow> {
 public:
  /// `loop` is of `runtime`.
  Flow(Runtime& runtime, net::EventLoop& loop) : runtime_(runtime), loop_(loop) {}

  /// The bytes of one call, as long as it lives.
  class Share {
   public:
    Share() = default;
    Share(Share&&) = default;
    Share& operator=(Share&& other) noexcept {
      end();
      flow_ = std::move(other.flow_);
      call_ = other.call_;
      return *this;
    }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { end(); }

    /// The call was answered, and so many bytes went over.
    void carried(std::int64_t bytes);
    /// It was not answered in its time: what goes next is to find out whether anything is, so it is little.
    void lost();

   private:
    friend class Flow;
    struct Call {
      std::int64_t bytes = 0;
      bool waits = false;
      bool for_few = false;  ///< others' bytes, if any
      SteadyTime begun{};
      std::int64_t carried_before = 0;
      SteadyTime carried_since{};  ///< when the last of these were, or nothing else was under way
    };
    Share(std::shared_ptr<Flow> flow, const Call& call) : flow_(std::move(flow)), call_(call) {}
    void end();

    std::shared_ptr<Flow> flow_;
    Call call_;
  };

  /// Whether a call may go now. If not, `resume` is run once it is the caller's turn, who then asks again, or lets the
  /// turn pass.
  [[nodiscard]] bool ready(std::function<void()> resume);
  /// A call of about so many bytes goes.
  [[nodiscard]] Share begin(std::int64_t bytes);
  /// The same of a call whose answer may be long in coming, as there may be nothing yet: others do not wait for it.
  [[nodiscard]] Share begin_waiting(std::int64_t bytes);

  [[nodiscard]] std::int64_t window() const;
  /// Of the window for one call, where several are under way.
  [[nodiscard]] std::int64_t part() const { return window() / kParts; }
  /// What is left of the window, calls that may be long in coming counted.
  [[nodiscard]] std::int64_t left() const { return window() - under_way_ - waiting_; }
  [[nodiscard]] std::int64_t room() const { return window() - under_way_; }

  static constexpr std::int64_t kParts = 4;  ///< one call fills a part, so that several are under way
  static constexpr std::int64_t kFirstWindowBytes = 64 * 1024;  ///< before anything is measured
  static_assert(kFirstWindowBytes % kParts == 0);

 private:
  struct Seen {
    double rate = 0;  ///< bytes a second
    std::optional<std::chrono::nanoseconds> shortest;
  };

  [[nodiscard]] Share share(std::int64_t bytes, bool waits);
  void measure(const Share::Call& call);
  void give_turns();

  Runtime& runtime_;
  net::EventLoop& loop_;
  std::int64_t under_way_ = 0;
  std::int64_t waiting_ = 0;
  std::int64_t carried_ = 0;
  SteadyTime carried_at_{};   ///< the last of them
  std::array<Seen, 2> seen_;  ///< in this period, and the one before
  SteadyTime period_ends_{};
  bool emptying_ = false;  ///< to learn what a call takes that does not wait for others
  bool silent_ = false;    ///< a call was lost, and none has been answered since
  std::deque<std::function<void()>> line_;
  bool turn_ = false;  ///< somebody is being resumed and has not begun a call yet
  bool posted_ = false;
};

}  // namespace rocketlink::cluster
