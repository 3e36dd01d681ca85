#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "commands/client_pool.h"
#include "commands/settings.h"
#include "connectors/open_output.h"
#include "connectors/table.h"
#include "duck/duck.h"
#include "engine/job_spec.h"
#include "planner/planner.h"
#include "rocketlink/log.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"
#include "sql/script.h"

namespace rocketlink::commands {

struct CompileOptions {
  bool bounded = false;                                      ///< every scan ends at what is there now
  std::optional<std::chrono::milliseconds> commit_interval;  ///< instead of the script's
};

/// From a script's statements to a job. Nothing is read, written or connected to; all that is wrong with the script is
/// found here, as far as it can be known without asking a broker.
class Compiler {
 public:
  /// All must outlive the compiler; `database`, `streams` the job too.
  Compiler(const sql::Script& script, const CompileOptions& options, const SecretLookup& secrets,
           duck::Database& database, connectors::Streams& streams, LogFunction log);

  /// The job, or nothing when there are problems.
  std::optional<engine::JobSpec> compile(const std::vector<sql::Statement>& statements);
  [[nodiscard]] const std::vector<Error>& problems() const { return problems_; }

 private:
  /// What a name of the script stands for.
  struct TableEntry {
    connectors::Table table;
    std::size_t number = 0;                        ///< of its CREATE TABLE
    std::optional<engine::ScanFunction> function;  ///< once it is read
    std::optional<bool> bounded;                   ///< once it is read
  };
  using Named = std::variant<std::shared_ptr<TableEntry>, planner::View>;
  struct PlannedInsert {
    std::shared_ptr<TableEntry> target;
    std::shared_ptr<TableEntry> scanned;  ///< null: none
    std::string sql;
    bool drop_nulls = false;
    std::int32_t parallelism = 1;
    std::size_t offset = 0;
  };

  void take(const sql::CreateTable& statement);
  void take(const sql::DropTable& statement);
  void take(const sql::CreateView& statement);
  void take(const sql::InsertInto& statement);
  void take(const sql::StatementSet& statement);
  void take(const sql::SetOption& statement);
  void take(const sql::ResetOption& statement);

  [[nodiscard]] bool begin_planning(std::size_t offset);
  [[nodiscard]] planner::Catalog catalog();
  [[nodiscard]] std::optional<planner::Relation> relation(std::string_view name);
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] std::string did_you_mean(std::string_view name) const;
  void check_groups();
  [[nodiscard]] std::optional<engine::JobSpec> make_job();
  [[nodiscard]] std::optional<std::size_t> scan_of(const PlannedInsert& insert, engine::JobSpec& job,
                                                   std::map<const TableEntry*, std::size_t>& scans);
  void problem(std::size_t offset, std::string_view text, ErrorCode code = ErrorCode::kInvalidArgument);

  const sql::Script& script_;
  CompileOptions options_;
  const SecretLookup& secrets_;
  duck::Database& database_;
  connectors::Streams& streams_;
  LogFunction log_;
  ClientPool clients_;
  Settings settings_;
  std::optional<duck::Connection> connection_;  ///< for planning
  std::string planned_zone_;
  std::map<std::string, Named, std::less<>> catalog_;
  std::size_t created_ = 0;                          ///< tables so far
  std::vector<std::shared_ptr<TableEntry>> tables_;  ///< all that were ever created, but for wrong ones
  std::vector<PlannedInsert> inserts_;
  std::vector<Error> problems_;
};

}  // namespace rocketlink::commands
