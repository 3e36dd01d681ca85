#include "sim/simulate/tally.h"

#include <fmt/format.h>

namespace rocketlink::sim {

void Tally::add(std::uint64_t seed, const Verdict& verdict) {
  ++worlds_;
  processor_time_ += verdict.processor_time;
  if (!verdict.outcome) {
    failed_.push_back(seed);
    return;
  }
  messages_ += verdict.outcome->messages;
  virtual_time_ += verdict.outcome->lasted;
  for (const auto& [name, times] : verdict.outcome->happened) {
    happened_[name].times += times;
    happened_[name].worlds += times > 0 ? 1 : 0;
  }
}

double Tally::rate() const {
  return processor_time_.count() > 0 ? virtual_time_ / processor_time_ : 0;
}

std::string Tally::counts() const {
  std::string text;
  for (const auto& [name, count] : happened_) {
    text += fmt::format("  {}: {} in {} world(s)\n", name, count.times, count.worlds);
  }
  return text;
}

std::string Tally::sum() const {
  return fmt::format(
      "{} worlds, {} failed; {} messages, {:.0f} virtual seconds in {:.1f} of processor time: {:.0f} a second", worlds_,
      failed_.size(), messages_, virtual_time_.count(), processor_time_.count(), rate());
}

std::string Tally::row(const std::string& commit, const std::string& seeds) const {
  return fmt::format("| {} | {} | {} | {:.0f} | {} | {:.0f} |", commit, seeds, worlds_, virtual_time_.count(),
                     failed_.size(), rate());
}

}  // namespace rocketlink::sim
