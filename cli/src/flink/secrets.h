#pragma once

#include <string>
#include <string_view>

#include "rocketlink/options.h"
#include "rocketlink/result.h"

namespace rocketlink::flink {

/// Puts secrets into statements.
class Secrets {
 public:
  explicit Secrets(const SecretLookup& lookup) : lookup_(lookup) {}

  /// The statement with `${secret_values.NAME}` replaced where the name is known, quotes doubled as in a string. Others
  /// stay: the cluster may know them. kInvalidArgument when a placeholder is not closed.
  [[nodiscard]] Result<std::string> put_into(std::string_view statement) const;
  /// Whether put_into has or may have moved what stands behind a placeholder.
  [[nodiscard]] static bool changes(std::string_view statement);

 private:
  const SecretLookup& lookup_;
};

}  // namespace rocketlink::flink
