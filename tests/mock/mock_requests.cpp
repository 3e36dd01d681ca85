#include <fmt/format.h>

#include <algorithm>

#include "mock/mock_cluster.h"
#include "mock/mock_process.h"
#include "mock/observer.h"

/// How requests come to a server and answers leave it, and the faults on that way.
namespace rocketlink::mock {

using wire::RequestCode;

void MockCluster::receive(const std::shared_ptr<MockSession>& session, wire::Header header, std::string body,
                          std::uint8_t serialize_type) {
  if (header.is_response()) {
    const std::lock_guard lock(mutex_);
    client_answers_.push_back(std::move(header));
    seen_changed_->notify_all();
    return;
  }
  const auto call = std::make_shared<MockCall>();
  call->session = session;
  call->request = {session->server(), std::move(header), std::move(body), {}, session->number()};
  call->serialize_type = serialize_type;
  if (setup_.observer != nullptr) setup_.observer->received(call->request);
  process(session->server()).stage(Step::kReceive).push([this, call] { accept(call); });
}

void MockCluster::accept(const Call& call) {
  SeenRequest& request = call->request;
  request.time = runtime_.now();
  if (setup_.keeps_seen) {
    const std::lock_guard lock(mutex_);
    seen_.push_back(request);
    seen_changed_->notify_all();
  }
  call->fault = match_fault(request);
  MockReply reply;
  switch (call->fault.kind) {
    case Fault::Kind::kAnswer:
      reply.code = call->fault.answer_code;
      reply.remark = call->fault.remark;
      respond(call, std::move(reply));
      return;
    case Fault::Kind::kDrop:
    case Fault::Kind::kClose:
    case Fault::Kind::kSendBytes:
      reply.none = true;
      respond(call, std::move(reply));
      return;
    default:
      break;
  }
  if (throttles(request)) {
    reply.code = static_cast<std::int32_t>(wire::ResponseCode::kFlowControl);
    reply.remark = "the instance's calls a second are used up";
    respond(call, std::move(reply));
    return;
  }
  enqueue(process(request.server), call);
}

void MockCluster::enqueue(MockProcess& at, const Call& call) {
  const RequestCode code = call->request.code();
  Stage& stage = at.stage_for(code);
  const std::uint64_t number = stage.push([this, &at, call] { work(at, call); });
  if (!setup_.queue_limits || !at.is_broker() || stage.size() == 0) return;
  const QueueLimits& limits = *setup_.queue_limits;
  const Milliseconds limit = &stage == &at.stage(Step::kSend)   ? limits.sends
                             : &stage == &at.stage(Step::kPull) ? limits.pulls
                                                                : limits.others;
  schedule_->after(limit, [this, &stage, number, limit, call] {
    if (!stage.withdraw(number)) return;
    MockReply busy;
    busy.code = static_cast<std::int32_t>(wire::ResponseCode::kSystemBusy);
    busy.remark = fmt::format(
        "[TIMEOUT_CLEAN_QUEUE]broker busy, start flow control for a while, period in queue: {}ms, size of queue: {}",
        limit.count(), stage.size());
    respond(call, std::move(busy));
  });
}

void MockCluster::work(MockProcess& at, const Call& call) {
  MockReply reply = execute(at, call, true);
  if (call->fault.kind == Fault::Kind::kTwice) {
    const auto again = std::make_shared<MockCall>(*call);
    again->session.reset();
    (void)execute(at, again, false);
  }
  if (!reply.later) respond(call, std::move(reply));
}

void MockCluster::set_throttle(std::uint32_t calls_per_second) {
  on_loop([&] { throttle_ = calls_per_second; });
}

std::size_t MockCluster::throttled_calls() const {
  std::size_t calls = 0;
  on_loop([&] { calls = throttled_calls_; });
  return calls;
}

bool MockCluster::throttles(const SeenRequest& request) {
  const bool counts = request.code() == RequestCode::kPullMessage || request.code() == RequestCode::kSendMessageV2 ||
                      request.code() == RequestCode::kSendBatchMessage;
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
    if (fault.times == 0 || (fault.code != RequestCode{} && fault.code != request.code())) continue;
    if (!fault.server.empty() && fault.server != request.server) continue;
    if (fault.when && !fault.when(request)) continue;
    if (fault.skip > 0) {
      --fault.skip;
      continue;
    }
    if (!random_.chance(fault.chance)) continue;
    if (fault.times > 0) --fault.times;
    if (!fault.name.empty()) ++met_[fault.name];
    Fault met = fault;
    met.delay += Milliseconds(random_.below(static_cast<std::uint64_t>(fault.jitter.count()) + 1));
    return met;
  }
  return {};
}

