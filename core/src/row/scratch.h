#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

namespace rocketlink::row {

/// Empties a text that is filled again for each message. The room that one as large as any has taken is not kept for
/// others, of which this one needs `bytes`, if that is known.
inline void reuse(std::string& scratch, std::size_t bytes = 0) {
  constexpr std::size_t kKeptBytes = 1 << 20;  // what has grown beyond it is given back
  if (scratch.capacity() > std::max(kKeptBytes, 2 * bytes)) std::string().swap(scratch);
  scratch.clear();
  scratch.reserve(bytes);
}

}  // namespace rocketlink::row
