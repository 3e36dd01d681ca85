#include "connectors/open_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/blackhole.h"
#include "connectors/mq_sink.h"
#include "connectors/print.h"

namespace rocketlink::connectors {

namespace {

/// As Flink's print connector has it: identifier and number of the subtask, the latter when there are several.
std::string print_prefix(const PrintOptions& options, std::size_t writer, std::size_t writers) {
  const std::size_t subtasks =
      std::min(writers, static_cast<std::size_t>(options.parallelism.value_or(static_cast<std::int32_t>(writers))));
  std::string prefix = options.identifier;
  if (subtasks > 1) prefix += fmt::format("{}{}", prefix.empty() ? "" : ":", writer % subtasks + 1);
  if (!prefix.empty()) prefix += "> ";
  return prefix;
}

}  // namespace

engine::OpenOutput output_of(const Table& table, std::shared_ptr<Client> client, std::size_t writers, Streams& streams,
                             LogFunction log) {
  using Opened = Result<std::unique_ptr<engine::Output>>;
  const Schema& schema = table.definition.schema;
  switch (table.kind) {
    case TableKind::kPrint:
      return [schema, options = table.print, writers, &streams](std::size_t writer) -> Opened {
        StreamWriter& stream = options.standard_error ? streams.err : streams.out;
        return std::unique_ptr<engine::Output>(
            std::make_unique<PrintOutput>(schema, print_prefix(options, writer, writers), stream));
      };
    case TableKind::kBlackhole:
      return [](std::size_t) -> Opened { return std::unique_ptr<engine::Output>(std::make_unique<BlackholeOutput>()); };
    case TableKind::kMq:
      break;
  }
  return MqOutput::opener(std::move(client), schema, *table.sink, writers, std::move(log));
}

}  // namespace rocketlink::connectors
