#include "net/connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/error.hpp>
#include <asio/ssl/error.hpp>
#include <utility>

#include "net/denial.h"
#include "wire/instance.h"

namespace rocketlink::net {

namespace {

constexpr Milliseconds kDeadlineTick{20};           ///< deadlines this near to each other are looked at together
constexpr Milliseconds kLongestTimeout{3'600'000};  ///< a longer one counts as this
constexpr std::size_t kMaxBuffersPerWrite = 128;    ///< two a frame; more frames wait for the next write
constexpr Milliseconds kLeastShare{250};            ///< at least, of the time for connecting, for one of many addresses
/// Bytes a second that are worth waiting for: a twelfth of what the slowest link that we are made for carries, and far
/// more than what a peer says that is only alive.
constexpr std::uint64_t kLeastBytesPerSecond = 4096;
constexpr Milliseconds kBetweenLooks{1000};      ///< the machine is asked no more often what has been acknowledged
constexpr std::size_t kMostCallsGivenUp = 1024;  ///< the newest of a connection, whose late answers are known as such
constexpr std::size_t kMostFramesBeforeAnswers = 256;  ///< with as many waiting, a peer that asks gets no answer

/// How long it is worth waiting for more.
std::chrono::nanoseconds worth(std::uint64_t bytes) {
  return std::chrono::nanoseconds(bytes * 1'000'000'000 / kLeastBytesPerSecond);
}

std::string text_of(const Endpoint& endpoint) {
  return endpoint.address().to_string();
}

}  // namespace

Connection::Connection(EventLoop& loop, std::string address, std::shared_ptr<const ConnectionSettings> settings)
    : loop_(loop),
      address_(std::move(address)),
      settings_(std::move(settings)),
      connect_timer_(loop.timer()),
      deadline_timer_(loop.timer()),
      backoff_(settings_->timing.first_backoff, settings_->timing.longest_backoff, settings_->runtime->random()) {}

void Connection::call(Request request, Milliseconds timeout, Callback callback) {
  const SteadyTime now = this->now();
  if (state_ == State::kIdle && now < next_connect_) {
    Error error = last_failure_;
    error.text = fmt::format("not connected to {}: {}", address_, last_failure_.text);
    callback(std::move(error));
    return;
  }
  const auto opaque = static_cast<std::int32_t>(next_opaque_++);  // any value will do, negative ones too
  const wire::RequestCode code = request.code;
  if (!enqueue(std::move(request), opaque)) {
    callback(Error(ErrorCode::kTooLarge,
                   fmt::format("{} (request {}) to {} is larger than a frame may be ({} bytes)",
                               wire::request_name(code), static_cast<int>(code), address_, wire::kMaxFrameBytes)));
    return;
  }
  timeout = std::min(timeout, kLongestTimeout);
  const SteadyTime deadline = now + timeout;
  if (state_ == State::kReady && now - looked_ >= kBetweenLooks) look_at_acknowledged();
  pending_.emplace(opaque, Pending{std::move(callback), now, timeout, deadline, code, {}});
  watch_deadline(deadline);
  if (state_ == State::kIdle) {
    connect();
  } else {
    start_write();
  }
}

bool Connection::enqueue(Request request, std::int32_t opaque) {
  wire::Header header;
  header.code = static_cast<std::int32_t>(request.code);
  header.version = wire::kClientVersion;
  header.opaque = opaque;
  header.ext = std::move(request.ext);
  Outgoing out;
  out.opaque = opaque;
  if (!wire::encode_frame_head(header, request.body.bytes.size(), out.head)) return false;
  out.body = std::move(request.body);
  outbox_.push_back(std::move(out));
  return true;
}

template <class F>
auto Connection::current(F function) {
  return [self = shared_from_this(), attempt = attempt_, function = std::move(function)](const auto&... arguments) {
    if (attempt == self->attempt_) function(*self, arguments...);
  };
}

void Connection::connect() {
  state_ = State::kConnecting;
  heard_ = false;
  ++attempt_;
  const auto parsed = parse_address(address_);
  if (!parsed) {
    loop_.post(current([text = parsed.error().text](Connection& connection) {
      connection.fail(Error(ErrorCode::kDisconnected, text, true));
    }));
    return;
  }
  host_ = parsed->host;
  connect_timer_->set(now() + settings_->timing.connect, current([](Connection& connection) {
                        connection.fail(Error(ErrorCode::kDisconnected,
                                              fmt::format("its host name was not resolved within {} ms",
                                                          connection.settings_->timing.connect.count()),
                                              true));
                      }));
  loop_.resolve(parsed->host, parsed->port,
                current([](Connection& connection, const std::error_code& error, const std::vector<Endpoint>& found) {
                  connection.resolved(error, found);
                }));
}

void Connection::resolved(const std::error_code& error, const std::vector<Endpoint>& found) {
  if (error || found.empty()) {
    const std::string why = error ? error.message() : "no address";
    fail(Error(ErrorCode::kDisconnected, "cannot resolve the host name: " + why, true));
    return;
  }
  endpoints_ = found;
  // One that takes connections and does not serve them must not hide the others either.
  const auto first = static_cast<std::ptrdiff_t>(unheard_ % endpoints_.size());
  std::rotate(endpoints_.begin(), endpoints_.begin() + first, endpoints_.end());
  next_endpoint_ = 0;
  endpoint_failures_.clear();
  connect_next();
}

/// An address that swallows everything must not hide the others: each has its share of the time.
void Connection::connect_next() {
  const Milliseconds share = std::max(settings_->timing.connect / static_cast<std::int64_t>(endpoints_.size()),
                                      std::min(settings_->timing.connect, kLeastShare));
  // A stream of its own for each: what is on its way to an address that was given up stays with the old one.
  if (stream_) stream_->close();
  stream_ = loop_.stream(settings_->tls);
  connect_timer_->set(now() + share, current([share](Connection& connection) {
                        ++connection.attempt_;  // what this address still says does not count
                        connection.address_failed(fmt::format("no connection within {} ms", share.count()));
                      }));
  stream_->connect(endpoints_[next_endpoint_++], current([](Connection& connection, const std::error_code& error) {
                     if (error) {
                       connection.address_failed(error.message());
                     } else if (connection.settings_->tls) {
                       connection.handshake();
                     } else {
                       connection.established();
                     }
                   }));
}

void Connection::address_failed(const std::string& why) {
  if (endpoints_.size() > 1) {
    endpoint_failures_ +=
        fmt::format("{}{}: {}", endpoint_failures_.empty() ? "" : "; ", text_of(endpoints_[next_endpoint_ - 1]), why);
  } else {
    endpoint_failures_ = why;
  }
  if (next_endpoint_ < endpoints_.size()) {
    connect_next();
  } else {
    fail(Error(ErrorCode::kDisconnected, endpoint_failures_, true));
  }
}

void Connection::handshake() {
  stream_->handshake(host_, current([stream = stream_](Connection& connection, const std::error_code& error) {
                       if (error) {
                         connection.fail(stream->explain_tls(error));
                       } else {
                         connection.established();
                       }
                     }));
}

void Connection::established() {
  connect_timer_->cancel();
  state_ = State::kReady;
  backoff_.reset();
  last_received_ = now();
  written_ = acknowledged_ = 0;
  looked_ = sends_until_ = receives_until_ = newest_answered_ = {};
  drop_given_up();
  start_read();
  start_write();
}

void Connection::drop_given_up() {
  std::erase_if(outbox_, [this](const Outgoing& out) { return out.opaque && !pending_.contains(*out.opaque); });
}

void Connection::start_write() {
  if (state_ != State::kReady || writing_ || outbox_.empty()) return;
  writing_ = std::make_shared<std::vector<Outgoing>>();
  if (outbox_.size() * 2 <= kMaxBuffersPerWrite) {
    writing_->swap(outbox_);
  } else {
    const auto cut = outbox_.begin() + kMaxBuffersPerWrite / 2;
    writing_->assign(std::make_move_iterator(outbox_.begin()), std::make_move_iterator(cut));
    outbox_.erase(outbox_.begin(), cut);
  }
  std::vector<std::string_view> buffers;
  buffers.reserve(writing_->size() * 2);
  for (const Outgoing& out : *writing_) {
    buffers.emplace_back(out.head);
    if (!out.body.bytes.empty()) buffers.push_back(out.body.bytes);
    written_ += out.head.size() + out.body.bytes.size();
    if (const auto call = out.opaque ? pending_.find(*out.opaque) : pending_.end(); call != pending_.end())
      call->second.end = written_;
  }
  // The operation goes on by itself after part of the bytes: these must outlive it, whatever `fail` does.
  stream_->write(
      buffers, current([written = writing_](Connection& connection, const std::error_code& error) {
        connection.writing_.reset();
        if (!error) {
          connection.start_write();
        } else if (!connection.settings_->tls || connection.heard_) {
          connection.broken("writing", error);
        }  // else reading tells more: a server that wants a certificate says so behind the handshake, and closes
      }));
}

void Connection::start_read() {
  std::size_t frame_bytes = 0;
  const std::string_view held = received_->readable();
  if (held.size() >= 8) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(held.data());
    // take_frames has accepted this layout already.
    frame_bytes = wire::parse_frame_layout(std::span<const std::uint8_t, 8>(first, 8))->total;
  }
  stream_->read_some(
      received_->prepare(frame_bytes),
      current([room = received_](Connection& connection, const std::error_code& error, std::size_t bytes) {
        if (error) {
          connection.broken("reading", error);
          return;
        }
        connection.heard_ = true;
        connection.last_received_ = connection.now();
        connection.moved(bytes, connection.receives_until_);
        room->commit(bytes);
        if (connection.take_frames()) connection.start_read();
      }));
}

void Connection::broken(std::string_view doing, const std::error_code& error) {
  const bool closed = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
  if (closed && !heard_ && !settings_->tls) {
    fail(
        Error(ErrorCode::kDisconnected,
              "closed by the peer without a word; if it does so always, it demands TLS ('tls.enabled' = 'true'), or is "
              "no remoting port of RocketMQ",
              true));
  } else if (closed) {
    fail(Error(ErrorCode::kDisconnected, "closed by the peer", true));
  } else if (stream_->is_tls(error) && !heard_) {
    fail(stream_->explain_tls(error));
  } else {
    fail(Error(ErrorCode::kDisconnected, fmt::format("{} failed: {}", doing, error.message()), true));
  }
}

bool Connection::take_frames() {
  const std::uint64_t attempt = attempt_;
  while (received_->readable().size() >= 8) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(received_->readable().data());
    const auto layout = wire::parse_frame_layout(std::span<const std::uint8_t, 8>(first, 8));
    if (!layout) {
      fail(Error(ErrorCode::kProtocol, layout.error().text, true));
      return false;
    }
    if (received_->readable().size() < layout->total) break;
    take_frame(*layout);
    if (attempt != attempt_ || state_ != State::kReady) return false;
    received_->consume(layout->total);
  }
  return !close_if_done();
}

