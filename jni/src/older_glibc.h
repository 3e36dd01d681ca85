#pragma once

#include <dlfcn.h>
#include <pthread.h>

#include <ctime>

/// What a newer glibc has, by means of 2.28.
namespace rocketlink::jni {

/// As `_dl_find_object`: tells which library in memory holds an address, and where its table for unwinding is.
int find_object(void* address, dl_find_object& found) noexcept;

/// As `pthread_cond_clockwait`, but by the wall clock, which may be set meanwhile: so it waits a second at most, and
/// gives 0, as for a spurious wake-up, when that was not the deadline.
int wait_by_wall_clock(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock, const timespec& deadline);

}  // namespace rocketlink::jni
