#pragma once

#include <string>
#include <vector>

#include "rocketlink/options.h"
#include "rocketlink/result.h"

namespace rocketlink::commands {

/// Where `${secret_values.NAME}` is looked up, in this order.
struct SecretSources {
  std::vector<std::string> given;  ///< each `--secret NAME=VALUE`
  std::string file;                ///< `--secrets-file`; empty: none
  /// `NAME=VALUE` each, as the process was given them. A secret is in ROCKETLINK_SECRET_NAME: the name as it is, else
  /// in capitals with `_` for what no variable's name can hold.
  std::vector<std::string> environment;
};

/// The variables of this process whose names begin with ROCKETLINK_SECRET_.
[[nodiscard]] std::vector<std::string> secrets_in_environment();

/// Reads the file, if one is named: a line `NAME=VALUE` each; blank lines and those that begin with `#` are left out.
/// The value goes to the end of the line, blanks included. kInvalidArgument when something is no `NAME=VALUE`, stands
/// twice in one place, or the file may be read by others (mode 0600 or stricter); kIo when it cannot be read. The texts
/// hold no secret.
[[nodiscard]] Result<SecretLookup> open_secrets(const SecretSources& sources);

}  // namespace rocketlink::commands
