#include "commands/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <system_error>

#include "commands/compiler.h"
#include "commands/log.h"
#include "commands/secrets.h"
#include "commands/signals.h"
#include "connectors/open_output.h"
#include "engine/job.h"
#include "flink/submit.h"
#include "metrics/server.h"
#include "sql/script.h"

namespace rocketlink::commands {

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUnusable = 2;

int refuse(const std::vector<Error>& problems) {
  for (const Error& problem : problems) fmt::print(stderr, "{}\n", problem.text);
  return kUnusable;
}

Result<std::string> read_script(const std::string& file) {
  std::ostringstream text;
  if (file == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (stream) text << stream.rdbuf();
  if (!stream) {
    return Error(ErrorCode::kIo,
                 fmt::format("cannot read the script '{}': {}", file, std::generic_category().message(errno)));
  }
  return text.str();
}

/// What the INSERTs wrote that read a source, or none.
engine::OutputStats written(const engine::JobStats& stats, std::optional<std::size_t> source) {
  engine::OutputStats sum{.rows = 0, .delimiter_conflicts = 0, .sink = SinkStats{}};
  for (const auto& sink : stats.sinks) {
    if (sink.source == source) sum += sink.out;
  }
  return sum;
}

void print_stats(const engine::JobStats& stats) {
  for (std::size_t i = 0; i < stats.sources.size(); ++i) {
    const auto& [table, in] = stats.sources[i];
    const engine::OutputStats out = written(stats, i);
    fmt::print(stderr,
               "source table {}: {} rows in, {} records skipped, {} rows out, {} retries, calls to brokers: {} to "
               "read, {} to write\n",
               table, in.rows, in.records_skipped, out.rows, in.reader.retries + out.sink->retries, in.reader.api_calls,
               out.sink->api_calls);
  }
  const engine::OutputStats out = written(stats, std::nullopt);
  if (out.rows > 0) {
    fmt::print(stderr, "without a source table: {} rows out, {} retries, {} calls to brokers\n", out.rows,
               out.sink->retries, out.sink->api_calls);
  }
}

/// What means nothing to Flink is refused, rather than left out without a word.
std::optional<Error> refused_with_flink(const RunOptions& options) {
  const auto refusal = [](std::string_view flag, std::string_view instead) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("{} is for this machine, not for --flink: {}", flag, instead));
  };
  if (options.bounded) {
    return refusal("--bounded", "put 'scan.bounded.mode' = 'latest' into the WITH of each source table");
  }
  if (options.commit_interval) {
    return refusal("--commit-interval", "write SET 'execution.checkpointing.interval' = '…' in the script");
  }
  if (!options.metrics.empty()) return refusal("--metrics", "Flink has reporters of its own (metrics.reporters)");
  if (options.stats) return refusal("--stats", "the rows of each job are said while it is followed");
  return std::nullopt;
}

int run_on_flink(const RunOptions& options, const sql::Script& script, const SecretLookup& secrets, Signals& signals) {
  if (const auto refused = refused_with_flink(options)) return refuse({*refused});
  const Status done = flink::submit(script, {options.flink, options.detach}, secrets, signals);
  if (done) return kDone;
  if (done.error().is(ErrorCode::kInvalidArgument)) return refuse({done.error()});
  fmt::print(stderr, "rocketlink: {}\n", done.error().text);
  return kFailed;
}

/// Runs the job until it ends or a signal comes.
Status run_job(engine::Job& job, Signals& signals) {
  signals.on_stop([&job] { job.stop(); });
  auto done = job.run();
  signals.on_stop({});
  return done;
}

}  // namespace

int run(const RunOptions& options) {
  Signals signals;
  const LogFunction log = log_to_stderr(options.log_level);
  auto secrets = open_secrets({options.secrets, options.secrets_file, secrets_in_environment()});
  if (!secrets) return refuse({secrets.error()});
  auto text = read_script(options.file);
  if (!text) return refuse({text.error()});
  const sql::Script script(options.file == "-" ? "standard input" : options.file, *std::move(text));
  if (!options.flink.empty()) return run_on_flink(options, script, *secrets, signals);
  const auto statements = sql::parse_script(script);
  if (!statements) return refuse({statements.error()});

  auto database = duck::Database::open();
  if (!database) return refuse({database.error()});
  connectors::Streams streams{{STDOUT_FILENO, "standard output"}, {STDERR_FILENO, "standard error"}};
  Compiler compiler(script, {options.bounded, options.commit_interval}, *secrets, *database, streams, log);
  auto spec = compiler.compile(*statements);
  if (!spec) return refuse(compiler.problems());
  if (spec->inserts.empty()) {
    fmt::print(stderr, "{}: no INSERT, nothing to run\n", script.name());
    return kDone;
  }
  auto job = engine::Job::prepare(*std::move(spec), *database);
  if (!job) return refuse({job.error()});

  std::unique_ptr<metrics::Server> server;
  if (!options.metrics.empty()) {
    auto opened = metrics::Server::open(options.metrics, [&job = **job] { return job.stats(); });
    if (!opened) return refuse({opened.error()});
    server = *std::move(opened);
    fmt::print(stderr, "metrics at {}\n", server->url());
  }
  const Status done = run_job(**job, signals);
  if (options.stats || options.log_level <= LogLevel::kInfo) print_stats((*job)->stats());
  if (done) return kDone;
  // As with `head`: who has read enough closes the pipe, and that is no failure.
  if (done.error().is(ErrorCode::kClosed) && (streams.out.reader_gone() || streams.err.reader_gone())) return kDone;
  fmt::print(stderr, "rocketlink: {}\n", done.error().text);
  return kFailed;
}

}  // namespace rocketlink::commands
