#include <unistd.h>

#include <cstdint>
#include <cstdlib>

/// What libstdc++'s random_device takes from glibc 2.36; our own, so that the library loads with 2.35 as well.
extern "C" std::uint32_t arc4random() noexcept {
  std::uint32_t value = 0;
  if (::getentropy(&value, sizeof(value)) != 0) std::abort();
  return value;
}
