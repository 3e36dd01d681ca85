#include "flink/submit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "flink/failure_text.h"
#include "flink/follow.h"
#include "flink/gateway.h"
#include "flink/jobs.h"
#include "flink/secrets.h"
#include "flink/statements.h"
#include "sql/quoting.h"

namespace rocketlink::flink {

namespace {

void show(const Outcome& outcome) {
  for (const auto& row : outcome.rows) fmt::print("{}\n", fmt::join(row, "\t"));
}

/// One script at one gateway.
class Submission {
 public:
  Submission(const sql::Script& script, Gateway& gateway, Secrets& secrets, Stop& stop)
      : script_(script), gateway_(gateway), secrets_(secrets), stop_(stop) {}

  /// Submits everything; the first error ends it.
  Status run(const std::vector<Statement>& statements) {
    for (const Statement& statement : statements) {
      const auto text = secrets_.put_into(statement.text);
      if (!text) return script_.error(statement.offset, text.error().text);
      const auto outcome = gateway_.execute(*text, [this] { return stop_.asked(); });
      if (!outcome) return refused(statement, outcome.error());
      if (outcome->query) {
        return script_.error(statement.offset,
                             "with --flink a query's rows have nowhere to go; write INSERT INTO a table");
      }
      if (outcome->job) {
        jobs_.push_back(*outcome->job);
        fmt::print("job {} submitted\n", *outcome->job);
      }
      show(*outcome);
      (void)std::fflush(stdout);
    }
    return {};
  }
  [[nodiscard]] const std::vector<std::string>& jobs() const { return jobs_; }

 private:
  /// Flink's stack trace as a line with the place in the script.
  Error refused(const Statement& statement, const Error& error) {
    if (!error.is(ErrorCode::kInternal)) return {error.code, secrets_.masked(error.text), error.retriable};
    const Failure failure = read_failure(error.text);
    std::size_t offset = statement.offset;
    // Where a secret stands in the statement its columns are others than the script's.
    if (failure.place && !secrets_.changes(statement.text)) {
      offset += offset_of(statement.text, failure.place->line, failure.place->column);
    }
    return script_.error(offset, "Flink: " + secrets_.masked(failure.text));
  }

  const sql::Script& script_;
  Gateway& gateway_;
  Secrets& secrets_;
  Stop& stop_;
  std::vector<std::string> jobs_;
};

void say_how_to_stop(const std::vector<std::string>& jobs, const Gateway& gateway, const std::string& job_manager) {
  fmt::print(
      "The jobs go on without this program. To stop one with a savepoint: STOP JOB 'ID' WITH SAVEPOINT at the gateway "
      "{}",
      gateway.url());
  if (!job_manager.empty()) fmt::print("; to cancel it: curl -X PATCH {}/jobs/ID?mode=cancel", job_manager);
  fmt::print("\n");
  for (const std::string& job : jobs) fmt::print("  {}\n", job);
  (void)std::fflush(stdout);
}

}  // namespace

Status submit(const sql::Script& script, const SubmitOptions& options, const SecretLookup& lookup,
              commands::Signals& signals) {
  if (const std::size_t end = sql::utf8_end(script.text()); end < script.text().size()) {
    return script.error(end, "this byte is not UTF-8; save the script as UTF-8");
  }
  const auto statements = split_script(script.text());
  if (statements.empty()) return script.error(0, "the script has no statement");
  Stop stop(signals);
  auto gateway = Gateway::open(options.gateway);
  if (!gateway) return gateway.error();
  Secrets secrets(lookup);
  Submission submission(script, *gateway, secrets, stop);
  const Status submitted = submission.run(statements);
  Jobs jobs(*gateway);
  Status done = submitted;
  if (submitted && !submission.jobs().empty() && !options.detach) done = follow(submission.jobs(), jobs, secrets, stop);
  const bool left = !submission.jobs().empty() && (options.detach || stop.asked() || !submitted);
  if (left) say_how_to_stop(submission.jobs(), *gateway, jobs.job_manager());
  gateway->close();
  // Who stops has nothing to complain about.
  if (!done && done.error().is(ErrorCode::kClosed)) return {};
  return done;
}

}  // namespace rocketlink::flink
