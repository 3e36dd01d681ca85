#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "rocketlink/result.h"

namespace httplib {
class Client;
}

namespace rocketlink::flink {

/// JSON over HTTP with one server; one thread at a time.
class Http {
 public:
  /// `url`: `http://host:port`, or `https://…`; a trailing / is dropped. kInvalidArgument when it is neither.
  static Result<Http> open(std::string_view url);
  Http(Http&&) noexcept;
  Http& operator=(Http&&) noexcept;
  ~Http();

  [[nodiscard]] const std::string& url() const { return url_; }

  /// The answer's JSON, an object. kDisconnected when the server does not answer; kProtocol when the answer is no JSON;
  /// kNotFound (HTTP 404) and kInternal (any other) when it refuses: the text is then what the server says, whole.
  Result<nlohmann::json> get(const std::string& path);
  /// For answers that are an array.
  Result<nlohmann::json> get_list(const std::string& path);
  Result<nlohmann::json> post(const std::string& path, const nlohmann::json& body);
  Result<nlohmann::json> remove(const std::string& path);

 private:
  Http(std::string url, std::unique_ptr<httplib::Client> client);

  std::string url_;
  std::unique_ptr<httplib::Client> client_;
};

/// `text` as it stands in a query's value.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace rocketlink::flink