bool Connection::close_if_done() {
  if (!going_away_ || !pending_.empty()) return false;
  close(Error(ErrorCode::kClosed, fmt::format("{} is shutting down", address_)));
  return true;
}

void Connection::take_frame(const wire::FrameLayout& layout) {
  auto header = wire::decode_header(layout.serialize_type, received_->readable().substr(8, layout.header_bytes));
  if (!header) {
    fail(Error(ErrorCode::kProtocol, header.error().text, true));
    return;
  }
  if (!header->is_response()) {
    came_in_vain(layout.total);
    answer_request(*header);
    return;
  }
  const auto found = pending_.find(header->opaque);
  if (found == pending_.end()) {
    if (given_up_.erase(header->opaque) == 0) came_in_vain(layout.total);  // else late: it was on its way all the time
    return;
  }
  Callback callback = std::move(found->second.callback);
  const wire::RequestCode asked = found->second.code;
  newest_answered_ = std::max(newest_answered_, found->second.sent);
  pending_.erase(found);
  if (header->code == wire::ResponseCode::kGoAway) {
    going_away_ = true;
    callback(Error(header->code, fmt::format("{} is shutting down", address_), true));
    return;
  }
  if (header->code != 0 && !settings_->instance.empty()) {
    header->remark = wire::without_instance(settings_->instance, header->remark);
  }
  if (auto denied = denial(*header, asked, settings_->account, address_)) {
    callback(*std::move(denied));
    return;
  }
  SharedBytes body = received_->share(layout.body_offset(), layout.body_bytes());
  // The smaller part of a frame does not keep all of it: readers count what they hold by bodies.
  if (body.bytes.size() < layout.body_offset()) body = SharedBytes(std::string(body.bytes));
  callback(Response{std::move(*header), std::move(body)});
}

