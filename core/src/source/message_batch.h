#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rocketlink/source.h"
#include "source/fetch_output.h"
#include "wire/message_set.h"

namespace rocketlink {

/// One fetched chunk being decoded.
struct MessageBatch::State {
  ~State() { release(); }
  void release();
  void start(source::FetchedChunk fetched);

  std::shared_ptr<source::FetchOutput> output;
  /// Tags that pass, compared by their text since a broker compares hashes only; empty = all.
  std::shared_ptr<const std::vector<std::string>> tags;
  source::FetchedChunk chunk;
  wire::MessageSetDecoder decoder;
  std::int64_t last_offset = -1;  ///< of the chunk's messages so far
  MessageView message;
};

/// The reader's way into a batch.
class ReaderAccess {
 public:
  /// Gives up what the batch holds.
  static void clear(MessageBatch& batch);
  static void fill(MessageBatch& batch, const std::shared_ptr<source::FetchOutput>& output,
                   const std::shared_ptr<const std::vector<std::string>>& tags, source::FetchedChunk chunk);
};

}  // namespace rocketlink
