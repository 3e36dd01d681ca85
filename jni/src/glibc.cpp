#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "older_glibc.h"

/// What libstdc++ and the compiler's unwinder take from a glibc that is newer than 2.28; our own, so that the library
/// loads with that one.
extern "C" {

// 2.32. What takes a short cut where there is one thread must not take it here.
extern const char __libc_single_threaded = 0;  // NOLINT(bugprone-reserved-identifier)

// 2.36
std::uint32_t arc4random() noexcept {
  std::uint32_t value = 0;
  if (::getentropy(&value, sizeof(value)) != 0) std::abort();
  return value;
}

// 2.35
int _dl_find_object(void* address, dl_find_object* found) noexcept {
  return rocketlink::jni::find_object(address, *found);
}

// 2.30
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* deadline) {
  static const auto newer =
      reinterpret_cast<decltype(&pthread_cond_clockwait)>(::dlsym(RTLD_DEFAULT, "pthread_cond_clockwait"));
  return newer != nullptr ? newer(condition, mutex, clock, deadline)
                          : rocketlink::jni::wait_by_wall_clock(condition, mutex, clock, *deadline);
}
}
