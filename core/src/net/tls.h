#pragma once

#include <asio/error_code.hpp>
#include <asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "rocketlink/options.h"
#include "rocketlink/result.h"

namespace rocketlink::net {

/// What all TLS connections of a client have in common: whom to trust, and who we are.
class TlsContext {
 public:
  /// Reads the files. kInvalidArgument names the option, the file, what is wrong with it and how to mend it.
  [[nodiscard]] static Result<std::shared_ptr<TlsContext>> create(const TlsOptions& options);

  [[nodiscard]] asio::ssl::context& native() { return context_; }
  /// Tells a new connection which server it is to reach; `host` is a name or an address without brackets.
  void expect(SSL* connection, const std::string& host) const;
  /// Why a handshake, or a connection that is not older than its handshake, failed; for a person. Certificates that are
  /// not trusted do not heal by another try.
  /// `rejected`: the server's certificate that was not accepted, or null.
  [[nodiscard]] Error explain(SSL* connection, X509* rejected, const std::string& host,
                              const asio::error_code& error) const;

 private:
  explicit TlsContext(const TlsOptions& options);
  [[nodiscard]] Status load_trust(const std::string& file);
  [[nodiscard]] Status load_identity(const TlsOptions& options);
  [[nodiscard]] const std::string& name_of(const std::string& host) const {
    return server_name_.empty() ? host : server_name_;
  }
  [[nodiscard]] std::string explain_certificate(X509* certificate, const std::string& host, long verdict) const;

  asio::ssl::context context_;
  std::string server_name_;
  bool verify_hostname_ = true;
  bool has_identity_ = false;
};

}  // namespace rocketlink::net
