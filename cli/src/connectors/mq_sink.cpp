#include "connectors/mq_sink.h"

#include <mutex>

#include "engine/job_spec.h"

namespace rocketlink::connectors {

engine::OpenOutput MqOutput::opener(std::shared_ptr<Client> client, Schema schema, SinkOptions options,
                                    std::size_t writers, LogFunction log) {
  struct Shared {
    std::mutex mutex;
    std::shared_ptr<SinkGroup> sinks;  // guarded by mutex
  };
  const std::size_t sinks = options.parallelism ? static_cast<std::size_t>(*options.parallelism) : writers;
  return [client = std::move(client), schema = std::move(schema), options = std::move(options), sinks, writers,
          log = std::move(log),
          shared = std::make_shared<Shared>()](std::size_t writer) -> Result<std::unique_ptr<engine::Output>> {
    auto encoder = row::Encoder::create(schema, options, log);
    if (!encoder) return std::move(encoder).error();
    const std::lock_guard lock(shared->mutex);
    if (!shared->sinks) {
      auto opened = SinkGroup::open(client, options, sinks, writers);
      if (!opened) return std::move(opened).error();
      shared->sinks = *std::move(opened);
    }
    return std::unique_ptr<engine::Output>(new MqOutput(schema, *std::move(encoder), shared->sinks, {writer, writers}));
  };
}

MqOutput::MqOutput(const Schema& schema, row::Encoder encoder, std::shared_ptr<SinkGroup> sinks, Place place)
    : reader_(schema, engine::written_columns(schema)),
      encoder_(std::move(encoder)),
      sinks_(std::move(sinks)),
      place_(place),
      next_sink_(place.writer % sinks_->size()) {}

Status MqOutput::write(duckdb_data_chunk chunk, const std::vector<bool>* skipped) {
  reader_.start(chunk, skipped);
  std::uint64_t rows = 0;
  while (reader_.next()) {
    const OutgoingMessage message = encoder_.encode(reader_);
    const std::size_t sink = message.partition ? sinks_->sink_of(*message.partition) : next_sink_;
    if (auto written = sinks_->write(sink, message); !written) return written;
    ++rows;
  }
  next_sink_ = (next_sink_ + place_.writers) % sinks_->size();
  rows_ += rows;
  delimiter_conflicts_ = encoder_.stats().delimiter_conflicts;
  return {};
}

engine::OutputStats MqOutput::stats() const {
  // The sinks are shared: the first writer speaks for all.
  const SinkStats sink = place_.writer == 0 ? sinks_->stats() : SinkStats{};
  return {.rows_taken = rows_,
          .rows_out = sink.messages_acknowledged,
          .delimiter_conflicts = delimiter_conflicts_,
          .sink = sink};
}

}  // namespace rocketlink::connectors
