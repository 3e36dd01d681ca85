#include "statics.h"

#include <atomic>
#include <new>

namespace {

struct Static {
  void (*destroy)(void*) = nullptr;
  void* object = nullptr;
  Static* before = nullptr;
};

std::atomic<Static*> last{nullptr};

}  // namespace

/// In place of the C library's function of this name (the linker's --wrap), which every static with a destructor calls
/// once it is made, those of the libraries inside too; the C library would destroy them at exit.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" int __wrap___cxa_atexit(void (*destroy)(void*), void* object, void*) {
  auto* const made = new (std::nothrow) Static{destroy, object, last.load()};
  if (made == nullptr) return -1;
  while (!last.compare_exchange_weak(made->before, made)) {
  }
  return 0;
}

namespace rocketlink::jni {

void destroy_statics() {
  while (Static* const made = last.load()) {
    last = made->before;
    made->destroy(made->object);
    delete made;
  }
}

}  // namespace rocketlink::jni
