#pragma once

#include <atomic>
#include <memory>

#include "duck/chunk_reader.h"
#include "engine/output.h"
#include "rocketlink/client.h"
#include "rocketlink/log.h"
#include "rocketlink/options.h"
#include "rocketlink/row/encoder.h"
#include "rocketlink/sink.h"
#include "rocketlink/types.h"

namespace rocketlink::connectors {

/// `mq` and `mq5`: each row becomes a message.
class MqOutput final : public engine::Output {
 public:
  static Result<std::unique_ptr<engine::Output>> open(const std::shared_ptr<Client>& client, const Schema& schema,
                                                      const SinkOptions& options, const LogFunction& log);

  Status write(duckdb_data_chunk chunk, const std::vector<bool>* skipped) override;
  Status flush() override { return sink_->flush(); }
  Status close(std::chrono::milliseconds timeout) override { return sink_->close(timeout); }
  void abort() override { sink_->abort(); }
  [[nodiscard]] engine::OutputStats stats() const override;

 private:
  MqOutput(const Schema& schema, row::Encoder encoder, std::unique_ptr<Sink> sink);

  duck::ChunkReader reader_;
  row::Encoder encoder_;
  std::unique_ptr<Sink> sink_;
  std::atomic<std::uint64_t> rows_{0};
};

}  // namespace rocketlink::connectors
