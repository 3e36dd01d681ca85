#include "net/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <asio/error.hpp>
#include <asio/ssl/error.hpp>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace rocketlink::net {

namespace {

Error unusable(std::string_view option, std::string_view file, std::string_view why) {
  return {ErrorCode::kInvalidArgument, fmt::format("option '{}' = '{}': {}", option, file, why)};
}

/// OpenSSL says of a file that cannot be read no more than that it cannot.
Status check_readable(std::string_view option, const std::string& file) {
  errno = 0;
  std::FILE* stream = std::fopen(file.c_str(), "rbe");
  const bool readable = stream != nullptr && (std::fgetc(stream) != EOF || std::ferror(stream) == 0);
  const std::string why = std::generic_category().message(errno);
  if (stream != nullptr) std::fclose(stream);
  if (!readable) return unusable(option, file, fmt::format("the file cannot be read: {}", why));
  return {};
}

struct Password {
  std::string_view text;
  bool asked = false;
};

int give_password(char* buffer, int size, int /*writing*/, void* holder) {
  auto& password = *static_cast<Password*>(holder);
  password.asked = true;
  const int count = std::min(size, static_cast<int>(password.text.size()));
  std::copy_n(password.text.data(), count, buffer);
  return count;
}

std::string text_of(const ASN1_TIME* time) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  ASN1_TIME_print(out.get(), time);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> copy(ASN1_OCTET_STRING_dup(address),
                                                                                   &ASN1_OCTET_STRING_free);
  const auto* const bytes = ASN1_STRING_get0_data(copy.get());
  const int size = ASN1_STRING_length(copy.get());
  std::string text;
  for (int i = 0; i < size; ++i) {
    if (size == 4) {
      text += fmt::format("{}{}", i == 0 ? "" : ".", bytes[i]);
    } else {
      text += fmt::format("{}{:02x}", i == 0 || i % 2 != 0 ? "" : ":", bytes[i]);
    }
  }
  return text;
}

/// The names that a certificate is for.
std::string names_of(X509* certificate) {
  std::string names;
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(all.get(), i);
    std::string text;
    if (name->type == GEN_DNS) {
      text.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                  static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    } else if (name->type == GEN_IPADD) {
      text = address_text(name->d.iPAddress);
    }
    if (!text.empty()) names += fmt::format("{}{}", names.empty() ? "" : ", ", text);
  }
  if (!names.empty()) return names;
  constexpr std::size_t kMostSubjectBytes = 256;  // a longer one is cut in the message
  std::array<char, kMostSubjectBytes> subject{};
  X509_NAME_oneline(X509_get_subject_name(certificate), subject.data(), static_cast<int>(subject.size()));
  return subject.data();
}

bool is_ip_address(const std::string& host) {
  const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> address(a2i_IPADDRESS(host.c_str()),
                                                                                      &ASN1_OCTET_STRING_free);
  return address != nullptr;
}

constexpr std::string_view kSpeaksPlain =
    "the server does not speak TLS on this port; set 'tls.enabled' = 'false', or start the server with "
    "tls.server.mode=permissive or enforcing";

Error untrusted(std::string text) {
  return {ErrorCode::kUntrusted, std::move(text)};
}

}  // namespace

TlsContext::TlsContext(const TlsOptions& options)
    : context_(asio::ssl::context::tls_client),
      server_name_(options.server_name),
      verify_hostname_(options.verify_hostname),
      has_identity_(!options.keystore.empty()) {}

Result<std::shared_ptr<TlsContext>> TlsContext::create(const TlsOptions& options) {
  std::shared_ptr<TlsContext> tls;
  try {
    tls.reset(new TlsContext(options));
  } catch (const std::system_error& none) {
    return Error(ErrorCode::kInternal,
                 fmt::format("OpenSSL cannot speak TLS ({}); check the providers in its configuration (openssl.cnf, "
                             "OPENSSL_CONF)",
                             none.what()));
  }
  SSL_CTX* const context = tls->context_.native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  ERR_clear_error();
  Status loaded = tls->load_trust(options.truststore);
  if (loaded && tls->has_identity_) loaded = tls->load_identity(options);
  ERR_clear_error();
  if (!loaded) return std::move(loaded).error();
  return tls;
}

Status TlsContext::load_trust(const std::string& file) {
  constexpr std::string_view kOption = "tls.truststore";
  SSL_CTX* const context = context_.native_handle();
  if (file.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) == 1) return {};
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("option '{}' is missing, and this system has no certificates to trust", kOption));
  }
  if (auto readable = check_readable(kOption, file); !readable) return readable;
  if (SSL_CTX_load_verify_file(context, file.c_str()) == 1) return {};
  return unusable(kOption, file, "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
}

