#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "duck/chunk_reader.h"
#include "engine/job.h"
#include "mock/mock_cluster.h"

namespace rocketlink::engine {

using std::chrono::milliseconds;

/// What an INSERT's writers gave, and how they shall behave. Shared by all writers of an INSERT.
struct Written {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> rows;         ///< column 0 of each row, a VARCHAR
  std::vector<std::thread::id> threads;  ///< that wrote
  int closed = 0;
  int aborted = 0;
  bool fail_write = false;
  bool fail_flush = false;
  bool hold_flush = false;  ///< flush waits until abort or release

  void release() {
    const std::lock_guard lock(mutex);
    hold_flush = false;
    changed.notify_all();
  }
  bool wait_for_rows(std::size_t count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [&] { return rows.size() >= count; });
  }
  std::vector<std::string> taken() {
    const std::lock_guard lock(mutex);
    return rows;
  }
};

class WrittenOutput final : public Output {
 public:
  WrittenOutput(const Schema& schema, std::shared_ptr<Written> written)
      : written_(std::move(written)), reader_(schema, std::vector<bool>(schema.columns.size(), true)) {}

  Status write(duckdb_data_chunk chunk, const std::vector<bool>* skipped) override {
    const std::lock_guard lock(written_->mutex);
    if (written_->fail_write) return Error(ErrorCode::kTooLarge, "the broker has no room");
    reader_.start(chunk, skipped);
    while (reader_.next()) {
      written_->rows.push_back(reader_.is_null(0) ? "NULL" : std::string(reader_.get_string(0)));
      ++rows_;
    }
    written_->threads.push_back(std::this_thread::get_id());
    written_->changed.notify_all();
    return {};
  }
  Status flush() override {
    std::unique_lock lock(written_->mutex);
    written_->changed.wait(lock, [&] { return !written_->hold_flush || aborted_; });
    if (aborted_) return Error(ErrorCode::kClosed, "given up");
    if (written_->fail_flush) return Error(ErrorCode::kTimeout, "the broker does not answer");
    return {};
  }
  Status close(milliseconds /*timeout*/) override {
    const std::lock_guard lock(written_->mutex);
    ++written_->closed;
    return {};
  }
  void abort() override {
    const std::lock_guard lock(written_->mutex);
    aborted_ = true;
    ++written_->aborted;
    written_->changed.notify_all();
  }
  [[nodiscard]] OutputStats stats() const override {
    return {.rows_taken = rows_, .rows_out = rows_, .delimiter_conflicts = 0, .sink = std::nullopt};
  }

 private:
  std::shared_ptr<Written> written_;
  duck::ChunkReader reader_;
  bool aborted_ = false;
  std::atomic<std::uint64_t> rows_{0};
};

/// Jobs over a mock cluster whose topic "orders" is read by group "readers" into tables that keep their rows.
class JobTest : public testing::Test {
 protected:
  explicit JobTest(mock::MockSetup setup = {}) : mock(std::move(setup)) {
    auto opened = duck::Database::open();
    EXPECT_TRUE(opened);
    database = std::make_unique<duck::Database>(*std::move(opened));
    auto connected = duck::Connection::open(*database);
    EXPECT_TRUE(connected);
    connection = std::make_unique<duck::Connection>(*std::move(connected));
    options.connection.endpoints = mock.endpoints();
    options.topic = "orders";
    options.consumer_group = "readers";
    options.format.field_delimiter = ",";
    spec.commit_interval = milliseconds(20);
    spec.log = [this](LogLevel level, std::string_view text) {
      const std::lock_guard lock(log_mutex);
      if (level >= LogLevel::kWarning) log.emplace_back(text);
    };
    source.columns = {column("a", TypeKind::kVarchar), column("b", TypeKind::kInteger)};
    source.columns[1].type.precision = 0;
    source_of_text.columns = {column("a", TypeKind::kVarchar)};
  }

  static Column column(std::string name, TypeKind kind) {
    Column made;
    made.name = std::move(name);
    made.type.kind = kind;
    return made;
  }

  /// A scan of `schema` with the options as they are; gives its number.
  std::size_t add_scan(const Schema& schema, std::size_t readers = 1) {
    const std::size_t number = spec.scans.size();
    auto client = Client::create(options.connection, spec.log);
    EXPECT_TRUE(client);
    auto function = ScanFunction::create(*connection, "scan_" + std::to_string(number), schema);
    EXPECT_TRUE(function);
    spec.scans.push_back({"source", schema, options, readers, *client, *function});
    return number;
  }
  /// An INSERT of one text column.
  std::shared_ptr<Written> add_insert(std::optional<std::size_t> scan, std::string sql, bool nullable = true) {
    auto written = std::make_shared<Written>();
    Schema target{{column("text", TypeKind::kVarchar)}};
    target.columns[0].type.nullable = nullable;
    InsertSpec insert;
    insert.target = "target";
    insert.schema = target;
    insert.sql = std::move(sql);
    insert.scan = scan;
    insert.open = [target, written](std::size_t) -> Result<std::unique_ptr<Output>> {
      return std::unique_ptr<Output>(std::make_unique<WrittenOutput>(target, written));
    };
    spec.inserts.push_back(std::move(insert));
    return written;
  }
  Job& prepare() {
    auto prepared = Job::prepare(std::move(spec), *database);
    EXPECT_TRUE(prepared) << prepared.error().text;
    job = *std::move(prepared);
    return *job;
  }
  /// Runs on a thread of its own until `finish`.
  void start() {
    Job& running = prepare();
    thread = std::thread([this, &running] { result = running.run(); });
  }
  Status finish() {
    thread.join();
    return result;
  }
  Status stop() {
    job->stop();
    return finish();
  }
  bool wait_committed(const QueueId& queue, std::int64_t offset, milliseconds patience = milliseconds(10'000)) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (mock.committed("readers", queue) != offset) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(milliseconds(5));
    }
    return true;
  }
  std::int64_t append(const std::string& body, std::int32_t queue = 0) {
    mock::MockMessage message;
    message.body = body;
    return mock.append({"orders", "broker-a", queue}, message);
  }

  mock::MockCluster mock;
  const QueueId queue0{"orders", "broker-a", 0};
  std::unique_ptr<duck::Database> database;
  std::unique_ptr<duck::Connection> connection;
  Schema source;
  Schema source_of_text;
  SourceOptions options;
  JobSpec spec;
  std::unique_ptr<Job> job;
  std::thread thread;
  Status result;
  std::mutex log_mutex;
  std::vector<std::string> log;
};

}  // namespace rocketlink::engine
