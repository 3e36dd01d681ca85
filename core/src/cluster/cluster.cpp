#include "cluster/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "cluster/heartbeats.h"
#include "cluster/responses.h"
#include "net/denial.h"

namespace rocketlink::cluster {

namespace {

constexpr std::size_t kCallsInFlight = 256;  ///< of questions to many brokers; the others wait for an answer
constexpr Milliseconds kNotNamed{120'000};   ///< for so long a broker is where it was; it registers every 30 s
static_assert(kNotNamed > Timing{}.route_interval, "a broker would be gone before it is looked for again");
constexpr std::string_view kProxyField = "TRACE_ON";  ///< in a proxy's every answer, in no name server's

}  // namespace

Cluster::Cluster(const ConnectionOptions& options, LogFunction log, Timing timing, std::shared_ptr<CallBudget> budget,
                 std::shared_ptr<net::TlsContext> tls, Runtime& runtime)
    : runtime_(runtime),
      log_(log),
      repeated_(std::move(log), runtime),
      timing_(timing),
      instance_(options.instance_id),
      name_servers_(options.endpoints),
      budget_(budget ? std::move(budget) : std::make_shared<CallBudget>(options.max_api_calls_per_second)),
      loop_(runtime.event_loop()),
      pacer_(runtime, *loop_, budget_),
      refresh_timer_(loop_->timer()),
      heartbeats_(std::make_unique<Heartbeats>(*this)),
      rpc_(std::make_unique<net::RpcClient>(runtime, *loop_,
                                            net::RpcSettings{options.access_id, options.access_key, options.instance_id,
                                                             std::move(tls), log_, timing.net})) {
  // Clients spread over the name servers; each then stays with the one that answers.
  current_name_server_ = runtime.random() % name_servers_.size();
  loop_->post([this] { start_refresh_timer(); });
}

Cluster::~Cluster() {
  loop_->run_and_wait([this] {
    closed_ = true;
    refresh_timer_->cancel();
    heartbeats_->close();
    for (const auto& [topic, timer] : soon_timers_) timer->cancel();
    pacer_.close();
  });
  rpc_.reset();
}

std::shared_ptr<Flow> Cluster::flow(Flows& flows, const std::string& address) {
  const auto known = flows.find(address);
  if (known != flows.end()) return known->second;
  std::erase_if(flows, [](const auto& entry) { return entry.second.use_count() == 1; });  // brokers move
  return flows.emplace(address, std::make_shared<Flow>(runtime_, *loop_)).first->second;
}

void Cluster::fetch_route(const std::string& topic, std::function<void(Result<Route>)> callback) {
  loop_->post([this, topic, callback = std::move(callback)]() mutable {
    {
      const std::lock_guard lock(mutex_);
      topics_[topic].asked = runtime_.now();
    }
    ask_name_server({topic, current_name_server_, 0, std::nullopt, std::move(callback)});
  });
}

void Cluster::ask_name_server(RouteQuestion question) {
  if (closed_) {
    question.callback(Error(ErrorCode::kClosed, "the client was closed"));
    return;
  }
  const std::string address = name_servers_[question.name_server];
  net::Request request;
  request.code = wire::RequestCode::kGetRouteInfoByTopic;
  request.ext.set("topic", question.topic);
  request.ext.set("acceptStandardJsonOnly", true);
  rpc_->call(address, std::move(request), timing_.name_server,
             [this, address, question = std::move(question)](Result<net::Response> answer) mutable {
               auto route = answer ? take_route(question.topic, address, *answer) : Result<Route>(answer.error());
               if (!route && !route.error().is(ErrorCode::kClosed)) {
                 const bool refused = answer || net::is_denial(route.error());
                 if (refused && !question.refusal) question.refusal = route.error();
                 ask_next_name_server(std::move(question), std::move(route).error());
                 return;
               }
               if (route) name_server_answered(question.name_server);
               question.callback(std::move(route));
             });
}

void Cluster::ask_next_name_server(RouteQuestion question, Error error) {
  const std::size_t next = (question.name_server + 1) % name_servers_.size();
  // Questions on their way at the same time move it on only once.
  if (current_name_server_ == question.name_server) current_name_server_ = next;
  question.name_server = next;
  if (++question.tried < name_servers_.size()) {
    ask_name_server(std::move(question));
    return;
  }
  if (question.refusal) {
    question.callback(*std::move(question.refusal));
    return;
  }
  error.text = fmt::format("cannot get the route of topic '{}' from any of {} endpoint(s), last: {}", question.topic,
                           name_servers_.size(), error.text);
  question.callback(std::move(error));
}

Result<Route> Cluster::take_route(const std::string& topic, const std::string& address, const net::Response& answer) {
  if (answer.header.ext.find(kProxyField)) proxies_ = true;
  if (answer.header.code != 0)
    return refusal(answer.header, fmt::format("asking for the route of topic '{}'", topic), address);
  auto parsed = wire::parse_route(answer.body.bytes);
  if (!parsed) {
    return Error(ErrorCode::kProtocol,
                 fmt::format("the route of topic '{}' from {}: {}", topic, address, parsed.error().text), true);
  }
  Route route = std::make_shared<const wire::TopicRoute>(*std::move(parsed));
  Route before;
  {
    const std::lock_guard lock(mutex_);
    TopicState& state = topics_[topic];
    before = state.route;
    // A name server that has just started knows topics before it knows brokers.
    if (before && route->brokers.empty()) return before;
    replace_route(state, route, runtime_.now());
  }
  if (!before || *before != *route) warn_of_unread_queues(topic, *route);
  return route;
}

void Cluster::warn_of_unread_queues(const std::string& topic, const wire::TopicRoute& route) {
  auto written = wire::writable_queues(route);
  // orderTopicConf names brokers that are away, too, whose permissions are not known.
  std::erase_if(written, [&route](const wire::RoutedQueue& queue) {
    return std::none_of(route.queues.begin(), route.queues.end(),
                        [&](const wire::QueueData& data) { return data.broker == queue.address_broker; });
  });
  const auto read = wire::readable_queues(route);
  std::vector<wire::RoutedQueue> unread;
  std::set_difference(written.begin(), written.end(), read.begin(), read.end(), std::back_inserter(unread));
  if (unread.empty()) return;
  repeated_.write(
      LogLevel::kWarning, fmt::format("unread queues of {}", topic),
      fmt::format("{} of the {} queues that topic '{}' is written to may not be read, {} {} is the first: no "
                  "consumer gets messages there until the topic has as many queues to read as to write, and "
                  "the permission to read",
                  unread.size(), written.size(), topic, unread.front().broker, unread.front().id));
}

void Cluster::replace_route(TopicState& state, Route route, SteadyTime now) {
  std::set<std::string> taken;
  for (const wire::BrokerData& named : route->brokers) {
    KnownBroker& broker = state.brokers[named.name];
    broker.addresses = named.addresses;
    broker.named = now;
    broker.acted_for.reset();
    if (named.lets_slaves_act) broker.acted_for = {named.cluster, named.name};
    if (const auto master = named.addresses.find(0); master != named.addresses.end()) {
      broker.master = master->second;
      broker.master_named = now;
    }
    for (const auto& [id, address] : named.addresses) taken.insert(address);
  }
  // An address may be given to another broker, which has queues of the same numbers.
  const auto is_stale = [&](const std::string& address, SteadyTime named_at) {
    return named_at < now && (now - named_at > kNotNamed || taken.contains(address));
  };
  for (auto& [name, broker] : state.brokers) {
    if (broker.master && is_stale(*broker.master, broker.master_named)) broker.master.reset();
    std::erase_if(broker.addresses, [&](const auto& entry) { return is_stale(entry.second, broker.named); });
  }
  std::erase_if(state.brokers, [](const auto& entry) { return entry.second.addresses.empty(); });
  state.route = std::move(route);
}

Result<Route> Cluster::fetch_route_blocking(const std::string& topic, Interrupt& interrupt) {
  struct Wait {
    std::mutex mutex;
    std::unique_ptr<Condition> changed;
    std::optional<Result<Route>> result;
  };
  const auto wait = std::make_shared<Wait>();
  wait->changed = runtime_.condition();
  const auto give = [wait](Result<Route> result) {
    const std::lock_guard lock(wait->mutex);
    if (!wait->result) wait->result = std::move(result);
    wait->changed->notify_all();
  };
  const Interrupt::Registration registration(interrupt, [give] { give(Error(ErrorCode::kClosed, "interrupted")); });
  fetch_route(topic, give);
  std::unique_lock lock(wait->mutex);
  wait->changed->wait(lock, [&] { return wait->result.has_value(); });
  return *std::move(wait->result);
}

void Cluster::await_route(const std::string& topic, std::function<void()> answered) {
  {
    const std::lock_guard lock(mutex_);
    auto& waiting = topics_[topic].waiting;
    waiting.push_back(std::move(answered));
    if (waiting.size() > 1) return;
  }
  fetch_route(topic, [this, topic](const Result<Route>&) {
    std::vector<std::function<void()>> waiting;
    {
      const std::lock_guard lock(mutex_);
      waiting.swap(topics_[topic].waiting);
    }
    for (const auto& call : waiting) call();
  });
}

Route Cluster::known_route(const std::string& topic) const {
  const std::lock_guard lock(mutex_);
  const auto found = topics_.find(topic);
  return found == topics_.end() ? nullptr : found->second.route;
}

Route Cluster::watched_route(const std::string& topic) const {
  const std::lock_guard lock(mutex_);
  const auto found = topics_.find(topic);
  return found == topics_.end() || !found->second.watched ? nullptr : found->second.route;
}

void Cluster::refresh_soon(const std::string& topic) {
  SteadyTime soonest;
  {
    const std::lock_guard lock(mutex_);
    TopicState& state = topics_[topic];
    if (state.refreshing) return;
    state.refreshing = true;
    soonest = state.asked + timing_.route_soonest;
  }
  loop_->post([this, topic, soonest] {
    auto& timer = soon_timers_[topic];
    if (!timer) timer = loop_->timer();
    timer->set(soonest, [this, topic] {
      if (!closed_) refresh(topic);
    });
  });
}

void Cluster::refresh(const std::string& topic) {
  {
    const std::lock_guard lock(mutex_);
    TopicState& state = topics_[topic];
    state.refreshing = false;  // what fails from now on may not show in this answer
    state.asked = runtime_.now();
  }
  fetch_route(topic, [this](const Result<Route>& result) {
    if (!result && !result.error().is(ErrorCode::kClosed))
      log_.debug("keeping the known route: {}", result.error().text);
  });
}

void Cluster::watch(const std::string& topic) {
  const std::lock_guard lock(mutex_);
  topics_[topic].watched = true;
}

void Cluster::start_refresh_timer() {
  refresh_timer_->set(runtime_.now() + timing_.route_interval, [this] {
    if (closed_) return;
    refresh_watched();
    start_refresh_timer();
  });
}

void Cluster::refresh_watched() {
  std::vector<std::string> due;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [topic, state] : topics_) {
      if (state.watched) due.push_back(topic);
    }
  }
  for (const std::string& topic : due) refresh_soon(topic);
}

