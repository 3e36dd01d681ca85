#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/runtime.h"
#include "sim/random.h"

namespace rocketlink::sim {

/// What happened in a world. All of it goes into one hash, so that two runs can be compared; the newest lines are kept
/// for a failure's text; a sink gets them all. A line is made into text only where somebody reads it.
class Trace {
 public:
  using Sink = std::function<void(std::string_view line)>;

  /// How a line reads, in the syntax of fmt: {0} to {2} are its numbers, {3} its text.
  struct Form {
    consteval Form(const char* text) : format(text), hash(hash_of(text)) {}  // NOLINT(google-explicit-constructor)
    std::string_view format;
    std::uint64_t hash;
  };
  using Numbers = std::array<std::uint64_t, 3>;

  /// `start` is the world's first moment: lines show the time since.
  explicit Trace(SteadyTime start) : start_(start) {}

  void set_sink(Sink sink) { sink_ = std::move(sink); }
  void note(SteadyTime now, const std::string& who, const Form& form, const Numbers& numbers = {},
            std::string_view text = {});
  /// For the hash alone.
  void mix_in(std::uint64_t value) { hash_ = mix(hash_ ^ value); }
  void mix_in(std::string_view bytes);

  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  /// Oldest first, a line each.
  [[nodiscard]] std::string newest() const;
  /// "12.345678901": seconds since the start.
  [[nodiscard]] std::string since_start(SteadyTime when) const;

 private:
  struct Line {
    SteadyTime when{};
    std::string who;
    std::string_view format;
    Numbers numbers;
    std::string text;
  };
  [[nodiscard]] std::string read(const Line& line) const;

  SteadyTime start_;
  Sink sink_;
  std::uint64_t hash_ = 0;
  std::array<Line, 256> lines_;
  std::size_t count_ = 0;
};

}  // namespace rocketlink::sim
