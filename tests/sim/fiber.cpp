#include "sim/fiber.h"

#include <cxxabi.h>

#include <boost/context/detail/fcontext.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <cstring>
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

// A function that begins on one stack and ends on another: what sanitizers count at its begin and end would not agree.
#if defined(__clang__)
#define ROCKETLINK_UNSEEN __attribute__((noinline, disable_sanitizer_instrumentation))
#else
#define ROCKETLINK_UNSEEN __attribute__((noinline, no_sanitize("thread"), no_sanitize("address")))
#endif

namespace rocketlink::sim {

namespace {

using boost::context::detail::fcontext_t;
using boost::context::detail::transfer_t;

/// Of address space: pages come as they are touched. The one before the stack never does.
const boost::context::protected_fixedsize_stack kStacks(1 << 20);

}  // namespace

/// Boost's assembly with what sanitizers must hear. Its public class above that is made of templates, which would be
/// seen (ROCKETLINK_UNSEEN).
struct Fiber::Switch {
  ROCKETLINK_UNSEEN static transfer_t jump(Fiber& from, Fiber& to, [[maybe_unused]] bool for_good) {
#if defined(ROCKETLINK_ASAN)
    __sanitizer_start_switch_fiber(for_good ? nullptr : &from.fake_stack_, to.bottom_, to.size_);
#endif
#if defined(ROCKETLINK_TSAN)
    __tsan_switch_to_fiber(to.shadow_, 0);
#endif
    to.before_ = &from;
    return boost::context::detail::jump_fcontext(to.context_, &to);
  }

  ROCKETLINK_UNSEEN static void begin(transfer_t transfer) {
    auto& self = *static_cast<Fiber*>(transfer.data);
    self.arrive(transfer.fctx);
    self.body_();
    self.leave();
    jump(self, *self.before_, true);
  }
};

Fiber::Fiber() {
#if defined(ROCKETLINK_TSAN)
  shadow_ = __tsan_get_current_fiber();
#endif
}

Fiber::Fiber(std::function<void()> body) : body_(std::move(body)) {
  auto stacks = kStacks;
  const boost::context::stack_context stack = stacks.allocate();
  top_ = stack.sp;
  bottom_ = static_cast<const char*>(stack.sp) - stack.size;
  size_ = stack.size;
  context_ = boost::context::detail::make_fcontext(top_, size_, &Switch::begin);
#if defined(ROCKETLINK_TSAN)
  shadow_ = __tsan_create_fiber(0);
#endif
}

Fiber::~Fiber() {
  if (top_ == nullptr) return;
#if defined(ROCKETLINK_TSAN)
  __tsan_destroy_fiber(shadow_);
#endif
  auto stacks = kStacks;
  boost::context::stack_context stack;
  stack.sp = top_;
  stack.size = size_;
  stacks.deallocate(stack);
}

void Fiber::switch_to(Fiber& next) {
  leave();
  arrive(Switch::jump(*this, next, false).fctx);
}

void Fiber::leave() {
  std::memcpy(exceptions_.data(), abi::__cxa_get_globals(), exceptions_.size());
}

void Fiber::arrive(void* left) {
#if defined(ROCKETLINK_ASAN)
  __sanitizer_finish_switch_fiber(fake_stack_, &before_->bottom_, &before_->size_);
#endif
  std::memcpy(static_cast<void*>(abi::__cxa_get_globals()), exceptions_.data(), exceptions_.size());
  before_->context_ = left;
}

}  // namespace rocketlink::sim
