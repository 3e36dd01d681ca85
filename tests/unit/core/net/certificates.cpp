#include "certificates.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <fstream>
#include <memory>
#include <sstream>

namespace rocketlink::test {

namespace {

constexpr long kDay = 86'400;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

Key new_key() {
  return {EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free};
}

File open(const std::string& path, const char* mode) {
  return {std::fopen(path.c_str(), mode), &std::fclose};
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  ASSERT_NE(extension, nullptr) << value;
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate make_certificate(const std::string& name, EVP_PKEY* key, const CertificateSpec& spec) {
  static long serial = 1;
  Certificate certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), spec.from_days * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), spec.to_days * kDay);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

void save(const Certificates& folder, const std::string& name, X509* certificate, EVP_PKEY* key) {
  const File pem = open(folder.path(name + ".pem"), "w");
  PEM_write_X509(pem.get(), certificate);
  const File secret = open(folder.path(name + ".key"), "w");
  PEM_write_PKCS8PrivateKey(secret.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
}

Key load_key(const std::string& path) {
  const File file = open(path, "r");
  return {PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
}

}  // namespace

Certificates::Certificates() {
  std::string pattern = (std::filesystem::temp_directory_path() / "rocketlink-certificates-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  const Key key = new_key();
  const Certificate ca = make_certificate("test CA", key.get(), {});
  X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
  add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(ca.get(), key.get(), EVP_sha256());
  save(*this, "ca", ca.get(), key.get());
}

Certificates::~Certificates() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Certificates::make(const std::string& name, const CertificateSpec& spec) {
  const Key ca_key = load_key(path("ca.key"));
  const File ca_file = open(ca(), "r");
  const Certificate ca(PEM_read_X509(ca_file.get(), nullptr, nullptr, nullptr), &X509_free);
  const Key key = new_key();
  const Certificate certificate = make_certificate(name, key.get(), spec);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(ca.get()));
  add_extension(certificate.get(), ca.get(), NID_subject_alt_name, spec.names);
  X509_sign(certificate.get(), ca_key.get(), EVP_sha256());
  save(*this, name, certificate.get(), key.get());
}

std::string Certificates::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name)) << text;
  return path(name);
}

std::string Certificates::encrypted_key(const std::string& name, const std::string& password) const {
  const Key key = load_key(path(name + ".key"));
  const std::string to = path(name + "-encrypted.key");
  const File file = open(to, "w");
  PEM_write_PKCS8PrivateKey(file.get(), key.get(), EVP_aes_256_cbc(), password.data(),
                            static_cast<int>(password.size()), nullptr, nullptr);
  return to;
}

std::string Certificates::read(const std::string& file) const {
  std::ostringstream text;
  text << std::ifstream(path(file)).rdbuf();
  return text.str();
}

}  // namespace rocketlink::test
