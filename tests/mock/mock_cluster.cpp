#include "mock/mock_cluster.h"

#include <algorithm>

#include "mock/asio_network.h"
#include "mock/mock_server.h"

namespace rocketlink::mock {

MockCluster::MockCluster(MockSetup setup, Runtime& runtime, Network* network)
    : setup_(std::move(setup)),
      runtime_(runtime),
      own_network_(network == nullptr ? std::make_unique<AsioNetwork>() : nullptr),
      network_(network == nullptr ? own_network_.get() : network),
      seen_changed_(runtime.condition()),
      loop_(runtime.event_loop()) {
  on_loop([this] { schedule_ = std::make_unique<Schedule>(runtime_, *loop_); });
  for (int i = 0; i < setup_.name_servers; ++i) add_server("namesrv-" + std::to_string(i));
  for (const std::string& broker : setup_.brokers) add_server(broker + "/0");
}

MockCluster::~MockCluster() {
  on_loop([this] {
    schedule_.reset();
    parked_.clear();
    held_.clear();
    for (const auto& [label, server] : servers_) server->close_sessions();
    servers_.clear();
  });
}

void MockCluster::on_loop(const std::function<void()>& action) const {
  if (loop_->on_loop_thread()) {
    action();
  } else {
    loop_->run_and_wait(action);
  }
}

void MockCluster::add_server(const std::string& label) {
  on_loop([&] {
    auto server = std::make_unique<MockServer>(*this, label);
    server->listen(0);
    const std::uint16_t port = server->port();
    servers_.emplace(label, std::move(server));
    const std::lock_guard lock(mutex_);
    addresses_[label] = "127.0.0.1:" + std::to_string(port);
  });
}

std::vector<std::string> MockCluster::endpoints() const {
  std::vector<std::string> all;
  for (int i = 0; i < setup_.name_servers; ++i) all.push_back(address("namesrv-" + std::to_string(i)));
  return all;
}

std::string MockCluster::address(const std::string& server) const {
  const std::lock_guard lock(mutex_);
  return addresses_.at(server);
}

// ---- servers

void MockCluster::stop(const std::string& server) {
  on_loop([&] { servers_.at(server)->stop(); });
}

void MockCluster::start(const std::string& server, bool new_port) {
  on_loop([&] {
    MockServer& started = *servers_.at(server);
    started.listen(new_port ? 0 : started.port());
    const std::lock_guard lock(mutex_);
    addresses_[server] = "127.0.0.1:" + std::to_string(started.port());
  });
}

void MockCluster::close_connections(const std::string& server) {
  on_loop([&] { servers_.at(server)->close_sessions(); });
}

void MockCluster::set_silent(const std::string& server, bool silent) {
  on_loop([&] { servers_.at(server)->silent = silent; });
}

void MockCluster::add_slave(const std::string& broker, std::int64_t broker_id) {
  add_server(broker + "/" + std::to_string(broker_id));
}

void MockCluster::show_in_route(const std::string& server, bool shown) {
  const std::lock_guard lock(mutex_);
  hidden_[server] = !shown;
}

void MockCluster::suggest_broker(const std::string& broker, std::int64_t broker_id) {
  const std::lock_guard lock(mutex_);
  suggested_[broker] = broker_id;
}

std::size_t MockCluster::open_connections(const std::string& server) const {
  std::size_t open = 0;
  on_loop([&] { open = servers_.at(server)->sessions().size(); });
  return open;
}

std::size_t MockCluster::accepted_connections(const std::string& server) const {
  std::size_t accepted = 0;
  on_loop([&] { accepted = servers_.at(server)->accepted(); });
  return accepted;
}

void MockCluster::request_clients(const std::string& server, std::int32_t code, std::int32_t flag) {
  wire::Header header;
  header.code = code;
  header.flag = flag;
  header.opaque = 1;  // the server's own numbering: may be that of a pending request of the client
  header.version = setup_.version;
  std::string frame;
  if (wire::encode_frame_head_json(header, 0, frame)) send_to_clients(server, frame);
}

void MockCluster::send_to_clients(const std::string& server, const std::string& bytes) {
  on_loop([&] {
    const auto sessions = servers_.at(server)->sessions();
    for (const auto& [number, session] : sessions) session->send(bytes);
  });
}

std::vector<wire::Header> MockCluster::client_answers() const {
  const std::lock_guard lock(mutex_);
  return client_answers_;
}

// ---- requests

void MockCluster::receive(const std::shared_ptr<MockSession>& session, wire::Header header, std::string body,
                          std::uint8_t serialize_type) {
  SeenRequest request{session->server(), std::move(header), std::move(body), runtime_.now(), session->number()};
  Fault fault;
  Reply reply;
  {
    const std::lock_guard lock(mutex_);
    if (request.header.is_response()) {
      client_answers_.push_back(std::move(request.header));
      seen_changed_->notify_all();
      return;
    }
    if (setup_.keeps_seen) seen_.push_back(request);
    seen_changed_->notify_all();
    fault = match_fault(request);
    switch (fault.kind) {
      case Fault::Kind::kAnswer:
        reply.code = fault.answer_code;
        reply.remark = fault.remark;
        break;
      case Fault::Kind::kDrop:
      case Fault::Kind::kClose:
      case Fault::Kind::kSendBytes:
        reply.none = true;
        break;
      default:
        if (throttles(request)) {
          reply.code = static_cast<std::int32_t>(wire::ResponseCode::kFlowControl);
          reply.remark = "the instance's calls a second are used up";
        } else {
          reply = execute(request, true);
        }
        break;
    }
  }
  respond(session, request, serialize_type, fault, std::move(reply));
}

void MockCluster::set_throttle(std::uint32_t calls_per_second) {
  const std::lock_guard lock(mutex_);
  throttle_ = calls_per_second;
}

std::size_t MockCluster::throttled_calls() const {
  const std::lock_guard lock(mutex_);
  return throttled_calls_;
}

bool MockCluster::throttles(const SeenRequest& request) {
  const bool counts = request.code() == wire::RequestCode::kPullMessage ||
                      request.code() == wire::RequestCode::kSendMessageV2 ||
                      request.code() == wire::RequestCode::kSendBatchMessage;
  if (throttle_ == 0 || !counts) return false;
  const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(request.time.time_since_epoch()).count();
  if (second != throttle_second_) calls_in_second_ = 0;
  throttle_second_ = second;
  if (calls_in_second_ < throttle_) {
    ++calls_in_second_;
    return false;
  }
  ++throttled_calls_;
  return true;
}

Fault MockCluster::match_fault(const SeenRequest& request) {
  for (Fault& fault : faults_) {
    if (fault.times == 0 || fault.code != request.code()) continue;
    if (!fault.server.empty() && fault.server != request.server) continue;
    if (fault.when && !fault.when(request)) continue;
    if (fault.skip > 0) {
      --fault.skip;
      continue;
    }
    if (fault.times > 0) --fault.times;
    return fault;
  }
  return {};
}

void MockCluster::respond(const std::shared_ptr<MockSession>& session, const SeenRequest& request,
                          std::uint8_t serialize_type, const Fault& fault, Reply reply) {
  if (reply.parked) {
    const Milliseconds asked(request.header.ext.find_int("suspendTimeoutMillis").value_or(0));
    park(session, request, serialize_type, fault, std::min(asked, setup_.longest_suspend));
    return;
  }
  if (request.header.is_one_way()) return;
  std::string bytes;
  if (!reply.none) {
    wire::Header header;
    header.code = reply.code;
    header.version = setup_.version;
    header.opaque = request.header.opaque + (fault.kind == Fault::Kind::kWrongOpaque ? 1'000'000 : 0);
    header.flag = wire::kFlagResponse;
    header.remark = std::move(reply.remark);
    header.ext = std::move(reply.ext);
    if (fault.edit) fault.edit(header, reply.body);
    const MockEncoding usual = is_5() ? MockEncoding::kJson : MockEncoding::kAsAsked;
    const MockEncoding encoding = setup_.encoding.value_or(usual);
    const bool binary =
        encoding == MockEncoding::kBinary || (encoding == MockEncoding::kAsAsked && serialize_type == 1);
    const auto encoded = binary ? wire::encode_frame_head(header, reply.body.size(), bytes)
                                : wire::encode_frame_head_json(header, reply.body.size(), bytes);
    if (!encoded) return;
    bytes += reply.body;
  }
  if (fault.kind == Fault::Kind::kHold) {
    held_.push_back({session, std::move(bytes)});
    if (held_.size() < static_cast<std::size_t>(fault.hold)) return;
    for (auto held = held_.rbegin(); held != held_.rend(); ++held) {
      if (const auto to = held->session.lock()) to->send(std::move(held->bytes));
    }
    held_.clear();
    return;
  }
  deliver(session, fault, std::move(bytes));
}

void MockCluster::deliver(const std::shared_ptr<MockSession>& session, const Fault& fault, std::string bytes) {
  schedule_->after(fault.delay,
                   [session, kind = fault.kind, garbage = fault.bytes, bytes = std::move(bytes)]() mutable {
                     switch (kind) {
                       case Fault::Kind::kDrop:
                       case Fault::Kind::kExecuteAndDrop:
                         return;
                       case Fault::Kind::kClose:
                       case Fault::Kind::kExecuteAndClose:
                         session->close();
                         return;
                       case Fault::Kind::kSendBytes:
                         session->send(std::move(garbage));
                         return;
                       case Fault::Kind::kTruncate:
                         session->send(bytes.substr(0, bytes.size() / 2));
                         session->close_when_sent();
                         return;
                       default:
                         if (!bytes.empty()) session->send(std::move(bytes));
                     }
                   });
}

// ---- long polls

void MockCluster::park(const std::shared_ptr<MockSession>& session, const SeenRequest& request,
                       std::uint8_t serialize_type, const Fault& fault, Milliseconds suspend) {
  const std::uint64_t id = next_parked_++;
  QueueId queue;
  {
    const std::lock_guard lock(mutex_);
    queue = queue_of(request);
  }
  parked_.push_back({session, request, serialize_type, fault, queue, id});
  schedule_->after(suspend, [this, id] { retry_parked(id, true); });
}

void MockCluster::retry_parked(std::uint64_t id, bool time_is_up) {
  const auto found = std::find_if(parked_.begin(), parked_.end(), [&](const Parked& p) { return p.id == id; });
  if (found == parked_.end()) return;
  Reply reply;
  {
    const std::lock_guard lock(mutex_);
    reply = execute(found->request, !time_is_up);
  }
  if (reply.parked) return;
  const Parked parked = std::move(*found);
  parked_.erase(found);
  if (const auto session = parked.session.lock())
    respond(session, parked.request, parked.serialize_type, parked.fault, std::move(reply));
}

void MockCluster::wake_parked(const QueueId& queue) {
  loop_->post([this, queue] {
    std::vector<std::uint64_t> ids;
    for (const Parked& parked : parked_) {
      if (parked.queue == queue) ids.push_back(parked.id);
    }
    for (const std::uint64_t id : ids) retry_parked(id, false);
  });
}

// ---- faults and what was seen

void MockCluster::inject(Fault fault) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
}

