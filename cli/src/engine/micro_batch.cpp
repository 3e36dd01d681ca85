#include "engine/micro_batch.h"

#include <algorithm>

namespace rocketlink::engine {

void MicroBatch::fix_columns() {
  slots_.resize(wanted_.size());
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (!wanted_[i]) continue;
    slots_[i] = types_.size();
    types_.push_back(schema_.columns[i].type);
  }
  // A chunk without columns could not be made; rows are counted all the same when no query reads any.
  if (types_.empty()) types_.push_back({.kind = TypeKind::kBoolean});
  writer_.emplace_back(schema_, wanted_, arena_);
}

duck::ChunkWriter& MicroBatch::writer() {
  duck::ChunkWriter& writer = writer_.front();
  if (filled_ > 0 && !writer.full()) return writer;
  finish_chunk();
  if (filled_ == chunks_.size()) {
    chunks_.push_back(duck::make_chunk(types_));
  } else {
    duckdb_data_chunk_reset(chunks_[filled_].get());
  }
  writer.start(chunks_[filled_++].get());
  return writer;
}

void MicroBatch::finish_chunk() {
  if (filled_ > 0) duckdb_data_chunk_set_size(chunks_[filled_ - 1].get(), writer_.front().rows());
}

void MicroBatch::clear() {
  filled_ = 0;
  bodies_ = 0;
  arena_.clear();
}

std::size_t MicroBatch::rows() const {
  return filled_ == 0 ? 0 : (filled_ - 1) * duckdb_vector_size() + writer_.front().rows();
}

bool MicroBatch::begin(std::span<const std::size_t> columns) {
  if (writer_.empty()) {
    for (const std::size_t column : columns) wanted_[column] = true;
    return true;
  }
  finish_chunk();
  return std::all_of(columns.begin(), columns.end(), [&](std::size_t column) { return wanted_[column]; });
}

duckdb_data_chunk MicroBatch::chunk(std::size_t index) {
  return index < filled_ ? chunks_[index].get() : nullptr;
}

}  // namespace rocketlink::engine
