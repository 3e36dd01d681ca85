#include "flink/http.h"

#include <fmt/format.h>
#include <httplib.h>

#include <cctype>

namespace rocketlink::flink {

namespace {

constexpr int kConnectSeconds = 10;  ///< for a connection; then the request has failed
constexpr int kAnswerSeconds = 60;   ///< for an answer, before which Flink plans a statement; then the same
constexpr int kNotFound = 404;

/// What stands in the `errors` of an answer; the last says most.
std::string refusal(const nlohmann::json& answer) {
  const auto errors = answer.find("errors");
  if (errors == answer.end() || !errors->is_array() || errors->empty()) return answer.dump();
  const auto& last = errors->back();
  return last.is_string() ? last.get<std::string>() : last.dump();
}

Result<nlohmann::json> answer_of(const httplib::Result& result, const std::string& url, const std::string& path,
                                 bool list = false) {
  if (!result) {
    return Error(ErrorCode::kDisconnected,
                 fmt::format("{} cannot be reached ({})", url, httplib::to_string(result.error())), true);
  }
  auto answer = nlohmann::json::parse(result->body.empty() ? "{}" : result->body, nullptr, false);
  list = list && result->status / 100 == 2;
  if (answer.is_discarded() || !(list ? answer.is_array() : answer.is_object())) {
    return Error(ErrorCode::kProtocol,
                 fmt::format("{}{} answers HTTP {} without JSON: is it Flink's?", url, path, result->status));
  }
  if (result->status / 100 == 2) return answer;
  return Error(result->status == kNotFound ? ErrorCode::kNotFound : ErrorCode::kInternal, refusal(answer));
}

}  // namespace

Result<Http> Http::open(std::string_view url) {
  std::string address(url);
  while (address.ends_with('/')) address.pop_back();
  const std::size_t scheme = address.find("://");
  const bool known = address.starts_with("http://") || address.starts_with("https://");
  if (!known || address.find('/', scheme + 3) != std::string::npos || address.size() == scheme + 3) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("'{}' is no address of a server; write http://HOST:PORT", url));
  }
  auto client = std::make_unique<httplib::Client>(address);
  if (!client->is_valid()) {
    return Error(ErrorCode::kInvalidArgument, fmt::format("'{}' cannot be used; write http://HOST:PORT", url));
  }
  client->set_connection_timeout(kConnectSeconds);
  client->set_read_timeout(kAnswerSeconds);
  client->set_keep_alive(true);
  return Http(std::move(address), std::move(client));
}

Http::Http(std::string url, std::unique_ptr<httplib::Client> client)
    : url_(std::move(url)), client_(std::move(client)) {}
Http::Http(Http&&) noexcept = default;
Http& Http::operator=(Http&&) noexcept = default;
Http::~Http() = default;

Result<nlohmann::json> Http::get(const std::string& path) {
  return answer_of(client_->Get(path), url_, path);
}

Result<nlohmann::json> Http::get_list(const std::string& path) {
  return answer_of(client_->Get(path), url_, path, true);
}

Result<nlohmann::json> Http::post(const std::string& path, const nlohmann::json& body) {
  return answer_of(client_->Post(path, body.dump(), "application/json"), url_, path);
}

Result<nlohmann::json> Http::remove(const std::string& path) {
  return answer_of(client_->Delete(path), url_, path);
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || c == '_' || c == '-' || c == '.';
    result += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return result;
}

}  // namespace rocketlink::flink
