#include "engine/single_run.h"

namespace rocketlink::engine {

Result<std::unique_ptr<SingleRun>> SingleRun::prepare(const JobSpec& job, const InsertSpec& spec,
                                                      duck::Database& database, RunControl& control) {
  auto connection = duck::Connection::open(database);
  if (!connection) return std::move(connection).error();
  auto insert = Insert::prepare(*connection, spec);
  if (!insert) return std::move(insert).error();
  return std::unique_ptr<SingleRun>(new SingleRun(job, spec, control, *std::move(connection), *std::move(insert)));
}

Status SingleRun::run() {
  if (auto opened = outputs_.open(job_, {&spec_}, insert_, 0, control_); !opened) return opened;
  if (auto run = insert_.front().run(); !run) return run;
  if (auto ended = outputs_.end_batch(insert_); !ended) return ended;
  if (auto flushed = outputs_.flush(insert_); !flushed) return flushed;
  return outputs_.close(insert_, job_.drain_patience);
}

}  // namespace rocketlink::engine
