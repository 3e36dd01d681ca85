#include "flink/failure_text.h"

#include <charconv>
#include <regex>

namespace rocketlink::flink {

namespace {

/// The message of the exception that begins here: up to its first frame.
std::string_view message_of(std::string_view trace) {
  const std::size_t frames = std::min({trace.find("\n\tat "), trace.find("\nCaused by: "), trace.find("\n\t... ")});
  return trace.substr(0, frames);
}

/// Lines joined by single blanks.
std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

/// `org.apache.flink.X: words` → `words`; a class without words stays.
std::string without_class(std::string line) {
  static const std::regex kClass(R"(^(?:[a-z][\w]*\.)+[A-Z][\w$]*: (.+)$)");
  std::smatch match;
  while (std::regex_match(line, match, kClass)) line = match[1].str();
  return line;
}

std::optional<Failure::Place> place_in(std::string_view trace) {
  static const std::regex kPlace(R"((?:[Ff]rom|[Aa]t) line (\d+), column (\d+))");
  std::cmatch match;
  if (!std::regex_search(trace.data(), trace.data() + trace.size(), match, kPlace)) return std::nullopt;
  return Failure::Place{std::stoul(match[1].str()), std::stoul(match[2].str())};
}

}  // namespace

Failure read_failure(std::string_view stack_trace) {
  constexpr std::string_view kCause = "Caused by: ";
  constexpr std::string_view kOpening = "<Exception on server side:\n";
  if (stack_trace.starts_with(kOpening)) stack_trace.remove_prefix(kOpening.size());
  std::string_view root = stack_trace;
  if (const std::size_t last = stack_trace.rfind(kCause); last != std::string_view::npos) {
    root = stack_trace.substr(last + kCause.size());
  }
  Failure failure;
  failure.text = without_class(in_one_line(message_of(root)));
  // The validator's words and places are in several exceptions of one chain; only the first messages are searched.
  constexpr std::size_t kSearched = 64 << 10;
  failure.place = place_in(stack_trace.substr(0, kSearched));
  return failure;
}

}  // namespace rocketlink::flink
