#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <string>

#include "commands/run.h"
#include "commands/settings.h"
#include "connectors/stream_writer.h"
#include "rocketlink/options.h"

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

constexpr const char* kAbout =
    "Runs Flink SQL jobs between RocketMQ topics on this machine, without a JVM.\n"
    "Exit codes: 0 done or stopped by a signal, 1 the job failed, 2 the script or\n"
    "the command line cannot be used.";

constexpr const char* kRunAbout =
    "Run a script of Flink SQL: CREATE TABLE, CREATE VIEW, INSERT INTO, EXECUTE\n"
    "STATEMENT SET, SET. Connectors: mq, mq5, print, blackhole.\n"
    "All INSERTs run side by side until their sources end, or until SIGINT, SIGTERM\n"
    "or SIGHUP: then what was read is written out and committed, and the exit code\n"
    "is 0 (a second signal ends the process at once).";

void say(std::string_view text) {
  rocketlink::connectors::StreamWriter err(STDERR_FILENO, "standard error");
  (void)err.write(fmt::format("rocketlink: {}\n", text));
}

/// Takes the numbers of the standard streams that are closed, so that no socket gets one and with it what is said or
/// printed. Reading and writing them fails, as it would closed.
void reserve_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
    (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // the lowest number that is free
  }
}

/// Beyond a limit of a file's size (`ulimit -f`) a write fails, as on a full disk, rather than end the process without
/// a word.
void survive_file_size_limits() {
  std::signal(SIGXFSZ, SIG_IGN);
}

/// `500ms`, `10 s`: as in the script.
std::string check_duration(const std::string& text) {
  const auto time = rocketlink::commands::parse_duration(text);
  return time && time->count() > 0 ? "" : fmt::format("'{}' is no time such as '1 s' or '500 ms'", text);
}

CLI::App* add_run(CLI::App& app, rocketlink::commands::RunOptions& options, std::string& interval,
                  std::string& log_level) {
  CLI::App* const run = app.add_subcommand("run", kRunAbout);
  run->add_option("FILE", options.file, "The script; - reads standard input")->required()->option_text("");
  run->add_flag("--bounded", options.bounded, "Stop each source at the end that it has at the start");
  run->add_option("--commit-interval", interval,
                  "How often offsets are committed: at most so much is\nread again after a crash. Default: SET\n"
                  "'execution.checkpointing.interval', else 1 s")
      ->option_text("TIME")
      ->check(check_duration);
  run->add_option("--secret", options.secrets, "Replaces ${secret_values.NAME} in WITH; may be repeated")
      ->option_text("NAME=VALUE")
      ->allow_extra_args(false);
  run->add_option("--secrets-file", options.secrets_file, "Lines of NAME=VALUE, in a file of mode 0600")
      ->option_text("FILE");
  run->add_option("--log-level", log_level, "debug, info, warning (default) or error; the log goes\nto standard error")
      ->option_text("LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
  run->add_flag("--stats", options.stats, "At the end, print counts on standard error");
  run->add_option("--metrics", options.metrics,
                  "Show metrics to Prometheus at http://HOST:PORT/metrics;\nport 0: one that is free, which is said")
      ->option_text("HOST:PORT");
  CLI::Option* const flink = run->add_option("--flink", options.flink,
                                             "Hand the script to the Flink SQL Gateway at this address\n"
                                             "(http://HOST:PORT) and follow its jobs; a signal ends\n"
                                             "the following only, the jobs go on")
                                 ->option_text("URL");
  run->add_flag("--detach", options.detach, "With --flink: leave when the jobs are submitted")->needs(flink);
  run->footer("Secrets are also looked up in the environment, as ROCKETLINK_SECRET_NAME.");
  return run;
}

rocketlink::LogLevel log_level_of(const std::string& name) {
  using rocketlink::LogLevel;
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  return name == "error" ? LogLevel::kError : LogLevel::kWarning;
}

int run_program(int argc, char** argv) {
  CLI::App app(kAbout, "rocketlink");
  app.set_version_flag("--version", "rocketlink " ROCKETLINK_VERSION, "Print the version");
  app.set_help_flag("-h,--help", "Print this help");
  app.require_subcommand(1);
  rocketlink::commands::RunOptions run_options;
  std::string interval;
  std::string log_level;
  const CLI::App* const run = add_run(app, run_options, interval, log_level);
  const CLI::App* const options =
      app.add_subcommand("options", "Print every option of the connectors mq and mq5, as Markdown");
  app.footer("More: docs/run.md, docs/sql.md (the SQL), docs/flink.md; rocketlink run --help");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  if (options->parsed()) {
    rocketlink::connectors::StreamWriter out(STDOUT_FILENO, "standard output");
    const auto written = out.write(rocketlink::options_markdown());
    if (!written) say(written.error().text);
    return written ? 0 : kFailed;
  }
  if (!interval.empty()) run_options.commit_interval = rocketlink::commands::parse_duration(interval);
  run_options.log_level = log_level_of(log_level);
  return run->parsed() ? rocketlink::commands::run(run_options) : kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  reserve_standard_streams();
  survive_file_size_limits();
  try {
    return run_program(argc, argv);
  } catch (const std::exception& error) {
    say(error.what());
    return kFailed;
  }
}