template <class Choose>
auto Cluster::of_broker(const QueueId& queue, Choose&& choose) const
    -> decltype(choose(std::declval<const KnownBroker&>())) {
  const std::lock_guard lock(mutex_);
  const auto topic = topics_.find(queue.topic);
  if (topic == topics_.end() || !topic->second.route) return std::nullopt;
  const auto broker = topic->second.brokers.find(wire::serving_broker(*topic->second.route, queue.broker, queue.id));
  return broker == topic->second.brokers.end() ? std::nullopt : choose(broker->second);
}

std::string Cluster::serving_broker(const QueueId& queue) const {
  const Route route = known_route(queue.topic);
  return route ? wire::serving_broker(*route, queue.broker, queue.id) : queue.broker;
}

std::optional<std::string> Cluster::master_address(const QueueId& queue) const {
  return of_broker(queue, [](const KnownBroker& broker) {
    const auto master = broker.addresses.find(0);
    return master == broker.addresses.end() ? std::nullopt : std::optional(master->second);
  });
}

std::optional<std::string> Cluster::last_master_address(const QueueId& queue) const {
  return of_broker(queue, [](const KnownBroker& broker) { return broker.master; });
}

std::optional<Cluster::ActedFor> Cluster::acted_for(const QueueId& queue) const {
  return of_broker(queue, [](const KnownBroker& broker) { return broker.acted_for; });
}

