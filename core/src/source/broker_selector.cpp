#include "source/broker_selector.h"

#include <algorithm>
#include <utility>

namespace rocketlink::source {

const BrokerSelector::Server* BrokerSelector::select() {
  if (detour_ != 0 && doubted_.empty() && cluster_.runtime().now() >= detour_until_) detour_ = 0;
  const std::int64_t broker_id = suggested_ + detour_;
  cluster::Route route = cluster_.known_route(queue_.topic);
  if (route != route_ || broker_id != broker_id_) {
    server_.reset();
    if (const auto address = cluster_.read_address(queue_, broker_id)) {
      server_ = Server{*address, cluster_.reading(*address), cluster_.is_proxy(*address),
                       address == cluster_.master_address(queue_)};
    }
    route_ = std::move(route);
    broker_id_ = broker_id;
  }
  return server_ ? &*server_ : nullptr;
}

void BrokerSelector::avoid_selected() {
  if (server_ && !doubts_selected()) doubted_.push_back(server_->address);
  detour_ = detour_ == 0 ? 1 : 0;
  detour_until_ = cluster_.runtime().now() + cluster_.timing().slave_stay;
}

std::optional<std::string> BrokerSelector::probe() {
  const SteadyTime now = cluster_.runtime().now();
  if (detour_ == 0 || doubted_.empty() || now < detour_until_) return std::nullopt;
  detour_until_ = now + cluster_.timing().slave_stay;
  auto avoided = cluster_.read_address(queue_, suggested_);
  if (!avoided || (server_ && *avoided == server_->address)) return std::nullopt;
  if (std::find(doubted_.begin(), doubted_.end(), *avoided) != doubted_.end()) return avoided;
  doubted_.clear();  // it listens elsewhere now
  return std::nullopt;
}

void BrokerSelector::answered(const std::string& address) {
  if (std::erase(doubted_, address) > 0) detour_until_ = cluster_.runtime().now();
}

bool BrokerSelector::doubts_selected() const {
  return server_ && std::find(doubted_.begin(), doubted_.end(), server_->address) != doubted_.end();
}

}  // namespace rocketlink::source
