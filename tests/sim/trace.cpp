#include "sim/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace rocketlink::sim {

void Trace::note(SteadyTime now, const std::string& who, const Form& form, const Numbers& numbers,
                 std::string_view text) {
  mix_in(static_cast<std::uint64_t>((now - start_).count()) ^ form.hash);
  mix_in(std::string_view(who));
  for (const std::uint64_t number : numbers) mix_in(number);
  mix_in(text);
  Line& line = lines_[count_++ % lines_.size()];
  line.when = now;
  line.who = who;
  line.format = form.format;
  line.numbers = numbers;
  line.text = text;
  if (sink_) sink_(read(line));
}

void Trace::mix_in(std::string_view bytes) {
  mix_in(bytes.size());
  for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(8, bytes.size()))) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), std::min<std::size_t>(8, bytes.size()));
    mix_in(word);
  }
}

std::string Trace::newest() const {
  std::string text;
  for (std::size_t at = count_ - std::min(count_, lines_.size()); at != count_; ++at) {
    text += read(lines_[at % lines_.size()]);
    text += '\n';
  }
  return text;
}

std::string Trace::since_start(SteadyTime when) const {
  const std::int64_t passed = (when - start_).count();
  return fmt::format("{}.{:09}", passed / 1'000'000'000, passed % 1'000'000'000);
}

std::string Trace::read(const Line& line) const {
  const auto& [first, second, third] = line.numbers;
  return fmt::format("{:>16} {}: {}", since_start(line.when), line.who,
                     fmt::vformat(line.format, fmt::make_format_args(first, second, third, line.text)));
}

}  // namespace rocketlink::sim
