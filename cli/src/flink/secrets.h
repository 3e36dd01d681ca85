#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/options.h"
#include "rocketlink/result.h"

namespace rocketlink::flink {

/// Puts secrets into statements, and keeps them out of what is said about these.
class Secrets {
 public:
  explicit Secrets(const SecretLookup& lookup) : lookup_(lookup) {}

  /// The statement with `${secret_values.NAME}` replaced where the name is known, quotes doubled as in a string. Others
  /// stay: the cluster may know them. kInvalidArgument when a placeholder is not closed.
  Result<std::string> put_into(std::string_view statement);
  /// Whether put_into has or may have moved what stands behind a placeholder.
  [[nodiscard]] static bool changes(std::string_view statement);
  /// `text` with *** for every secret that was put in.
  [[nodiscard]] std::string masked(std::string text) const;

 private:
  const SecretLookup& lookup_;
  std::vector<std::string> used_;
};

}  // namespace rocketlink::flink
