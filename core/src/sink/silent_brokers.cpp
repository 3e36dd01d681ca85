#include "sink/silent_brokers.h"

#include "base/backoff.h"
#include "cluster/offsets.h"
#include "net/denial.h"

namespace rocketlink::sink {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kQuestionPause{1000};  ///< between an answer that did not come and the next question
/// Before the first question to a broker that falls silent again and again, doubling from the pause between questions.
constexpr milliseconds kLongestDisbelief{60'000};
static_assert(kQuestionPause < kLongestDisbelief);

}  // namespace

void SilentBrokers::add(const Target& target) {
  auto& broker = brokers_[target.broker];
  if (!broker) broker = std::make_shared<Broker>(Broker{{}, cluster_.loop().timer(), {}});
  if (broker->silent) return;
  broker->silent = true;
  broker->target = target;
  ask_later(broker, base::Backoff::longest(kQuestionPause, kLongestDisbelief, broker->silences++));
}

std::function<void()> SilentBrokers::ask_again(const std::shared_ptr<Broker>& broker) {
  return [this, known = std::weak_ptr(broker)] {
    if (const auto alive = known.lock()) ask(alive);
  };
}

void SilentBrokers::ask_later(const std::shared_ptr<Broker>& broker, milliseconds pause) {
  broker->timer->set(cluster_.runtime().now() + pause, ask_again(broker));
}

void SilentBrokers::ask(const std::shared_ptr<Broker>& broker) {
  const QueueId& queue = broker->target.queue;
  // The broker itself: its queue may have moved to another one.
  const auto address = cluster_.master_address({queue.topic, broker->target.broker, queue.id});
  if (!address) return ask_later(broker, kQuestionPause);
  if (!broker->place.has_turn(ask_again(broker), cluster_.pacer())) return;
  cluster_.pacer().spend(1);
  asks_();
  cluster_.rpc().call(
      *address, cluster::max_offset_request(queue), cluster_.timing().control,
      [this, known = std::weak_ptr(broker)](const Result<net::Response>& answer) {
        const auto alive = known.lock();
        if (!alive) return;
        // Whatever it says, be it that we may not ask.
        if (!answer && !net::is_denial(answer.error())) return ask_later(alive, kQuestionPause);
        alive->silent = false;
        answers_(alive->target.broker);
      },
      cluster::kControlStream);
}

}  // namespace rocketlink::sink
