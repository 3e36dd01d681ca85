#pragma once

#include <string_view>

#include "connectors/stream_writer.h"
#include "rocketlink/options.h"

namespace rocketlink::process {

/// What the program itself says on one of its streams: lines, and no secrets in them. Both must outlive it. Any thread.
class Voice {
 public:
  Voice(connectors::StreamWriter& stream, const SecretMask& mask) : stream_(&stream), mask_(&mask) {}

  /// Where that cannot be written there is nobody to tell.
  void say(std::string_view text) const { (void)stream_->write(mask_->masked(text) + "\n"); }
  [[nodiscard]] connectors::StreamWriter& stream() const { return *stream_; }

 private:
  connectors::StreamWriter* stream_;
  const SecretMask* mask_;
};

}  // namespace rocketlink::process
