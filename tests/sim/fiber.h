#pragma once

#include <array>
#include <cstddef>
#include <functional>

namespace rocketlink::sim {

/// A stack that code runs on until it switches to another one. All fibers run on one real thread, which is the first of
/// them. The sanitizers are told of every switch.
class Fiber {
 public:
  /// The thread itself, on its own stack.
  Fiber();
  /// `body` begins with the first switch here. When it returns, whoever switched here last goes on.
  explicit Fiber(std::function<void()> body);
  /// Its body has returned.
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// Called on this fiber: returns when somebody switches back to it.
  void switch_to(Fiber& next);

 private:
  struct Switch;
  /// The C++ runtime's: which exceptions are being handled, how many are on their way.
  using Exceptions = std::array<std::byte, 2 * sizeof(void*)>;

  void leave();
  void arrive(void* left);

  std::function<void()> body_;
  void* context_ = nullptr;  ///< where it goes on
  Fiber* before_ = nullptr;  ///< who switched here last
  Exceptions exceptions_{};
  void* top_ = nullptr;           ///< of the stack; null: not ours
  const void* bottom_ = nullptr;  ///< of the thread's own it is not known before it is left
  std::size_t size_ = 0;
  [[maybe_unused]] void* fake_stack_ = nullptr;  ///< the address sanitizer's
  [[maybe_unused]] void* shadow_ = nullptr;      ///< the thread sanitizer's
};

}  // namespace rocketlink::sim