Status TlsContext::load_identity(const TlsOptions& options) {
  constexpr std::string_view kOption = "tls.keystore";
  SSL_CTX* const context = context_.native_handle();
  if (auto readable = check_readable(kOption, options.keystore); !readable) return readable;
  if (SSL_CTX_use_certificate_chain_file(context, options.keystore.c_str()) != 1) {
    return unusable(kOption, options.keystore, "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
  }
  const bool apart = !options.keystore_key.empty();
  const std::string_view key_option = apart ? "tls.keystore-key" : kOption;
  const std::string& key = apart ? options.keystore_key : options.keystore;
  if (auto readable = check_readable(key_option, key); !readable) return readable;
  Password password{options.keystore_password};
  SSL_CTX_set_default_passwd_cb(context, &give_password);
  SSL_CTX_set_default_passwd_cb_userdata(context, &password);
  ERR_clear_error();
  const bool used = SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1;
  const bool mismatch = ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_X509;
  SSL_CTX_set_default_passwd_cb(context, nullptr);
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  if (mismatch || (used && SSL_CTX_check_private_key(context) != 1)) {
    return unusable(key_option, key,
                    fmt::format("the private key does not belong to the certificate in '{}'", options.keystore));
  }
  if (used) return {};
  if (!password.asked) {
    return unusable(
        key_option, key,
        fmt::format("holds no private key in PEM form (-----BEGIN PRIVATE KEY-----){}",
                    apart ? "" : "; put it behind the certificate, or name its file in 'tls.keystore-key'"));
  }
  return unusable(key_option, key,
                  password.text.empty() ? "the private key is encrypted; give 'tls.keystore-password'"
                                        : "'tls.keystore-password' does not open the private key");
}

void TlsContext::expect(SSL* connection, const std::string& host) const {
  const std::string& name = name_of(host);
  const bool address = is_ip_address(name);
  if (!address) SSL_set_tlsext_host_name(connection, name.c_str());
  if (!verify_hostname_) return;
  X509_VERIFY_PARAM* const expected = SSL_get0_param(connection);
  if (address) {
    X509_VERIFY_PARAM_set1_ip_asc(expected, name.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(expected, name.c_str(), name.size());
  }
}

Error TlsContext::explain(SSL* connection, X509* rejected, const std::string& host,
                          const asio::error_code& error) const {
  if (const long verdict = SSL_get_verify_result(connection); verdict != X509_V_OK) {
    return untrusted(explain_certificate(rejected, host, verdict));
  }
  if (error == asio::error::eof || error == asio::error::connection_reset ||
      error == asio::ssl::error::stream_truncated) {
    return {ErrorCode::kDisconnected,
            fmt::format("closed by the peer at the TLS handshake; unless it is being stopped, {}", kSpeaksPlain), true};
  }
  if (error.category() != asio::error::get_ssl_category()) return {ErrorCode::kDisconnected, error.message(), true};
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_ENCRYPTED_LENGTH_TOO_LONG:
      return untrusted(std::string(kSpeaksPlain));
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return untrusted("the server speaks no TLS 1.2 or newer");
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return untrusted(fmt::format(
          "{} ({})",
          has_identity_ ? "the server does not accept our certificate; check 'tls.keystore' and what the server trusts"
                        : "the server demands a client certificate; give 'tls.keystore'",
          error.message()));
    default:
      return {ErrorCode::kDisconnected, fmt::format("TLS failed: {}", error.message()), true};
  }
}

std::string TlsContext::explain_certificate(X509* certificate, const std::string& host, long verdict) const {
  const std::string why = X509_verify_cert_error_string(verdict);
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return fmt::format("the server's certificate has expired{}; renew it, or check the clock of this machine",
                         certificate ? " on " + text_of(X509_get0_notAfter(certificate)) : "");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format("the server's certificate is not valid yet{}; check the clocks",
                         certificate ? ", only from " + text_of(X509_get0_notBefore(certificate)) : "");
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format(
          "the server's certificate is for {}, not for '{}'; name one of these in 'tls.server-name', or set "
          "'tls.verify-hostname' = 'false'",
          certificate ? names_of(certificate) : "other names", name_of(host));
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return fmt::format(
          "the server's certificate comes from a CA that is not trusted ({}); name the CA's certificate in "
          "'tls.truststore'",
          why);
    default:
      return fmt::format("the server's certificate is not accepted: {}", why);
  }
}

}  // namespace rocketlink::net
