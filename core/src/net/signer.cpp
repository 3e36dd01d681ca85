#include "net/signer.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace rocketlink::net {

namespace {

void check(bool done) {
  if (!done)
    throw std::runtime_error(
        "OpenSSL cannot compute HMAC-SHA1; check the providers in its configuration (openssl.cnf, OPENSSL_CONF)");
}

void add(EVP_MAC_CTX* context, std::string_view bytes) {
  check(EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1);
}

}  // namespace

Signer::Signer(std::string account, const std::string& secret) : account_(std::move(account)) {
  if (account_.empty()) return;
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr), &EVP_MAC_free);
  check(hmac != nullptr);
  keyed_.reset(EVP_MAC_CTX_new(hmac.get()));
  check(keyed_ != nullptr);
  std::string digest = "SHA1";
  const std::array<OSSL_PARAM, 2> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
      OSSL_PARAM_construct_end()};
  check(EVP_MAC_init(keyed_.get(), reinterpret_cast<const unsigned char*>(secret.data()), secret.size(),
                     parameters.data()) == 1);
}

void Signer::sign(Request& request) const {
  if (!keyed_) return;
  request.ext.set("AccessKey", account_);
  std::vector<std::pair<std::string_view, std::string_view>> sorted(request.ext.entries().begin(),
                                                                    request.ext.entries().end());
  std::sort(sorted.begin(), sorted.end());
  const Context context(EVP_MAC_CTX_dup(keyed_.get()));
  check(context != nullptr);
  for (const auto& [name, value] : sorted) add(context.get(), value);
  add(context.get(), request.body.bytes);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t digest_bytes = 0;
  check(EVP_MAC_final(context.get(), digest.data(), &digest_bytes, digest.size()) == 1);
  std::array<unsigned char, EVP_MAX_MD_SIZE * 2> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest_bytes));
  request.ext.set("Signature",
                  std::string_view(reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(length)));
}

}  // namespace rocketlink::net
