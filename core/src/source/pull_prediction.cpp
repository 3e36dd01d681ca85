#include "source/pull_prediction.h"

namespace rocketlink::source {

void PullPrediction::learn(const Answer& answer) {
  if (answer.bytes > 0) {
    answer_bytes_ = std::max(answer.bytes, answer_bytes_ - answer_bytes_ / 8);
    const std::int64_t known = sized_ ? message_bytes_ - message_bytes_ / 8 : 1;
    message_bytes_ = std::max((answer.bytes + answer.offsets - 1) / answer.offsets, known);
    sized_ = true;
  }
  if (answer.cut_short) return;
  // As many as were asked for: says nothing of what the broker would give.
  if (answer.offsets >= answer.messages_asked && answer.messages_asked < messages_max_) return;
  observed_[observed_count_++ % observed_.size()] = answer.offsets;
  const auto known = std::min(observed_count_, observed_.size());
  messages_ = *std::min_element(observed_.begin(), observed_.begin() + static_cast<std::ptrdiff_t>(known));
}

}  // namespace rocketlink::source
