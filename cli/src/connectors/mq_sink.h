#pragma once

#include <atomic>
#include <memory>

#include "connectors/sink_group.h"
#include "duck/chunk_reader.h"
#include "engine/output.h"
#include "rocketlink/client.h"
#include "rocketlink/log.h"
#include "rocketlink/options.h"
#include "rocketlink/row/encoder.h"
#include "rocketlink/types.h"

namespace rocketlink::connectors {

/// `mq` and `mq5`: each row becomes a message.
class MqOutput final : public engine::Output {
 public:
  /// Opens the outputs of `writers` writers, which share as many sinks as `sink.parallelism` says, else have one each.
  static engine::OpenOutput opener(std::shared_ptr<Client> client, Schema schema, SinkOptions options,
                                   std::size_t writers, LogFunction log);

  Status write(duckdb_data_chunk chunk, const std::vector<bool>* skipped) override;
  Status flush() override { return sinks_->flush(); }
  Status close(std::chrono::milliseconds timeout) override { return sinks_->close(timeout); }
  void abort() override { sinks_->abort(); }
  [[nodiscard]] engine::OutputStats stats() const override;

 private:
  struct Place {
    std::size_t writer = 0;
    std::size_t writers = 1;
  };
  MqOutput(const Schema& schema, row::Encoder encoder, std::shared_ptr<SinkGroup> sinks, Place place);

  duck::ChunkReader reader_;
  row::Encoder encoder_;
  std::shared_ptr<SinkGroup> sinks_;
  Place place_;
  std::size_t next_sink_;  ///< for rows without a partition
  std::atomic<std::uint64_t> rows_{0};
  std::atomic<std::uint64_t> delimiter_conflicts_{0};
};

}  // namespace rocketlink::connectors
