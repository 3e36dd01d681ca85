#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <map>

#include "net/rpc.h"

namespace rocketlink::net {

void sign(const Credentials& credentials, Request& request) {
  if (credentials.access_key.empty()) return;
  request.ext.set("AccessKey", credentials.access_key);
  std::map<std::string_view, std::string_view> sorted;
  for (const auto& [name, value] : request.ext.entries()) sorted[name] = value;
  std::string text;
  for (const auto& [name, value] : sorted) text += value;
  text += request.body;

  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned digest_bytes = 0;
  HMAC(EVP_sha1(), credentials.secret_key.data(), static_cast<int>(credentials.secret_key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &digest_bytes);
  std::array<unsigned char, EVP_MAX_MD_SIZE * 2> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest_bytes));
  request.ext.set("Signature",
                  std::string_view(reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(length)));
}

}  // namespace rocketlink::net
