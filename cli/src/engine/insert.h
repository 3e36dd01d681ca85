#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "duck/duck.h"
#include "duck/statement.h"
#include "engine/job_spec.h"
#include "engine/output.h"
#include "rocketlink/result.h"

namespace rocketlink::engine {

/// An INSERT on one pipeline: its prepared query and its output. For one thread at a time.
class Insert {
 public:
  /// The scan's feed must be attached to `connection`; the query is run once over its rows so far, which are none, so
  /// that the feed learns which columns are read.
  static Result<Insert> prepare(duck::Connection& connection, const InsertSpec& spec);

  /// What `run` writes to; must be called before.
  void set_output(Output& output) { output_ = &output; }
  /// Runs the query over all that its feed gives now and writes what comes out.
  Status run();

  [[nodiscard]] const std::string& target() const { return target_; }
  [[nodiscard]] Output& output() const { return *output_; }
  /// An error of this INSERT, with its name.
  [[nodiscard]] Error named(Error error) const;

 private:
  struct NotNull {
    std::size_t slot = 0;
    std::string column;
  };

  Insert(duck::Statement statement, const InsertSpec& spec);
  Result<bool> check_nulls(duckdb_data_chunk chunk);

  duck::Statement statement_;
  std::string target_;
  std::vector<NotNull> not_null_;
  bool drop_nulls_;
  std::vector<bool> dropped_;  ///< of the current chunk, by row
  Output* output_ = nullptr;
};

}  // namespace rocketlink::engine
