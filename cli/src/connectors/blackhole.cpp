#include "connectors/blackhole.h"

#include <algorithm>

namespace rocketlink::connectors {

Status BlackholeOutput::write(duckdb_data_chunk chunk, const std::vector<bool>* skipped) {
  const auto left_out =
      skipped == nullptr ? 0 : static_cast<std::uint64_t>(std::count(skipped->begin(), skipped->end(), true));
  rows_ += duckdb_data_chunk_get_size(chunk) - left_out;
  return {};
}

}  // namespace rocketlink::connectors
