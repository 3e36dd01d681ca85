#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/simulate/apart.h"

namespace rocketlink::sim {

/// What many worlds came to.
class Tally {
 public:
  struct Count {
    std::uint64_t times = 0;
    std::uint64_t worlds = 0;  ///< in so many
  };

  void add(std::uint64_t seed, const Verdict& verdict);

  [[nodiscard]] std::uint64_t worlds() const { return worlds_; }
  [[nodiscard]] const std::vector<std::uint64_t>& failed() const { return failed_; }  ///< seeds
  [[nodiscard]] const std::map<std::string, Count>& happened() const { return happened_; }
  /// A line for each of those.
  [[nodiscard]] std::string counts() const;
  /// What all came to, in a line.
  [[nodiscard]] std::string sum() const;
  /// The same as a line of a table.
  [[nodiscard]] std::string row(const std::string& commit, const std::string& seeds) const;

 private:
  [[nodiscard]] double rate() const;

  std::uint64_t worlds_ = 0;
  std::uint64_t messages_ = 0;
  std::chrono::duration<double> virtual_time_{0};
  std::chrono::duration<double> processor_time_{0};
  std::vector<std::uint64_t> failed_;
  std::map<std::string, Count> happened_;
};

}  // namespace rocketlink::sim
