#include "source/broker_selector.h"

#include <utility>

namespace rocketlink::source {

const BrokerSelector::Server* BrokerSelector::select() {
  if (detour_ != 0 && cluster_.runtime().now() >= detour_until_) detour_ = 0;
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
  detour_ = detour_ == 0 ? 1 : 0;
  detour_until_ = cluster_.runtime().now() + cluster_.timing().slave_stay;
}

}  // namespace rocketlink::source
