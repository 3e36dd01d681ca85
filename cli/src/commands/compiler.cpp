#include "commands/compiler.h"

#include <fmt/format.h>

#include <algorithm>

#include "commands/clusters.h"

namespace rocketlink::commands {

namespace {

/// Whether two scans have one progress: topic and group are compared as they are on the wire.
bool read_the_same(const SourceOptions& one, const SourceOptions& other) {
  const auto on_the_wire = [](const SourceOptions& source, const std::string& name) {
    const std::string& instance = source.connection.instance_id;
    return instance.empty() ? name : instance + "%" + name;
  };
  return on_the_wire(one, one.topic) == on_the_wire(other, other.topic) &&
         on_the_wire(one, one.consumer_group) == on_the_wire(other, other.consumer_group) &&
         share_one(servers_of(one.connection), servers_of(other.connection));
}

}  // namespace

Compiler::Compiler(const sql::Script& script, const CompileOptions& options, const SecretLookup& secrets,
                   duck::Database& database, connectors::Streams& streams, LogFunction log)
    : script_(script),
      options_(options),
      secrets_(secrets),
      database_(database),
      streams_(streams),
      log_(std::move(log)),
      clients_(log_) {}

std::optional<engine::JobSpec> Compiler::compile(const std::vector<sql::Statement>& statements) {
  for (const sql::Statement& statement : statements) {
    std::visit([this](const auto& kind) { take(kind); }, statement);
  }
  for (const auto& entry : tables_) connectors::check_table(script_, entry->table, problems_);
  check_groups();
  if (!problems_.empty()) return std::nullopt;
  return make_job();
}

void Compiler::take(const sql::CreateTable& statement) {
  if (catalog_.contains(statement.name)) {
    if (!statement.if_not_exists) {
      problem(statement.offset, fmt::format("there is a table or view '{}' already", statement.name));
    }
    return;
  }
  auto entry = std::make_shared<TableEntry>();
  entry->number = created_++;
  // A table that is wrong is known all the same, so that what uses it is not wrong too.
  if (auto table = connectors::create_table(script_, statement, secrets_, problems_)) {
    entry->table = *std::move(table);
    tables_.push_back(entry);
  } else {
    entry->table.definition = statement;
  }
  catalog_.emplace(statement.name, std::move(entry));
}

void Compiler::take(const sql::DropTable& statement) {
  const auto found = catalog_.find(statement.name);
  if (found != catalog_.end() && std::holds_alternative<std::shared_ptr<TableEntry>>(found->second)) {
    catalog_.erase(found);
  } else if (!statement.if_exists) {
    problem(statement.offset, fmt::format("there is no table '{}'{}", statement.name, did_you_mean(statement.name)));
  }
}

void Compiler::take(const sql::CreateView& statement) {
  if (!catalog_.contains(statement.name)) {
    catalog_.emplace(statement.name, planner::View{statement.query, statement.query_offset});
  } else if (!statement.if_not_exists) {
    problem(statement.offset, fmt::format("there is a table or view '{}' already", statement.name));
  }
}

void Compiler::take(const sql::InsertInto& statement) {
  const auto found = catalog_.find(statement.table);
  if (found == catalog_.end()) {
    problem(statement.offset,
            fmt::format("there is no table '{}'{}; it must be created before (names are case-sensitive)",
                        statement.table, did_you_mean(statement.table)));
    return;
  }
  const auto* const target = std::get_if<std::shared_ptr<TableEntry>>(&found->second);
  if (target == nullptr) {
    problem(statement.offset, fmt::format("'{}' is a view; rows can be inserted into tables only", statement.table));
    return;
  }
  (*target)->table.use.sink = true;
  if (!begin_planning(statement.offset)) return;
  planner::Planner planner(*connection_, catalog(), {.local_time_zone = settings_.local_time_zone});
  const auto outcome =
      planner.plan(statement.query, statement.query_offset,
                   {statement.table, &(*target)->table.definition.schema, statement.columns, statement.column_offsets});
  if (!outcome.plan) {
    const planner::PlanError& failure = *outcome.error;
    problem(failure.offset, failure.error.text, static_cast<ErrorCode>(failure.error.code));
    return;
  }
  for (const planner::Warning& warning : outcome.plan->warnings) {
    if (log_) log_(LogLevel::kWarning, script_.error(warning.offset, warning.text).text);
  }
  PlannedInsert insert;
  insert.target = *target;
  insert.sql = outcome.plan->duckdb_sql;
  insert.drop_nulls = settings_.drop_nulls;
  insert.parallelism = settings_.parallelism;
  insert.offset = statement.offset;
  if (!outcome.plan->scanned.empty()) {
    insert.scanned = std::get<std::shared_ptr<TableEntry>>(catalog_.find(outcome.plan->scanned)->second);
  }
  inserts_.push_back(std::move(insert));
}

void Compiler::take(const sql::StatementSet& statement) {
  for (const sql::InsertInto& insert : statement.inserts) take(insert);
}

void Compiler::take(const sql::SetOption& statement) {
  auto known = set(settings_, statement.name, statement.value);
  if (!known) {
    problem(statement.offset, known.error().text);
  } else if (!*known && log_) {
    const auto nearest = nearest_name(statement.name, setting_names());
    log_(LogLevel::kWarning,
         script_
             .error(statement.offset, fmt::format("setting '{}' has no effect in rocketlink run{}", statement.name,
                                                  nearest ? fmt::format("; did you mean '{}'?", *nearest) : ""))
             .text);
  }
}

void Compiler::take(const sql::ResetOption& statement) {
  reset(settings_, statement.name);
}

/// Makes the planner's connection with the first INSERT.
bool Compiler::begin_planning(std::size_t offset) {
  if (connection_) {
    if (planned_zone_ == settings_.local_time_zone) return true;
    problem(offset,
            fmt::format("'table.local-time-zone' is '{}' here and was '{}' for an INSERT before: within a script "
                        "it must be the same for all",
                        settings_.local_time_zone, planned_zone_));
    return false;
  }
  auto connection = duck::Connection::open(database_);
  if (!connection) {
    problems_.push_back(std::move(connection).error());
    return false;
  }
  planned_zone_ = settings_.local_time_zone;
  if (auto known = planner::register_functions(*connection, {.local_time_zone = planned_zone_}); !known) {
    problems_.push_back(std::move(known).error());
    return false;
  }
  connection_.emplace(*std::move(connection));
  return true;
}

planner::Catalog Compiler::catalog() {
  return {[this](std::string_view name) { return relation(name); },
          [this](std::string_view name) -> std::optional<planner::View> {
            const auto found = catalog_.find(name);
            if (found == catalog_.end()) return std::nullopt;
            const auto* const view = std::get_if<planner::View>(&found->second);
            return view == nullptr ? std::nullopt : std::optional(*view);
          },
          [this] { return names(); }};
}

std::optional<planner::Relation> Compiler::relation(std::string_view name) {
  const auto found = catalog_.find(name);
  if (found == catalog_.end()) return std::nullopt;
  const auto* const named = std::get_if<std::shared_ptr<TableEntry>>(&found->second);
  if (named == nullptr) return std::nullopt;
  TableEntry& entry = **named;
  connectors::Table& table = entry.table;
  const std::string function = fmt::format("scan_{}", entry.number);
  if (!entry.function) {
    table.use.source = true;
    auto made = engine::ScanFunction::create(*connection_, function, table.definition.schema);
    if (!made) {
      problems_.push_back(std::move(made).error());
      return std::nullopt;
    }
    entry.function.emplace(*std::move(made));
    const auto options = parse_table_options(table.entries, table.definition.schema, {.source = true});
    entry.bounded = options_.bounded || (options.source && options.source->bounded_mode != BoundedMode::kUnbounded);
  }
  return planner::Relation{&table.definition.schema, function + "()", !*entry.bounded};
}

std::vector<std::string> Compiler::names() const {
  std::vector<std::string> names;
  for (const auto& [name, meaning] : catalog_) names.push_back(name);
  return names;
}

std::string Compiler::did_you_mean(std::string_view name) const {
  const std::vector<std::string> all = names();
  const std::vector<std::string_view> known(all.begin(), all.end());
  const auto nearest = nearest_name(name, known);
  return nearest ? fmt::format("; did you mean '{}'?", *nearest) : "";
}

/// Progress lives in the consumer group: two scans of one topic in one group would overwrite each other's.
void Compiler::check_groups() {
  std::vector<const connectors::Table*> scanned;
  for (const auto& entry : tables_) {
    const connectors::Table& table = entry->table;
    if (!table.use.source || !table.source) continue;
    for (const connectors::Table* other : scanned) {
      if (!read_the_same(*other->source, *table.source)) continue;
      problem(table.definition.offset,
              fmt::format("tables '{}' and '{}' read the same topic '{}' in the same consumerGroup '{}', where the "
                          "progress of both would be one; give one of them another group, or read one table in both "
                          "INSERTs",
                          other->definition.name, table.definition.name, table.source->topic,
                          table.source->consumer_group));
    }
    scanned.push_back(&table);
  }
}

std::optional<engine::JobSpec> Compiler::make_job() {
  engine::JobSpec job;
  job.commit_interval = options_.commit_interval.value_or(settings_.commit_interval);
  job.log = log_;
  std::map<const TableEntry*, std::size_t> scans;
  for (const auto& entry : tables_) {
    if (entry->table.source) clients_.expect(entry->table.source->connection);
    if (entry->table.sink) clients_.expect(entry->table.sink->connection);
  }
  for (const PlannedInsert& insert : inserts_) {
    const auto scan = scan_of(insert, job, scans);
    const std::size_t writers = scan ? job.scans[*scan].readers : 1;
    const connectors::Table& target = insert.target->table;
    std::shared_ptr<Client> client;
    if (target.sink) {
      auto made = clients_.get(target.sink->connection);
      if (made) {
        client = *std::move(made);
      } else {
        problem(target.definition.offset, made.error().text);
      }
    }
    job.inserts.push_back({target.definition.name, target.definition.schema, insert.sql, scan,
                           connectors::output_of(target, std::move(client), writers, streams_, log_),
                           insert.drop_nulls});
  }
  if (!problems_.empty()) return std::nullopt;
  return job;
}

std::optional<std::size_t> Compiler::scan_of(const PlannedInsert& insert, engine::JobSpec& job,
                                             std::map<const TableEntry*, std::size_t>& scans) {
  if (!insert.scanned) return std::nullopt;
  const auto [place, fresh] = scans.try_emplace(insert.scanned.get(), job.scans.size());
  if (!fresh) return place->second;
  const connectors::Table& table = insert.scanned->table;
  SourceOptions options = *table.source;
  if (options_.bounded && options.bounded_mode == BoundedMode::kUnbounded) options.bounded_mode = BoundedMode::kLatest;
  auto client = clients_.get(options.connection);
  if (!client) {
    problem(table.definition.offset, client.error().text);
    return std::nullopt;
  }
  const auto readers = static_cast<std::size_t>(options.parallelism.value_or(insert.parallelism));
  job.scans.push_back({table.definition.name, table.definition.schema, std::move(options), readers, *std::move(client),
                       *insert.scanned->function});
  return place->second;
}

void Compiler::problem(std::size_t offset, std::string_view text, ErrorCode code) {
  problems_.push_back(script_.error(offset, text, code));
}

}  // namespace rocketlink::commands
