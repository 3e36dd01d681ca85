#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "duck/chunk.h"
#include "duck/duck.h"
#include "rocketlink/result.h"
#include "rocketlink/types.h"

namespace rocketlink::engine {

/// Where the table function of a scan gets its rows from. Called by DuckDB on the thread that runs the query.
class ChunkFeed {
 public:
  virtual ~ChunkFeed() = default;
  /// A query begins: these columns of the schema are all that it will read. One that names the table several times
  /// begins as often, and reads independently. False: there is a column among them that the feed does not hold.
  [[nodiscard]] virtual bool begin(std::span<const std::size_t> columns) = 0;
  /// The chunks, from 0 on; nullptr behind the last one.
  [[nodiscard]] virtual duckdb_data_chunk chunk(std::size_t index) = 0;
  /// The vector of a column in those chunks.
  [[nodiscard]] virtual std::size_t slot(std::size_t column) const = 0;
};

/// A table as DuckDB sees it: a table function without arguments whose columns are c0, c1, … Each connection on which
/// queries are run attaches a feed of its own before they are prepared.
class ScanFunction {
 public:
  /// Known to the whole database of `connection` afterwards.
  static Result<ScanFunction> create(duck::Connection& connection, const std::string& name, const Schema& schema);

  /// `feed` must outlive all queries that are prepared on `connection`.
  void attach(duck::Connection& connection, ChunkFeed& feed);

 private:
  struct State;
  explicit ScanFunction(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

}  // namespace rocketlink::engine
