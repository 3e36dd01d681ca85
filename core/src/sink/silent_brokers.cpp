#include "sink/silent_brokers.h"

#include <utility>

#include "cluster/offsets.h"

namespace rocketlink::sink {

namespace {

constexpr std::chrono::milliseconds kQuestionPause{
    1000};  ///< between an answer that did not come and the next question

}  // namespace

SilentBrokers::SilentBrokers(cluster::Cluster& cluster, Told asks, Told answers)
    : cluster_(cluster), asks_(std::move(asks)), answers_(std::move(answers)) {}

void SilentBrokers::add(const Target& target) {
  if (closed_ || brokers_.contains(target.broker)) return;
  brokers_.emplace(target.broker, Silent{target.queue, cluster_.loop().timer()});
  ask_later(target.broker);
}

void SilentBrokers::close() {
  closed_ = true;
  brokers_.clear();
}

void SilentBrokers::ask_later(const std::string& broker) {
  brokers_.at(broker).timer->set(cluster_.runtime().now() + kQuestionPause, [self = weak_from_this(), broker] {
    if (const auto brokers = self.lock()) brokers->ask(broker);
  });
}

void SilentBrokers::ask(const std::string& broker) {
  const QueueId& queue = brokers_.at(broker).queue;
  const auto address = cluster_.master_address(queue);
  if (!address || cluster_.pacer().available() == 0) return ask_later(broker);
  cluster_.pacer().spend(1);
  asks_(broker);
  cluster_.rpc().call(*address, cluster::max_offset_request(queue), cluster_.timing().control,
                      [self = weak_from_this(), broker](const Result<net::Response>& answer) {
                        const auto brokers = self.lock();
                        if (!brokers || brokers->closed_) return;
                        if (!answer) return brokers->ask_later(broker);
                        brokers->brokers_.erase(broker);  // whatever it says
                        brokers->answers_(broker);
                      });
}

}  // namespace rocketlink::sink
