#include "sim/fiber.h"

#include <cxxabi.h>

#include <boost/context/protected_fixedsize_stack.hpp>
#include <cstring>
#include <memory>
#include <utility>

// What GCC defines is what Clang has as a feature.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ROCKETLINK_ASAN
#endif
#if __has_feature(thread_sanitizer)
#define ROCKETLINK_TSAN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ROCKETLINK_ASAN
#endif
#if defined(__SANITIZE_THREAD__)
#define ROCKETLINK_TSAN
#endif

#if defined(ROCKETLINK_ASAN)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(ROCKETLINK_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace rocketlink::sim {

namespace {

constexpr std::size_t kStackBytes = 1 << 20;  ///< of address space: pages come as they are touched

/// Stacks with a page before them that must not be touched, and whose place is known.
struct StackAllocator {
  boost::context::protected_fixedsize_stack stacks{kStackBytes};
  const void** bottom;
  std::size_t* size;

  boost::context::stack_context allocate() {
    const boost::context::stack_context stack = stacks.allocate();
    *bottom = static_cast<const char*>(stack.sp) - stack.size;
    *size = stack.size;
    return stack;
  }
  void deallocate(boost::context::stack_context& stack) { stacks.deallocate(stack); }
};

}  // namespace

Fiber::Fiber() {
#if defined(ROCKETLINK_TSAN)
  shadow_ = __tsan_get_current_fiber();
#endif
}

Fiber::Fiber(std::function<void()> body)
    : context_(std::allocator_arg, StackAllocator{.bottom = &bottom_, .size = &size_},
               [this, body = std::move(body)](boost::context::fiber&& left) { return run(std::move(left), body); }) {
#if defined(ROCKETLINK_TSAN)
  shadow_ = __tsan_create_fiber(0);
#endif
}

Fiber::~Fiber() {
#if defined(ROCKETLINK_TSAN)
  if (bottom_ != nullptr) __tsan_destroy_fiber(shadow_);  // the thread's own belongs to the thread
#endif
}

void Fiber::switch_to(Fiber& next) {
  next.before_ = this;
  leave_for(next, false);
  arrive(std::move(next.context_).resume());
}

boost::context::fiber Fiber::run(boost::context::fiber&& left, const std::function<void()>& body) {
  arrive(std::move(left));
  body();
  boost::context::fiber back = std::move(before_->context_);
  before_->before_ = this;
  leave_for(*before_, true);
  return back;
}

void Fiber::leave_for([[maybe_unused]] Fiber& next, [[maybe_unused]] bool for_good) {
  std::memcpy(exceptions_.data(), abi::__cxa_get_globals(), exceptions_.size());
#if defined(ROCKETLINK_ASAN)
  __sanitizer_start_switch_fiber(for_good ? nullptr : &fake_stack_, next.bottom_, next.size_);
#endif
#if defined(ROCKETLINK_TSAN)
  __tsan_switch_to_fiber(next.shadow_, 0);
#endif
}

void Fiber::arrive(boost::context::fiber&& left) {
#if defined(ROCKETLINK_ASAN)
  __sanitizer_finish_switch_fiber(fake_stack_, &before_->bottom_, &before_->size_);
#endif
  std::memcpy(static_cast<void*>(abi::__cxa_get_globals()), exceptions_.data(), exceptions_.size());
  before_->context_ = std::move(left);
}

}  // namespace rocketlink::sim