void MockCluster::respond(const Call& call, MockReply reply) {
  const SeenRequest& request = call->request;
  const Fault& fault = call->fault;
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
    if (setup_.observer != nullptr) setup_.observer->answered(request, header.code);
    const MockEncoding usual = is_5() ? MockEncoding::kJson : MockEncoding::kAsAsked;
    const MockEncoding encoding = setup_.encoding.value_or(usual);
    const bool binary =
        encoding == MockEncoding::kBinary || (encoding == MockEncoding::kAsAsked && call->serialize_type == 1);
    const auto encoded = binary ? wire::encode_frame_head(header, reply.body.size(), bytes)
                                : wire::encode_frame_head_json(header, reply.body.size(), bytes);
    if (!encoded) return;
    bytes += reply.body;
  }
  if (fault.kind == Fault::Kind::kHold) {
    held_.push_back({call->session, std::move(bytes)});
    if (held_.size() >= static_cast<std::size_t>(fault.hold)) {
      release_held();
    } else if (fault.delay.count() > 0) {
      schedule_->after(fault.delay, [this] { release_held(); });
    }
    return;
  }
  MockProcess& from = process(request.server);
  schedule_->after(fault.delay, [this, &from, call, bytes = std::move(bytes)]() mutable {
    from.stage(Step::kAnswer).push([this, call, bytes = std::move(bytes)]() mutable {
      deliver(call, std::move(bytes));
    });
  });
}

void MockCluster::release_held() {
  std::vector<Held> held;
  held.swap(held_);
  std::reverse(held.begin(), held.end());
  for (Held& one : held) {
    if (const auto to = one.session.lock()) to->send(std::move(one.bytes));
  }
}

void MockCluster::deliver(const Call& call, std::string bytes) {
  const auto session = call->session.lock();
  if (!session) return;
  switch (call->fault.kind) {
    case Fault::Kind::kDrop:
    case Fault::Kind::kExecuteAndDrop:
      return;
    case Fault::Kind::kClose:
    case Fault::Kind::kExecuteAndClose:
      session->close();
      return;
    case Fault::Kind::kSendBytes:
      session->send(call->fault.bytes);
      return;
    case Fault::Kind::kTruncate:
      session->send(bytes.substr(0, bytes.size() / 2));
      session->close_when_sent();
      return;
    default:
      if (!bytes.empty()) session->send(std::move(bytes));
  }
}

// ---- faults and what was seen

void MockCluster::inject(Fault fault) {
  on_loop([&] { faults_.push_back(std::move(fault)); });
}

std::map<std::string, std::uint64_t> MockCluster::faults_met() const {
  std::map<std::string, std::uint64_t> met;
  on_loop([&] { met = met_; });
  return met;
}

std::uint64_t MockCluster::unanswered() const {
  std::uint64_t count = 0;
  on_loop([&] { count = unanswered_; });
  return count;
}

void MockCluster::clear_faults() {
  on_loop([&] { faults_.clear(); });
}

std::vector<SeenRequest> MockCluster::seen(RequestCode code, const std::string& server) const {
  const std::lock_guard lock(mutex_);
  std::vector<SeenRequest> found;
  for (const SeenRequest& request : seen_) {
    if (request.code() == code && (server.empty() || request.server == server)) found.push_back(request);
  }
  return found;
}

std::size_t MockCluster::count(RequestCode code, const std::string& server) const {
  const std::lock_guard lock(mutex_);
  return count_locked(code, server);
}

std::size_t MockCluster::count_locked(RequestCode code, const std::string& server) const {
  return static_cast<std::size_t>(std::count_if(seen_.begin(), seen_.end(), [&](const SeenRequest& request) {
    return request.code() == code && (server.empty() || request.server == server);
  }));
}

bool MockCluster::wait_for(RequestCode code, std::size_t at_least, Milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  return seen_changed_->wait_until(lock, runtime_.now() + timeout, [&] { return count_locked(code, "") >= at_least; });
}

bool MockCluster::wait_for_client_answer(Milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  return seen_changed_->wait_until(lock, runtime_.now() + timeout, [&] { return !client_answers_.empty(); });
}

std::vector<wire::Header> MockCluster::client_answers() const {
  const std::lock_guard lock(mutex_);
  return client_answers_;
}

void MockCluster::forget_seen() {
  const std::lock_guard lock(mutex_);
  seen_.clear();
}

}  // namespace rocketlink::mock
