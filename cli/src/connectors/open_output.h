#pragma once

#include <memory>

#include "connectors/stream_writer.h"
#include "connectors/table.h"
#include "engine/output.h"
#include "rocketlink/client.h"
#include "rocketlink/log.h"

namespace rocketlink::connectors {

/// How the writers of one INSERT into `table` are opened; `writers` of them, one for each reader of the source.
/// `client` is for mq and mq5 only. `streams` must outlive the outputs.
[[nodiscard]] engine::OpenOutput output_of(const Table& table, std::shared_ptr<Client> client, std::size_t writers,
                                           Streams& streams, LogFunction log);

}  // namespace rocketlink::connectors
