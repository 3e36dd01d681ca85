#include <cstdio>
#include <cstdlib>
#include <csignal>
#include <fmt/format.h>
#include "engine/job.h"
#include "connectors/print.h"
#include "connectors/blackhole.h"
using namespace rocketlink;
int main(int argc, char** argv) {
  auto db = duck::Database::open();
  auto con = duck::Connection::open(*db);
  engine::JobSpec spec;
  spec.log = [](LogLevel, std::string_view t) { fmt::print(stderr, "{}\n", t); };
  Schema schema;
  auto add = [&](const char* n, TypeKind k) { Column c; c.name = n; c.type.kind = k; if (k!=TypeKind::kVarchar) c.type.precision=0; schema.columns.push_back(c); };
  add("a", TypeKind::kInteger); add("b", TypeKind::kVarchar); add("c", TypeKind::kVarchar); 
  SourceOptions o; o.connection.endpoints = {argv[1]}; o.topic = argv[2]; o.consumer_group = "g1"; o.format.field_delimiter = ",";
  if (argc > 3) o.bounded_mode = BoundedMode::kLatest;
  auto client = Client::create(o.connection, spec.log);
  auto f = engine::ScanFunction::create(*con, "scan_0", schema);
  spec.scans.push_back({"t", schema, o, 1, *client, *f});
  connectors::StreamWriter out(1, "standard output");
  spec.inserts.push_back({"p", schema, "SELECT c0, c1, c2 FROM scan_0()", 0, [&](std::size_t) -> Result<std::unique_ptr<engine::Output>> { return std::unique_ptr<engine::Output>(new connectors::PrintOutput(schema, "", out)); }, false});
  auto job = engine::Job::prepare(std::move(spec), *db);
  if (!job) { fmt::print(stderr, "{}\n", job.error().text); return 1; }
  auto done = (*job)->run();
  if (!done) { fmt::print(stderr, "{}\n", done.error().text); return 1; }
  auto s = (*job)->stats();
  fmt::print(stderr, "in {} out {}\n", s.scans[0].in.rows_in, s.scans[0].out.rows);
}
