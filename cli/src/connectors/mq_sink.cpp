#include "connectors/mq_sink.h"

#include "engine/job_spec.h"

namespace rocketlink::connectors {

Result<std::unique_ptr<engine::Output>> MqOutput::open(const std::shared_ptr<Client>& client, const Schema& schema,
                                                       const SinkOptions& options, const LogFunction& log) {
  auto encoder = row::Encoder::create(schema, options.format, options.partition_field, log);
  if (!encoder) return std::move(encoder).error();
  auto sink = Sink::open(client, options);
  if (!sink) return std::move(sink).error();
  return std::unique_ptr<engine::Output>(new MqOutput(schema, *std::move(encoder), *std::move(sink)));
}

MqOutput::MqOutput(const Schema& schema, row::Encoder encoder, std::unique_ptr<Sink> sink)
    : reader_(schema, engine::written_columns(schema)), encoder_(std::move(encoder)), sink_(std::move(sink)) {}

Status MqOutput::write(duckdb_data_chunk chunk, const std::vector<bool>* skipped) {
  reader_.start(chunk, skipped);
  std::uint64_t rows = 0;
  while (reader_.next()) {
    if (auto written = sink_->write(encoder_.encode(reader_)); !written) return written;
    ++rows;
  }
  rows_ += rows;
  return {};
}

engine::OutputStats MqOutput::stats() const {
  const SinkStats stats = sink_->stats();
  return {.rows = rows_, .retries = stats.retries, .api_calls = stats.api_calls};
}

}  // namespace rocketlink::connectors