void Connection::answer_request(const wire::Header& request) {
  if (request.is_one_way() || outbox_.size() >= kMostFramesBeforeAnswers) return;
  wire::Header answer;
  answer.code = static_cast<std::int32_t>(wire::ResponseCode::kRequestCodeNotSupported);
  answer.version = wire::kClientVersion;
  answer.opaque = request.opaque;
  answer.flag = wire::kFlagResponse;
  answer.remark = fmt::format("request code {} is not supported by this client", request.code);
  Outgoing out;
  if (!wire::encode_frame_head(answer, 0, out.head)) return;
  outbox_.push_back(std::move(out));
  start_write();
}

void Connection::moved(std::uint64_t bytes, SteadyTime& until) const {
  const SteadyTime now = this->now();
  until = std::min(std::max(until, now) + worth(bytes), now + settings_->timing.silence);
}

void Connection::came_in_vain(std::uint64_t bytes) {
  receives_until_ -= std::min<std::chrono::nanoseconds>(worth(bytes), settings_->timing.silence);
}

void Connection::look_at_acknowledged() {
  looked_ = now();
  const std::uint64_t acknowledged = stream_->acknowledged();
  if (acknowledged <= acknowledged_) return;
  moved(acknowledged - acknowledged_, sends_until_);
  acknowledged_ = acknowledged;
}

