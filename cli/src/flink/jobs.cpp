#include "flink/jobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "flink/failure_text.h"

namespace rocketlink::flink {

namespace {

using nlohmann::json;

std::optional<Http> open_job_manager(Gateway& gateway) {
  const auto configuration = gateway.configuration();
  if (!configuration) return std::nullopt;
  const auto value = [&](const char* name, const char* otherwise) {
    const auto found = configuration->find(name);
    return found == configuration->end() ? std::string(otherwise) : found->second;
  };
  const std::string host = value("rest.address", "");
  if (host.empty()) return std::nullopt;
  const std::string scheme = value("security.ssl.rest.enabled", "false") == "true" ? "https" : "http";
  auto http = Http::open(fmt::format("{}://{}:{}", scheme, host, value("rest.port", "8081")));
  if (!http || !http->get("/config")) return std::nullopt;
  return *std::move(http);
}

/// The operators' own counts of a vertex, as Flink names them: `OPERATOR.numRecordsOut`.
bool counts_reading(std::string_view metric) {
  return metric.starts_with("Source__") && metric.ends_with(".numRecordsOut");
}
bool counts_writing(std::string_view metric) {
  const bool sink = metric.ends_with("__Writer.numRecordsIn") || metric.starts_with("Sink__");
  return sink && metric.ends_with(".numRecordsIn") && !metric.ends_with("__Committer.numRecordsIn");
}

void add(std::optional<std::uint64_t>& total, double more) {
  total = total.value_or(0) + static_cast<std::uint64_t>(std::llround(std::max(more, 0.0)));
}

}  // namespace

bool JobState::over() const {
  constexpr std::string_view kEnds[] = {"FINISHED", "FAILED", "CANCELED", "SUSPENDED"};
  return std::find(std::begin(kEnds), std::end(kEnds), status) != std::end(kEnds);
}

Jobs::Jobs(Gateway& gateway) : gateway_(gateway), http_(open_job_manager(gateway)) {}

Result<JobState> Jobs::state(const std::string& job) {
  return http_ ? asked_of_job_manager(job) : asked_of_gateway(job);
}

Result<JobState> Jobs::asked_of_job_manager(const std::string& job) {
  const auto answer = http_->get("/jobs/" + job);
  if (!answer) return answer.error();
  JobState state;
  state.status = answer->value("state", "");
  state.name = answer->value("name", "");
  // Counts come with the metrics, some seconds late; of a job that is over they would be wrong for good.
  for (const json& vertex : state.over() ? json::array() : answer->value("vertices", json::array())) {
    add_rows(fmt::format("/jobs/{}/vertices/{}/subtasks/metrics", job, vertex.value("id", "")), state);
  }
  const auto exceptions = http_->get(fmt::format("/jobs/{}/exceptions?maxExceptions=1", job));
  if (exceptions) {
    const json history = exceptions->value("exceptionHistory", json::object());
    for (const json& entry : history.value("entries", json::array())) {
      state.failure = read_failure(entry.value("stacktrace", "")).text;
      break;
    }
  }
  return state;
}

void Jobs::add_rows(const std::string& vertex, JobState& state) {
  // Metrics are for people to see; that they cannot be had is no failure.
  const auto names = http_->get_list(vertex);
  if (!names) return;
  std::string wanted;
  for (const json& metric : *names) {
    const std::string name = metric.value("id", "");
    if (counts_reading(name) || counts_writing(name)) wanted += (wanted.empty() ? "" : ",") + escaped(name);
  }
  if (wanted.empty()) return;
  const auto values = http_->get_list(vertex + "?agg=sum&get=" + wanted);
  if (!values) return;
  for (const json& metric : *values) {
    add(counts_reading(metric.value("id", "")) ? state.rows_read : state.rows_written, metric.value("sum", 0.0));
  }
}

Result<JobState> Jobs::asked_of_gateway(const std::string& job) {
  const auto shown = gateway_.execute("SHOW JOBS", [] { return false; });
  if (!shown) return shown.error();
  for (const auto& row : shown->rows) {
    if (row.size() < 3 || row[0] != job) continue;
    JobState state;
    state.status = row[2];
    state.name = row[1];
    return state;
  }
  return Error(ErrorCode::kNotFound, fmt::format("{} knows no job {} any more", gateway_.url(), job));
}

}  // namespace rocketlink::flink
