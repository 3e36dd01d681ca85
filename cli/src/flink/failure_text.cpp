#include "flink/failure_text.h"

#include <algorithm>
#include <cctype>
#include <regex>

namespace rocketlink::flink {

namespace {

/// The message of the exception that begins here: up to its first frame.
std::string_view message_of(std::string_view trace) {
  const std::size_t frames = std::min({trace.find("\n\tat "), trace.find("\nCaused by: "), trace.find("\n\t... ")});
  return trace.substr(0, frames);
}

/// Lines joined by single blanks; what the connector finds wrong with tables, a line each, by semicolons.
std::string in_one_line(std::string_view text) {
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (c == '\n' && !line.empty() && text.substr(i + 1).starts_with("table ")) line += ';';
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
  constexpr std::string_view kColon = ": ";
  static const std::regex kClass(R"((?:[a-z]\w*\.)+[A-Z][\w$]*)");
  // Longer is none: the library's regular expressions take stack for each character.
  constexpr std::ptrdiff_t kLongestClassBytes = 1024;
  for (;;) {
    const auto end = std::search(line.cbegin(), line.cend(), kColon.begin(), kColon.end());
    if (end == line.cend() || end - line.cbegin() > kLongestClassBytes || !std::regex_match(line.cbegin(), end, kClass))
      return line;
    line.erase(line.cbegin(), end + kColon.size());
  }
}

/// The words of Flink's parser about a word that it did not expect go on with a list of all that it did.
bool is_about_a_word(std::string_view line) {
  constexpr std::string_view kOpening = "Encountered \"";
  if (!line.starts_with(kOpening)) return false;
  line.remove_prefix(kOpening.size());
  const std::size_t end = line.find('"');
  return end != 0 && end != std::string_view::npos &&
         std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(end),
                     [](unsigned char c) { return std::isalpha(c) != 0 || c == '_'; });
}

std::optional<Failure::Place> place_in(std::string_view trace) {
  static const std::regex kPlace(R"((?:[Ff]rom|[Aa]t) line (\d{1,9}), column (\d{1,9}))");
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
  if (is_about_a_word(failure.text)) {
    failure.text = failure.text.substr(0, failure.text.find(" Was expecting"));
    failure.text += " Where it is a name, put it into backquotes: Flink has keywords of its own.";
  }
  // The validator's words and places are in several exceptions of one chain; only the first messages are searched.
  constexpr std::size_t kSearchedBytes = 64 << 10;  // of a stack trace, for the place of a problem
  failure.place = place_in(stack_trace.substr(0, kSearchedBytes));
  return failure;
}

}  // namespace rocketlink::flink
