#include "commands/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <system_error>

#include "commands/compiler.h"
#include "commands/log.h"
#include "commands/secrets.h"
#include "commands/stats_lines.h"
#include "connectors/open_output.h"
#include "engine/job.h"
#include "flink/submit.h"
#include "metrics/server.h"
#include "process/signals.h"
#include "process/voice.h"
#include "sql/script.h"

namespace rocketlink::commands {

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUnusable = 2;

connectors::Streams own_streams() {
  return {{STDOUT_FILENO, "standard output"}, {STDERR_FILENO, "standard error"}};
}

int refuse(const process::Voice& err, const std::vector<Error>& problems) {
  for (const Error& problem : problems) err.say(problem.text);
  return kUnusable;
}

Result<std::string> read_script(const std::string& file) {
  std::ostringstream text;
  if (file == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown)) {
    return Error(ErrorCode::kIo, fmt::format("cannot read the script '{}': it is a directory", file));
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

/// What the log of skipped records, a line a minute, may have kept from somebody who asked for no counts.
void print_skipped(const process::Voice& err, const engine::JobStats& stats) {
  for (const auto& [table, in] : stats.sources) {
    if (in.records_skipped == 0) continue;
    err.say(fmt::format("source table {}: {} record(s) skipped ('columnErrorDebug' = 'true' logs each one)", table,
                        in.records_skipped));
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

int run_on_flink(const RunOptions& options, const sql::Script& script, const SecretLookup& secrets,
                 process::Signals& signals, const process::Voice& out, const process::Voice& err) {
  if (const auto refused = refused_with_flink(options)) return refuse(err, {*refused});
  const Status done = flink::submit(script, {options.flink, options.detach}, secrets, signals, out);
  if (done) return kDone;
  if (done.error().is(ErrorCode::kInvalidArgument)) return refuse(err, {done.error()});
  err.say(fmt::format("rocketlink: {}", done.error().text));
  return kFailed;
}

/// Runs the job until it ends or a signal comes.
Status run_job(engine::Job& job, process::Signals& signals) {
  signals.on_stop([&job] { job.stop(); });
  auto done = job.run();
  signals.on_stop({});
  return done;
}

}  // namespace

int run(const RunOptions& options) {
  process::Signals signals;
  connectors::Streams streams = own_streams();
  SecretMask mask;
  const process::Voice err(streams.err, mask);
  const LogFunction log = log_by(err, options.log_level);
  auto secrets = open_secrets({options.secrets, options.secrets_file, secrets_in_environment()});
  if (!secrets) return refuse(err, {secrets.error()});
  const SecretLookup lookup = mask.hiding(*secrets);
  auto text = read_script(options.file);
  if (!text) return refuse(err, {text.error()});
  const sql::Script script(options.file == "-" ? "standard input" : options.file, *std::move(text));
  if (!options.flink.empty()) return run_on_flink(options, script, lookup, signals, {streams.out, mask}, err);
  const auto statements = sql::parse_script(script);
  if (!statements) return refuse(err, {statements.error()});

  auto database = duck::Database::open();
  if (!database) return refuse(err, {database.error()});
  Compiler compiler(script, {options.bounded, options.commit_interval}, lookup, *database, streams, log);
  auto spec = compiler.compile(*statements);
  if (!spec) return refuse(err, compiler.problems());
  if (spec->inserts.empty()) {
    err.say(fmt::format("{}: no INSERT, nothing to run", script.name()));
    return kDone;
  }
  spec->on_stop = [&streams, time = spec->drain_patience] {
    streams.out.give_up_after(time);
    streams.err.give_up_after(time);
  };
  auto job = engine::Job::prepare(*std::move(spec), *database);
  if (!job) return refuse(err, {job.error()});

  std::unique_ptr<metrics::Server> server;
  if (!options.metrics.empty()) {
    auto opened = metrics::Server::open(
        options.metrics, [&job = **job] { return job.stats(); }, mask);
    if (!opened) return refuse(err, {opened.error()});
    server = *std::move(opened);
    err.say(fmt::format("metrics at {}", server->url()));
  }
  const Status done = run_job(**job, signals);
  if (options.stats || options.log_level <= LogLevel::kInfo) {
    for (const std::string& line : stats_lines((*job)->stats())) err.say(line);
  } else if (options.log_level <= LogLevel::kWarning) {
    print_skipped(err, (*job)->stats());
  }
  if (done) return kDone;
  // As with `head`: who has read enough closes the pipe, and that is no failure.
  if (done.error().is(ErrorCode::kClosed) && (streams.out.reader_gone() || streams.err.reader_gone())) return kDone;
  err.say(fmt::format("rocketlink: {}", done.error().text));
  return kFailed;
}

}  // namespace rocketlink::commands
