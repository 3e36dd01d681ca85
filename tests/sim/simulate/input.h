#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace rocketlink::sim {

/// What was written to a queue of the input, and what readers owe and may do because of it.
class Input {
 public:
  /// `wanted`: it passes the filter.
  void append(std::int64_t offset, bool wanted, std::int64_t time_ms) {
    end_ = offset + 1;
    (wanted ? unwanted_ : owed_nothing_).erase(offset);
    if (!wanted) {
      unwanted_.insert(offset);
    } else if (offset < highest_end_) {
      owed_nothing_.insert(offset);  // who had read as far already may never see it
    } else {
      owed_.emplace(offset, time_ms);
    }
  }
  /// Retention: nobody can be asked for what is below any more.
  void delete_before(std::int64_t offset) {
    deleted_before_ = std::max(deleted_before_, offset);
    owed_.erase(owed_.begin(), owed_.lower_bound(offset));
  }
  /// Its broker lost it. Who was quick has it all the same.
  void lose(std::int64_t offset) {
    owed_.erase(offset);
    if (!is_unwanted(offset)) lost_wanted_.insert(offset);
    owed_nothing_.insert(offset);
    highest_end_ = std::max(highest_end_, end_);
    end_ = std::min(end_, offset);
    fallen_to_.push_back(end_);
  }

  /// Messages that every reader must give out, with the times of their storing.
  [[nodiscard]] const std::map<std::int64_t, std::int64_t>& owed() const { return owed_; }
  /// The first of them from `from` on and below `to`.
  [[nodiscard]] std::optional<std::int64_t> first_owed(std::int64_t from, std::int64_t to) const {
    const auto found = owed_.lower_bound(from);
    return found == owed_.end() || found->first >= to ? std::nullopt : std::optional(found->first);
  }
  /// The filter holds it back, and held back what was lost there before, if anything was.
  [[nodiscard]] bool is_unwanted(std::int64_t offset) const {
    return unwanted_.contains(offset) && !lost_wanted_.contains(offset);
  }
  [[nodiscard]] bool was_written(std::int64_t offset) const {
    return offset < deleted_before_ || owed_.contains(offset) || owed_nothing_.contains(offset) ||
           unwanted_.contains(offset);
  }
  [[nodiscard]] std::int64_t deleted_before() const { return deleted_before_; }
  [[nodiscard]] std::int64_t end() const { return end_; }
  /// How often its end fell back, and readers with it.
  [[nodiscard]] std::uint64_t falls() const { return fallen_to_.size(); }
  /// Its end fell to below that offset some time, and so what was there may be gone, or be something else.
  [[nodiscard]] bool fell_below(std::int64_t offset) const { return falls() > 0 && fallen_to(0) < offset; }
  /// The lowest end that it fell to since it had fallen so often.
  [[nodiscard]] std::int64_t fallen_to(std::uint64_t falls) const {
    return *std::min_element(fallen_to_.begin() + static_cast<std::ptrdiff_t>(falls), fallen_to_.end());
  }

 private:
  std::map<std::int64_t, std::int64_t> owed_;
  std::set<std::int64_t> owed_nothing_;  ///< wanted as well
  std::set<std::int64_t> unwanted_;
  std::set<std::int64_t> lost_wanted_;  ///< the filter lets through what was lost there
  std::int64_t deleted_before_ = 0;
  std::int64_t end_ = 0;
  std::int64_t highest_end_ = 0;         ///< before it fell
  std::vector<std::int64_t> fallen_to_;  ///< each time
};

}  // namespace rocketlink::sim
