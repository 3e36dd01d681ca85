#include "connectors/print.h"

#include "connectors/print_format.h"
#include "engine/job_spec.h"

namespace rocketlink::connectors {

PrintOutput::PrintOutput(const Schema& schema, std::string prefix, StreamWriter& stream)
    : schema_(schema), prefix_(std::move(prefix)), stream_(stream), reader_(schema, engine::written_columns(schema)) {}

Status PrintOutput::write(duckdb_data_chunk chunk, const std::vector<bool>* skipped) {
  reader_.start(chunk, skipped);
  while (reader_.next()) {
    text_ += prefix_;
    append_row(reader_, schema_, text_);
    text_ += '\n';
    ++rows_in_text_;
    ++rows_taken_;
    if (text_.size() >= kMostBytes) {
      if (auto written = end_batch(); !written) return written;
    }
  }
  return {};
}

Status PrintOutput::end_batch() {
  if (text_.empty()) return {};
  auto written = stream_.write(text_);
  if (written) rows_out_ += rows_in_text_;
  rows_in_text_ = 0;
  text_.clear();
  return written;
}

}  // namespace rocketlink::connectors
