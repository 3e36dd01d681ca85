#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "net/rpc.h"

namespace rocketlink::net {

/// A key pair; requests are signed with HMAC-SHA1 (docs/protocol.md, Access control). Thread-safe.
class Signer {
 public:
  /// `account` is the pair's public half; empty: requests are left as they are.
  Signer(std::string account, const std::string& secret);

  [[nodiscard]] const std::string& account() const { return account_; }
  /// Nothing of the request may change afterwards.
  void sign(Request& request) const;

 private:
  struct Free {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  };
  using Context = std::unique_ptr<EVP_MAC_CTX, Free>;

  std::string account_;
  Context keyed_;  ///< copied for each request
};

}  // namespace rocketlink::net
