#include "flink/submit.h"

#include <fmt/format.h>

#include <algorithm>
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

Error without_a_table(const sql::Script& script, const Statement& query) {
  return script.error(query.offset, "with --flink a query's rows have nowhere to go; write INSERT INTO a table");
}

/// One script at one gateway.
class Submission {
 public:
  Submission(const sql::Script& script, Gateway& gateway, const Secrets& secrets, Stop& stop, const process::Voice& out)
      : script_(script), gateway_(gateway), secrets_(secrets), stop_(stop), out_(out) {}

  /// Submits everything; the first error ends it.
  Status run(const std::vector<Statement>& statements) {
    for (const Statement& statement : statements) {
      const auto text = secrets_.put_into(statement.text);
      if (!text) return script_.error(statement.offset, text.error().text);
      const auto outcome = gateway_.execute(*text, [this] { return stop_.asked(); });
      if (!outcome) return refused(statement, outcome.error());
      if (outcome->query) return without_a_table(script_, statement);
      if (outcome->job) {
        jobs_.push_back(*outcome->job);
        out_.say(fmt::format("job {} submitted", *outcome->job));
      }
      for (const auto& row : outcome->rows) out_.say(fmt::format("{}", fmt::join(row, "\t")));
    }
    return {};
  }
  [[nodiscard]] const std::vector<std::string>& jobs() const { return jobs_; }

 private:
  /// Flink's stack trace as a line with the place in the script.
  Error refused(const Statement& statement, const Error& error) {
    if (!error.is(ErrorCode::kInternal)) return error;
    const Failure failure = read_failure(error.text);
    std::size_t offset = statement.offset;
    // Where a secret stands in the statement its columns are others than the script's.
    if (failure.place && !secrets_.changes(statement.text)) {
      offset += offset_of(statement.text, failure.place->line, failure.place->column);
    }
    return script_.error(offset, "Flink: " + failure.text);
  }

  const sql::Script& script_;
  Gateway& gateway_;
  const Secrets& secrets_;
  Stop& stop_;
  const process::Voice& out_;
  std::vector<std::string> jobs_;
};

std::string how_to_stop(const std::vector<std::string>& jobs, const Gateway& gateway, const std::string& job_manager) {
  std::string text = fmt::format(
      "The jobs go on without this program. To stop one with a savepoint: STOP JOB 'ID' WITH SAVEPOINT at the gateway "
      "{}",
      gateway.url());
  if (!job_manager.empty()) text += fmt::format("; to cancel it: curl -X PATCH {}/jobs/ID?mode=cancel", job_manager);
  for (const std::string& job : jobs) text += fmt::format("\n  {}", job);
  return text;
}

}  // namespace

Status submit(const sql::Script& script, const SubmitOptions& options, const SecretLookup& lookup,
              process::Signals& signals, const process::Voice& out) {
  if (const std::size_t end = sql::utf8_end(script.text()); end < script.text().size()) {
    return script.error(end, "this byte is not UTF-8; save the script as UTF-8");
  }
  const auto statements = split_script(script.text());
  if (statements.empty()) return script.error(0, "the script has no statement");
  // Before anything runs: at the gateway it would be a job that reads, for a moment.
  for (const Statement& statement : statements) {
    if (is_query(statement.text)) return without_a_table(script, statement);
  }
  Stop stop(signals, out);
  auto gateway = Gateway::open(options.gateway);
  if (!gateway) return gateway.error();
  const Secrets secrets(lookup);
  Submission submission(script, *gateway, secrets, stop, out);
  const Status submitted = submission.run(statements);
  Jobs jobs(*gateway);
  Status done = submitted;
  if (submitted && !submission.jobs().empty() && !options.detach) done = follow(submission.jobs(), jobs, stop, out);
  const bool left = !submission.jobs().empty() && (options.detach || stop.asked() || !submitted);
  if (left) out.say(how_to_stop(submission.jobs(), *gateway, jobs.job_manager()));
  gateway->close();
  // Who stops has nothing to complain about.
  if (!done && done.error().is(ErrorCode::kClosed)) return {};
  return done;
}

}  // namespace rocketlink::flink
