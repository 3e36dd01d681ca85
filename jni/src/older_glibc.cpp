#include "older_glibc.h"

#include <link.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>

namespace rocketlink::jni {
namespace {

struct Search {
  ElfW(Addr) address;
  dl_find_object& found;
};

int look_in(dl_phdr_info* library, std::size_t, void* data) {
  const auto& search = *static_cast<const Search*>(data);
  bool holds_it = false;
  void* table = nullptr;
  for (const auto& part : std::span(library->dlpi_phdr, library->dlpi_phnum)) {
    const ElfW(Addr) begin = library->dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_LOAD && search.address - begin < part.p_memsz) holds_it = true;
    if (part.p_type == PT_GNU_EH_FRAME) table = reinterpret_cast<void*>(begin);
  }
  if (holds_it) search.found.dlfo_eh_frame = table;
  return holds_it ? 1 : 0;
}

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * kSecond + time.tv_nsec;
}

timespec now(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return time;
}

}  // namespace

int find_object(void* address, dl_find_object& found) noexcept {
  found = {};
  Search search{reinterpret_cast<ElfW(Addr)>(address), found};
  return ::dl_iterate_phdr(look_in, &search) == 1 ? 0 : -1;
}

int wait_by_wall_clock(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock, const timespec& deadline) {
  const auto left = [&] { return nanoseconds(deadline) - nanoseconds(now(clock)); };
  const std::int64_t until = nanoseconds(now(CLOCK_REALTIME)) + std::clamp<std::int64_t>(left(), 0, kSecond);
  const timespec end{.tv_sec = until / kSecond, .tv_nsec = until % kSecond};
  const int result = ::pthread_cond_timedwait(condition, mutex, &end);
  return result == ETIMEDOUT && left() > 0 ? 0 : result;
}

}  // namespace rocketlink::jni
