#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "engine/loop/progress.h"
#include "engine/loop/run_control.h"
#include "rocketlink/options.h"
#include "rocketlink/source.h"

namespace rocketlink::engine {

/// What is done with the messages of a ReadLoop. For its thread, but for `abort`.
class MessageWork {
 public:
  MessageWork() = default;
  virtual ~MessageWork() = default;
  MessageWork(const MessageWork&) = delete;
  MessageWork& operator=(const MessageWork&) = delete;

  /// Before anything is read. May wait for the network.
  virtual Status open() = 0;
  /// To be filled by the reader while not `busy`; then `start`.
  [[nodiscard]] virtual MessageBatch& batch() = 0;
  virtual void start() = 0;
  /// A batch is not done with yet.
  [[nodiscard]] virtual bool busy() const = 0;
  /// Goes on with the batch, and with more that `poll` gives without waiting (true: there was one). Gives the positions
  /// behind the batches that it finished.
  virtual Result<std::vector<Position>> run(const std::function<bool()>& poll) = 0;
  /// Returns when all that came of the messages so far is safely stored.
  virtual Status flush() = 0;
  virtual Status close(std::chrono::milliseconds timeout) = 0;
};

/// How long the end waits for acknowledgements; then it fails.
constexpr std::chrono::milliseconds kClosePatience{30'000};

struct ReadLoopSettings {
  std::string table;                                ///< to be named in messages
  std::chrono::milliseconds commit_interval{1000};  ///< between two flushes with the commit behind them
  std::chrono::milliseconds close_patience = kClosePatience;
  bool commits_start = false;  ///< at once, as of a start that is passing
};

/// One reader of a source table: polls, has the work done, and every commit interval flushes and then commits the
/// offsets that were done before that.
///
/// `run` on one thread; the rest on any.
class ReadLoop {
 public:
  ReadLoop(ReadLoopSettings settings, std::unique_ptr<SourceReader> reader, MessageWork& work, RunControl& control);

  /// Reads until every split is read to its stop, or the run shall end; flushed, committed and closed afterwards. An
  /// error is this loop's end; what is not flushed by then is not committed.
  Status run();

  void add_splits(std::span<const Split> splits);
  void no_more_splits();
  [[nodiscard]] ReaderStats reader_stats() const { return reader_->stats(); }
  /// Since there was something to read; 0: there is.
  [[nodiscard]] std::chrono::milliseconds idle() const;

 private:
  [[nodiscard]] SteadyTime now() const { return control_.runtime().now(); }
  Status read();
  void take_splits();
  Result<bool> wait_for_batch();
  Status do_work();
  Status checkpoint();
  Status last_checkpoint();
  [[nodiscard]] std::chrono::milliseconds until_checkpoint() const;
  [[nodiscard]] Error named(Error error) const;

  const ReadLoopSettings settings_;
  RunControl& control_;
  MessageWork& work_;
  std::unique_ptr<SourceReader> reader_;
  Progress progress_;
  SteadyTime next_checkpoint_{};

  std::mutex splits_mutex_;
  std::vector<Split> new_splits_;  // guarded by splits_mutex_, as the one below
  bool no_more_splits_ = false;
  std::atomic<SteadyTime::rep> idle_since_{0};  ///< 0: it is not
};

}  // namespace rocketlink::engine