std::optional<std::string> Cluster::read_address(const QueueId& queue, std::int64_t broker_id) const {
  return of_broker(queue, [broker_id](const KnownBroker& broker) -> std::optional<std::string> {
    const auto& addresses = broker.addresses;
    if (addresses.empty()) return std::nullopt;
    if (const auto exact = addresses.find(broker_id); exact != addresses.end()) return exact->second;
    if (const auto next = addresses.find(broker_id + 1); broker_id != 0 && next != addresses.end()) return next->second;
    return addresses.begin()->second;
  });
}

bool Cluster::is_proxy(const std::string& address) const {
  return proxies_.load(std::memory_order_relaxed) ||
         std::find(name_servers_.begin(), name_servers_.end(), address) != name_servers_.end();
}

std::vector<Result<net::Response>> Cluster::call_all(std::vector<Addressed> requests, Milliseconds timeout,
                                                     Interrupt& interrupt, std::uint32_t stream) {
  struct Wait {
    std::mutex mutex;
    std::unique_ptr<Condition> changed;
    std::vector<std::optional<Result<net::Response>>> results;
    std::optional<Error> failure;  ///< the first one
    std::size_t answered = 0;
    bool interrupted = false;
  };
  const auto wait = std::make_shared<Wait>();
  wait->changed = runtime_.condition();
  wait->results.resize(requests.size());
  const Interrupt::Registration registration(interrupt, [wait] {
    const std::lock_guard lock(wait->mutex);
    wait->interrupted = true;
    wait->changed->notify_all();
  });
  std::size_t sent = 0;
  std::unique_lock lock(wait->mutex);
  std::size_t wanted = requests.size();
  while (wait->answered < wanted && !wait->interrupted) {
    if (wait->failure) wanted = sent;  // what is not sent yet would help nobody
    auto pause = CallBudget::Clock::duration::zero();
    while (sent < wanted && sent - wait->answered < kCallsInFlight) {
      pause = budget_->wait_time(runtime_.now());
      if (pause > CallBudget::Clock::duration::zero()) break;
      budget_->spend(1, runtime_.now());
      const std::size_t index = sent++;
      lock.unlock();
      rpc_->call(
          requests[index].address, std::move(requests[index].request), timeout,
          [wait, index](Result<net::Response> answer) {
            const std::lock_guard answer_lock(wait->mutex);
            if (!answer && !wait->failure) wait->failure = answer.error();
            wait->results[index] = std::move(answer);
            ++wait->answered;
            wait->changed->notify_all();
          },
          stream);
      lock.lock();
    }
    const std::size_t before = wait->answered;
    const auto news = [&] { return wait->interrupted || wait->answered != before || wait->answered >= wanted; };
    if (pause > CallBudget::Clock::duration::zero()) {
      wait->changed->wait_until(lock, runtime_.now() + pause, news);
    } else {
      wait->changed->wait(lock, news);
    }
  }
  std::vector<Result<net::Response>> results;
  results.reserve(requests.size());
  for (auto& result : wait->results) {
    if (result) {
      results.push_back(*std::move(result));
    } else {
      results.emplace_back(wait->failure && !wait->interrupted ? *wait->failure
                                                               : Error(ErrorCode::kClosed, "interrupted"));
    }
  }
  return results;
}

Result<net::Response> Cluster::call_blocking(Addressed request, Milliseconds timeout, Interrupt& interrupt,
                                             std::uint32_t stream) {
  std::vector<Addressed> one;
  one.push_back(std::move(request));
  return std::move(call_all(std::move(one), timeout, interrupt, stream).front());
}

}  // namespace rocketlink::cluster
