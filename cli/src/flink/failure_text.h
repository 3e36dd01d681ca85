#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rocketlink::flink {

/// What a Java stack trace says to a person.
struct Failure {
  struct Place {
    std::size_t line = 0;    ///< of the statement, from 1
    std::size_t column = 0;  ///< from 1
  };
  std::string text;            ///< the root cause in one line, without its class where it has words of its own
  std::optional<Place> place;  ///< where Flink's parser or validator says that it is
};

[[nodiscard]] Failure read_failure(std::string_view stack_trace);

}  // namespace rocketlink::flink
