#include "flink/gateway.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace rocketlink::flink {

namespace {

using nlohmann::json;

constexpr std::chrono::milliseconds kPollInterval{50};  ///< between questions whether a statement is done

Error unexpected(const std::string& url, std::string_view where) {
  return {ErrorCode::kProtocol,
          fmt::format("{} answers {} in a form that is unknown here: is it a Flink SQL Gateway?", url, where)};
}

/// A text member, or nothing.
std::optional<std::string> text_of(const json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_string()) return std::nullopt;
  return member->get<std::string>();
}

std::vector<std::string> fields_of(const json& row) {
  std::vector<std::string> fields;
  for (const json& field : row.value("fields", json::array())) {
    fields.push_back(field.is_string() ? field.get<std::string>() : field.dump());
  }
  return fields;
}

}  // namespace

Result<Gateway> Gateway::open(std::string_view url) {
  auto http = Http::open(url);
  if (!http) return http.error();
  const auto answer = http->post("/v2/sessions", {{"sessionName", "rocketlink"}});
  if (!answer) {
    if (answer.error().is(ErrorCode::kNotFound)) return unexpected(http->url(), "/v2/sessions");
    return answer.error();
  }
  const auto session = text_of(*answer, "sessionHandle");
  if (!session) return unexpected(http->url(), "/v2/sessions");
  return Gateway(*std::move(http), *session);
}

Result<Outcome> Gateway::execute(std::string_view statement, const std::function<bool()>& stopped) {
  const auto accepted = http_.post(path_ + "/statements", {{"statement", statement}});
  if (!accepted) return accepted.error();
  const auto operation = text_of(*accepted, "operationHandle");
  if (!operation) return unexpected(url(), "a statement");
  const std::string path = path_ + "/operations/" + *operation;
  while (true) {
    const auto answer = http_.get(path + "/status");
    if (!answer) return answer.error();
    const std::string status = text_of(*answer, "status").value_or("");
    if (status != "INITIALIZED" && status != "PENDING" && status != "RUNNING") break;
    if (stopped()) return Error(ErrorCode::kClosed, "stopped while Flink works on the statement");
    std::this_thread::sleep_for(kPollInterval);
  }
  auto outcome = result(path);
  (void)http_.remove(path + "/close");
  return outcome;
}

Result<Outcome> Gateway::result(const std::string& operation) {
  std::string page = operation + "/result/0?rowFormat=JSON";
  while (true) {
    const auto answer = http_.get(page);
    if (!answer) return answer.error();
    const std::string type = text_of(*answer, "resultType").value_or("");
    if (type == "NOT_READY") {
      std::this_thread::sleep_for(kPollInterval);
      continue;
    }
    Outcome outcome;
    outcome.query = answer->value("isQueryResult", false);
    outcome.job = text_of(*answer, "jobID");
    if (outcome.query || outcome.job || type != "PAYLOAD") return outcome;
    if (text_of(*answer, "resultKind") != "SUCCESS_WITH_CONTENT") return outcome;
    for (const json& row : answer->value("results", json::object()).value("data", json::array())) {
      outcome.rows.push_back(fields_of(row));
    }
    return outcome;
  }
}

Result<std::map<std::string, std::string>> Gateway::configuration() {
  const auto answer = http_.get(path_);
  if (!answer) return answer.error();
  std::map<std::string, std::string> properties;
  const json members = answer->value("properties", json::object());
  for (const auto& [name, value] : members.items()) {
    if (value.is_string()) properties.emplace(name, value.get<std::string>());
  }
  return properties;
}

void Gateway::close() {
  (void)http_.remove(path_);
}

}  // namespace rocketlink::flink