void MockCluster::clear_faults() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

std::vector<SeenRequest> MockCluster::seen(wire::RequestCode code, const std::string& server) const {
  const std::lock_guard lock(mutex_);
  std::vector<SeenRequest> found;
  for (const SeenRequest& request : seen_) {
    if (request.code() == code && (server.empty() || request.server == server)) found.push_back(request);
  }
  return found;
}

std::size_t MockCluster::count(wire::RequestCode code, const std::string& server) const {
  const std::lock_guard lock(mutex_);
  return count_locked(code, server);
}

std::size_t MockCluster::count_locked(wire::RequestCode code, const std::string& server) const {
  return static_cast<std::size_t>(std::count_if(seen_.begin(), seen_.end(), [&](const SeenRequest& request) {
    return request.code() == code && (server.empty() || request.server == server);
  }));
}

bool MockCluster::wait_for(wire::RequestCode code, std::size_t at_least, Milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  return seen_changed_->wait_until(lock, runtime_.now() + timeout, [&] { return count_locked(code, "") >= at_least; });
}

bool MockCluster::wait_for_client_answer(Milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  return seen_changed_->wait_until(lock, runtime_.now() + timeout, [&] { return !client_answers_.empty(); });
}

void MockCluster::forget_seen() {
  const std::lock_guard lock(mutex_);
  seen_.clear();
}

}  // namespace rocketlink::mock
