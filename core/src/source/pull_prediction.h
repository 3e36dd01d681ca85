#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace rocketlink::source {

/// What the next answers to a queue's pulls will be like, from those before. I/O thread.
class PullPrediction {
 public:
  /// What an answer brought.
  struct Answer {
    std::int64_t bytes = 0;
    std::int64_t offsets = 0;         ///< from the one that was asked for to the next one, at least 1
    std::int32_t messages_asked = 0;  ///< at most
    bool cut_short = false;           ///< there was no more to give: it says nothing of how many a broker gives
  };

  /// `messages_max`: more are never asked for.
  explicit PullPrediction(std::int32_t messages_max)
      : messages_max_(messages_max), messages_(std::min<std::int64_t>(kMessagesAtFirst, messages_max)) {}

  void learn(const Answer& answer);

  /// Of an answer, at most.
  [[nodiscard]] std::int64_t answer_bytes() const { return answer_bytes_; }
  /// Of one offset, at most.
  [[nodiscard]] std::int64_t message_bytes() const { return message_bytes_; }
  /// Offsets that an answer passes at least, if so many messages are asked for.
  [[nodiscard]] std::int64_t messages() const { return messages_; }

 private:
  static constexpr std::int64_t kMessagesAtFirst = 32;  ///< what a broker gives unless it is configured otherwise
  static constexpr std::size_t kRememberedAnswers = 8;  ///< of which the smallest counts

  const std::int32_t messages_max_;
  std::int64_t answer_bytes_ = 64 * 1024;  ///< a guess, until there was an answer
  std::int64_t message_bytes_ = 4096;      ///< a guess, until `sized_`
  bool sized_ = false;
  std::int64_t messages_;
  std::array<std::int64_t, kRememberedAnswers> observed_{};
  std::size_t observed_count_ = 0;
};

}  // namespace rocketlink::source
