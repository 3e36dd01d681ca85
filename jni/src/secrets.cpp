#include "secrets.h"

namespace rocketlink::jni {

SecretMask& secret_mask() {
  static SecretMask mask;
  return mask;
}

}  // namespace rocketlink::jni
