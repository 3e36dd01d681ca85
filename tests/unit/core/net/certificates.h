#pragma once

#include <filesystem>
#include <string>

namespace rocketlink::test {

/// What a certificate made for a test says.
struct CertificateSpec {
  std::string names = "DNS:localhost,IP:127.0.0.1";  ///< as OpenSSL writes subjectAltName
  int from_days = -1;                                ///< validity, in days from now
  int to_days = 10;
};

/// A folder with a CA and certificates signed by it, as PEM files; gone with the object.
class Certificates {
 public:
  Certificates();
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  [[nodiscard]] std::string ca() const { return path("ca.pem"); }
  /// Makes `name`.pem and `name`.key.
  void make(const std::string& name, const CertificateSpec& spec = {});
  /// Writes a file of its own.
  std::string write(const std::string& name, const std::string& text) const;
  /// The same key as in `name`.key, encrypted with a password.
  std::string encrypted_key(const std::string& name, const std::string& password) const;
  [[nodiscard]] std::string path(const std::string& file) const { return (folder_ / file).string(); }
  [[nodiscard]] std::string read(const std::string& file) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace rocketlink::test
