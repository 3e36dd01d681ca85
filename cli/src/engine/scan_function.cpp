#include "engine/scan_function.h"

#include <fmt/format.h>

#include <map>
#include <mutex>
#include <vector>

namespace rocketlink::engine {

struct ScanFunction::State {
  std::vector<DataType> types;
  std::mutex mutex;
  std::map<idx_t, ChunkFeed*> feeds;  ///< by connection; guarded by mutex

  [[nodiscard]] ChunkFeed* feed(idx_t connection) {
    const std::lock_guard lock(mutex);
    const auto found = feeds.find(connection);
    return found == feeds.end() ? nullptr : found->second;
  }
};

namespace {

idx_t connection_id(duckdb_client_context context) {
  const idx_t id = duckdb_client_context_get_connection_id(context);
  duckdb_destroy_client_context(&context);
  return id;
}

/// Which of the feed's vectors a running query gets, in its order.
struct Running {
  std::vector<std::size_t> columns;
  std::size_t next = 0;  ///< chunk
};

template <class T>
void destroy(void* object) {
  delete static_cast<T*>(object);
}

}  // namespace

Result<ScanFunction> ScanFunction::create(duck::Connection& connection, const std::string& name, const Schema& schema) {
  auto state = std::make_shared<State>();
  for (const Column& column : schema.columns) state->types.push_back(column.type);

  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, name.c_str());
  duckdb_table_function_supports_projection_pushdown(function, true);
  duckdb_table_function_set_extra_info(function, new std::shared_ptr<State>(state), destroy<std::shared_ptr<State>>);
  duckdb_table_function_set_bind(function, [](duckdb_bind_info info) {
    State& self = **static_cast<std::shared_ptr<State>*>(duckdb_bind_get_extra_info(info));
    for (std::size_t i = 0; i < self.types.size(); ++i) {
      const duck::LogicalType type = duck::logical_type(self.types[i]);
      duckdb_bind_add_result_column(info, fmt::format("c{}", i).c_str(), type.get());
    }
    duckdb_client_context context = nullptr;
    duckdb_table_function_get_client_context(info, &context);
    duckdb_bind_set_bind_data(info, self.feed(connection_id(context)), [](void*) {});
  });
  duckdb_table_function_set_init(function, [](duckdb_init_info info) {
    auto* const feed = static_cast<ChunkFeed*>(duckdb_init_get_bind_data(info));
    if (feed == nullptr) return duckdb_init_set_error(info, "this connection reads from nowhere");
    const State& self = **static_cast<std::shared_ptr<State>*>(duckdb_init_get_extra_info(info));
    auto running = std::make_unique<Running>();
    std::vector<std::size_t> read;
    for (idx_t i = 0; i < duckdb_init_get_column_count(info); ++i) {
      // A query that reads no column, such as count(*), asks for one that the table does not have.
      running->columns.push_back(duckdb_init_get_column_index(info, i));
      if (running->columns.back() < self.types.size()) read.push_back(running->columns.back());
    }
    if (!feed->begin(read)) return duckdb_init_set_error(info, "a query reads a column that it did not read at first");
    duckdb_init_set_max_threads(info, 1);
    duckdb_init_set_init_data(info, running.release(), destroy<Running>);
  });
  duckdb_table_function_set_function(function, [](duckdb_function_info info, duckdb_data_chunk output) {
    const State& self = **static_cast<std::shared_ptr<State>*>(duckdb_function_get_extra_info(info));
    auto& feed = *static_cast<ChunkFeed*>(duckdb_function_get_bind_data(info));
    auto& running = *static_cast<Running*>(duckdb_function_get_init_data(info));
    duckdb_data_chunk chunk = feed.chunk(running.next++);
    if (chunk == nullptr) return duckdb_data_chunk_set_size(output, 0);
    for (std::size_t i = 0; i < running.columns.size(); ++i) {
      if (running.columns[i] >= self.types.size()) continue;
      duckdb_vector_reference_vector(duckdb_data_chunk_get_vector(output, i),
                                     duckdb_data_chunk_get_vector(chunk, feed.slot(running.columns[i])));
    }
    duckdb_data_chunk_set_size(output, duckdb_data_chunk_get_size(chunk));
  });
  const duckdb_state registered = duckdb_register_table_function(connection.handle(), function);
  duckdb_destroy_table_function(&function);
  if (registered == DuckDBError) {
    return Error(ErrorCode::kInternal, fmt::format("DuckDB does not take the table function {}", name));
  }
  return ScanFunction(std::move(state));
}

void ScanFunction::attach(duck::Connection& connection, ChunkFeed& feed) {
  duckdb_client_context context = nullptr;
  duckdb_connection_get_client_context(connection.handle(), &context);
  const idx_t id = connection_id(context);
  const std::lock_guard lock(state_->mutex);
  state_->feeds[id] = &feed;
}

}  // namespace rocketlink::engine
