#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <string>

#include "commands/run.h"
#include "commands/settings.h"
#include "rocketlink/options.h"

namespace {

constexpr int kUsage = 2;

constexpr const char* kAbout =
    "Runs Flink SQL jobs between RocketMQ topics on this machine, without a JVM.\n"
    "Exit codes: 0 done or stopped by a signal, 1 the job failed, 2 the script or the command line cannot be used.";

constexpr const char* kRunAbout =
    "Run a script of Flink SQL: CREATE TABLE, CREATE VIEW, INSERT INTO, EXECUTE STATEMENT SET, SET.\n"
    "All INSERTs run side by side until their sources end, or until SIGINT or SIGTERM, which write out what was read,\n"
    "commit and exit with 0 (a second one exits at once). Connectors: mq, mq5, print, blackhole.";

/// `500ms`, `10 s`: as in the script.
std::string check_duration(const std::string& text) {
  const auto time = rocketlink::commands::parse_duration(text);
  return time && time->count() > 0 ? "" : fmt::format("'{}' is no time such as '1 s' or '500 ms'", text);
}

CLI::App* add_run(CLI::App& app, rocketlink::commands::RunOptions& options, std::string& interval) {
  using rocketlink::LogLevel;
  CLI::App* const run = app.add_subcommand("run", kRunAbout);
  run->add_option("FILE", options.file, "The script; - reads standard input")->required();
  run->add_flag("--bounded", options.bounded, "Stop each source at the end it has when the job starts");
  run->add_option("--commit-interval", interval,
                  "How often offsets are committed, at most that much is read again after a crash; overrides "
                  "SET 'execution.checkpointing.interval' (default 1 s)")
      ->check(check_duration);
  run->add_option("--secret", options.secrets,
                  "NAME=VALUE: replaces ${secret_values.NAME} in WITH options; may be repeated")
      ->allow_extra_args(false);
  run->add_option("--secrets-file", options.secrets_file,
                  "Lines of NAME=VALUE; only its owner may be able to read it (mode 0600)");
  run->add_option("--log-level", options.log_level, "What is logged on standard error (default: warning)")
      ->transform(CLI::CheckedTransformer(std::map<std::string, LogLevel>{{"debug", LogLevel::kDebug},
                                                                          {"info", LogLevel::kInfo},
                                                                          {"warning", LogLevel::kWarning},
                                                                          {"error", LogLevel::kError}},
                                          CLI::ignore_case));
  run->add_flag("--stats", options.stats, "At the end, print counts for each source on standard error");
  run->footer("Secrets are also looked up in the environment as ROCKETLINK_SECRET_NAME.");
  return run;
}

int run_program(int argc, char** argv) {
  CLI::App app(kAbout, "rocketlink");
  app.set_version_flag("--version", "rocketlink " ROCKETLINK_VERSION);
  app.require_subcommand(1);
  rocketlink::commands::RunOptions run_options;
  std::string interval;
  const CLI::App* const run = add_run(app, run_options, interval);
  const CLI::App* const options =
      app.add_subcommand("options", "Print every option of the connectors mq and mq5, as Markdown");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  if (options->parsed()) {
    fmt::print("{}", rocketlink::options_markdown());
    return 0;
  }
  if (!interval.empty()) run_options.commit_interval = rocketlink::commands::parse_duration(interval);
  return run->parsed() ? rocketlink::commands::run(run_options) : kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_program(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "rocketlink: {}\n", error.what());
    return 1;
  }
}