bool Connection::postpone(Pending& call) const {
  const bool overtaken = newest_answered_ > call.sent + settings_->timing.silence;
  const bool arrived = call.end && *call.end <= acknowledged_;
  const SteadyTime until = arrived ? receives_until_ : std::max(receives_until_, sends_until_);
  if (arrived && std::exchange(call.under_way, false)) {
    call.deadline = now() + call.timeout;  // only now the peer could begin with it
  } else if (until > now() && !overtaken) {
    call.deadline = until;
    call.under_way = !arrived;
  } else {
    return false;
  }
  return true;
}

void Connection::watch_deadline(SteadyTime deadline) {
  if (deadline >= next_check_) return;
  next_check_ = deadline;
  deadline_timer_->set(deadline + kDeadlineTick, [self = weak_from_this()] {
    const auto connection = self.lock();
    if (!connection) return;
    connection->next_check_ = SteadyTime::max();
    connection->check_deadlines();
  });
}

void Connection::check_deadlines() {
  const SteadyTime now = this->now();
  if (state_ == State::kReady) look_at_acknowledged();
  std::vector<Pending> late;
  SteadyTime nearest = SteadyTime::max();
  for (auto it = pending_.begin(); it != pending_.end();) {
    if (it->second.deadline <= now && !(state_ == State::kReady && postpone(it->second))) {
      if (state_ == State::kReady) given_up_.insert(it->first);
      late.push_back(std::move(it->second));
      it = pending_.erase(it);
    } else {
      nearest = std::min(nearest, it->second.deadline);
      ++it;
    }
  }
  while (given_up_.size() > kMostCallsGivenUp) given_up_.erase(given_up_.begin());
  watch_deadline(nearest);
  if (!late.empty()) drop_given_up();
  const bool silent =
      now - last_received_ >= settings_->timing.silence &&
      std::any_of(late.begin(), late.end(), [&](const Pending& call) { return newest_answered_ <= call.sent; });
  // Not a byte for long, and no answer to what was sent later: half open, or the peer hangs. A new connection tells.
  if (silent && state_ == State::kReady) {
    for (auto& [opaque, call] : pending_) late.push_back(std::move(call));
    pending_.clear();
    fail(Error(ErrorCode::kDisconnected, "nothing received for the whole time of a request", true));
  }
  close_if_done();
  for (Pending& call : late) {
    const auto waited = std::chrono::duration_cast<Milliseconds>(std::min(call.deadline, now) - call.sent).count();
    call.callback(Error(ErrorCode::kTimeout,
                        fmt::format("{} did not answer {} (request {}) within {} ms", address_,
                                    wire::request_name(call.code), static_cast<int>(call.code), waited),
                        true));
  }
}

void Connection::fail(Error reason) {
  const bool was_ready = state_ == State::kReady;
  if (!heard_) ++unheard_;
  shut();
  last_failure_ = reason;
  // A peer may close what is idle: that is no reason to wait.
  next_connect_ = now();
  if (!was_ready || !pending_.empty()) next_connect_ += backoff_.next();
  if (was_ready && !pending_.empty()) settings_->log.debug("lost the connection to {}: {}", address_, reason.text);
  reason.text =
      fmt::format("{} {}: {}", was_ready ? "lost the connection to" : "cannot connect to", address_, reason.text);
  fail_pending(reason);
}

void Connection::shut() {
  ++attempt_;
  state_ = State::kIdle;
  connect_timer_->cancel();
  if (stream_) {
    stream_->close();
    stream_.reset();
  }
  received_ = std::make_shared<ReceiveBuffer>();
  given_up_.clear();
  outbox_.clear();
  writing_.reset();
}

void Connection::fail_pending(const Error& error) {
  auto pending = std::move(pending_);
  pending_.clear();
  for (auto& [opaque, call] : pending) call.callback(error);
}

void Connection::close(const Error& error) {
  shut();
  next_connect_ = SteadyTime::max();
  last_failure_ = error;
  deadline_timer_->cancel();
  next_check_ = SteadyTime::max();
  fail_pending(error);
}

}  // namespace rocketlink::net
