#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flink/http.h"
#include "rocketlink/result.h"

namespace rocketlink::flink {

/// What a statement gave.
struct Outcome {
  std::optional<std::string> job;              ///< the id of the job that it started
  bool query = false;                          ///< a SELECT: its rows are not fetched
  std::vector<std::vector<std::string>> rows;  ///< of SHOW and its like, at most one page
};

/// A session at a Flink SQL Gateway. One thread at a time.
class Gateway {
 public:
  static Result<Gateway> open(std::string_view url);

  /// Runs a statement to its end; for an INSERT that is its job's submission. kInternal: Flink refuses it, and the text
  /// is its stack trace. kClosed: `stopped` has said that nobody waits any more.
  Result<Outcome> execute(std::string_view statement, const std::function<bool()>& stopped);
  /// The session's configuration, that of its cluster included.
  Result<std::map<std::string, std::string>> configuration();
  /// Ends the session; jobs go on. An error is of no interest: sessions end by themselves.
  void close();

  [[nodiscard]] const std::string& url() const { return http_.url(); }

 private:
  Gateway(Http http, const std::string& session) : http_(std::move(http)), path_("/v2/sessions/" + session) {}
  Result<Outcome> result(const std::string& operation);

  Http http_;
  std::string path_;
};

}  // namespace rocketlink::flink
