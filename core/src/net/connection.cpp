#include "net/connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/buffer.hpp>
#include <asio/connect.hpp>
#include <asio/ssl/error.hpp>

#include "net/denial.h"
#include "wire/instance.h"

namespace rocketlink::net {

namespace {

constexpr Milliseconds kDeadlineTick{20};  ///< deadlines this near to each other are looked at together
constexpr Milliseconds kLongestTimeout{3'600'000};
constexpr std::size_t kMaxBuffersPerWrite = 128;

}  // namespace

Connection::Connection(EventLoop& loop, std::string address, std::shared_ptr<const ConnectionSettings> settings)
    : loop_(loop),
      address_(std::move(address)),
      settings_(std::move(settings)),
      resolver_(loop.context()),
      connect_timer_(loop.context()),
      deadline_timer_(loop.context()),
      backoff_(settings_->timing.first_backoff, settings_->timing.longest_backoff) {}

void Connection::call(Request request, Milliseconds timeout, Callback callback) {
  const auto now = std::chrono::steady_clock::now();
  if (state_ == State::kIdle && now < next_connect_) {
    Error error = last_failure_;
    error.text = fmt::format("not connected to {}: {}", address_, last_failure_.text);
    callback(std::move(error));
    return;
  }
  const auto opaque = static_cast<std::int32_t>(next_opaque_++);  // any value will do, negative ones too
  const wire::RequestCode code = request.code;
  if (!enqueue(std::move(request), opaque)) {
    callback(
        Error(ErrorCode::kTooLarge, fmt::format("a request of code {} to {} is larger than a frame may be ({} bytes)",
                                                static_cast<int>(code), address_, wire::kMaxFrameBytes)));
    return;
  }
  const SteadyTime deadline = now + std::min(timeout, kLongestTimeout);
  pending_.emplace(opaque, Pending{std::move(callback), now, deadline, code});
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
  if (!wire::encode_frame_head(header, request.body.size(), out.head)) return false;
  out.body = std::move(request.body);
  outbox_.push_back(std::move(out));
  return true;
}

void Connection::connect() {
  state_ = State::kConnecting;
  const std::uint64_t attempt = ++attempt_;
  stream_ = std::make_shared<Stream>(loop_.context(), settings_->tls.get());
  const auto parsed = parse_address(address_);
  if (!parsed) {
    asio::post(loop_.context(), [self = shared_from_this(), text = parsed.error().text, attempt] {
      if (attempt == self->attempt_) self->fail(Error(ErrorCode::kDisconnected, text, true));
    });
    return;
  }
  host_ = parsed->host;
  connect_timer_.expires_after(settings_->timing.connect);
  connect_timer_.async_wait([self = shared_from_this(), attempt](const asio::error_code& error) {
    if (!error && attempt == self->attempt_ && self->state_ == State::kConnecting) {
      self->fail(Error(ErrorCode::kDisconnected,
                       fmt::format("no connection within {} ms", self->settings_->timing.connect.count()), true));
    }
  });
  resolver_.async_resolve(
      parsed->host, parsed->port,
      [self = shared_from_this(), attempt, stream = stream_](const asio::error_code& error,
                                                             const asio::ip::tcp::resolver::results_type& found) {
        if (attempt != self->attempt_) return;
        if (error) {
          self->fail(Error(ErrorCode::kDisconnected, "cannot resolve the host name: " + error.message(), true));
          return;
        }
        asio::async_connect(
            stream->socket(), found,
            [self, attempt, stream](const asio::error_code& connect_error, const asio::ip::tcp::endpoint&) {
              self->connected(connect_error, attempt);
            });
      });
}

void Connection::connected(const asio::error_code& error, std::uint64_t attempt) {
  if (attempt != attempt_ || state_ != State::kConnecting) return;
  if (error) {
    fail(Error(ErrorCode::kDisconnected, error.message(), true));
    return;
  }
  asio::error_code ignored;
  stream_->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  stream_->socket().set_option(asio::socket_base::keep_alive(true), ignored);
  if (settings_->tls) {
    handshake(attempt);
  } else {
    established();
  }
}

void Connection::handshake(std::uint64_t attempt) {
  settings_->tls->expect(stream_->ssl(), host_);
  stream_->handshake([self = shared_from_this(), attempt, stream = stream_](const asio::error_code& error) {
    if (attempt != self->attempt_) return;
    if (error) {
      self->fail(self->settings_->tls->explain(stream->ssl(), stream->rejected(), self->host_, error));
    } else {
      self->established();
    }
  });
}

void Connection::established() {
  connect_timer_.cancel();
  state_ = State::kReady;
  heard_ = false;
  backoff_.reset();
  last_received_ = std::chrono::steady_clock::now();
  received_.clear();
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
  std::vector<asio::const_buffer> buffers;
  buffers.reserve(writing_->size() * 2);
  for (const Outgoing& out : *writing_) {
    buffers.emplace_back(out.head.data(), out.head.size());
    if (!out.body.empty()) buffers.emplace_back(out.body.data(), out.body.size());
  }
  // The operation goes on by itself after part of the bytes: stream and buffers must outlive it, whatever `fail` does.
  stream_->write(buffers, [self = shared_from_this(), attempt = attempt_, stream = stream_, written = writing_](
                              const asio::error_code& error, std::size_t) {
    if (attempt != self->attempt_) return;
    self->writing_.reset();
    if (!error) {
      self->start_write();
    } else if (stream->ssl() == nullptr || self->heard_) {
      self->broken("writing", error);
    }  // else reading tells more: a server that wants a certificate says so behind the handshake, and closes
  });
}

void Connection::start_read() {
  std::size_t frame_bytes = 0;
  const std::string_view held = received_.readable();
  if (held.size() >= 8) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(held.data());
    // take_frames has accepted this layout already.
    frame_bytes = wire::parse_frame_layout(std::span<const std::uint8_t, 8>(first, 8))->total;
  }
  const auto room = received_.prepare(frame_bytes);
  stream_->read_some(asio::buffer(room.data(), room.size()),
                     [self = shared_from_this(), attempt = attempt_, stream = stream_](const asio::error_code& error,
                                                                                       std::size_t bytes) {
                       if (attempt != self->attempt_) return;
                       if (error) {
                         self->broken("reading", error);
                         return;
                       }
                       self->heard_ = true;
                       self->last_received_ = std::chrono::steady_clock::now();
                       self->received_.commit(bytes);
                       if (self->take_frames()) self->start_read();
                     });
}

void Connection::broken(std::string_view doing, const asio::error_code& error) {
  const bool closed = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
  if (closed && !heard_ && !settings_->tls) {
    fail(
        Error(ErrorCode::kDisconnected,
              "closed by the peer without a word; if it does so always, it demands TLS ('tls.enabled' = 'true'), or is "
              "no remoting port of RocketMQ",
              true));
  } else if (closed) {
    fail(Error(ErrorCode::kDisconnected, "closed by the peer", true));
  } else if (error.category() == asio::error::get_ssl_category()) {
    fail(settings_->tls->explain(stream_->ssl(), stream_->rejected(), host_, error));
  } else {
    fail(Error(ErrorCode::kDisconnected, fmt::format("{} failed: {}", doing, error.message()), true));
  }
}

bool Connection::take_frames() {
  const std::uint64_t attempt = attempt_;
  while (received_.readable().size() >= 8) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(received_.readable().data());
    const auto layout = wire::parse_frame_layout(std::span<const std::uint8_t, 8>(first, 8));
    if (!layout) {
      fail(Error(ErrorCode::kProtocol, layout.error().text, true));
      return false;
    }
    if (received_.readable().size() < layout->total) break;
    take_frame(*layout);
    if (attempt != attempt_ || state_ != State::kReady) return false;
    received_.consume(layout->total);
  }
  if (going_away_ && pending_.empty()) {
    close(Error(ErrorCode::kClosed, fmt::format("{} is shutting down", address_)));
    return false;
  }
  return true;
}

void Connection::take_frame(const wire::FrameLayout& layout) {
  auto header = wire::decode_header(layout.serialize_type, received_.readable().substr(8, layout.header_bytes));
  if (!header) {
    fail(Error(ErrorCode::kProtocol, header.error().text, true));
    return;
  }
  if (!header->is_response()) {
    answer_request(*header);
    return;
  }
  const auto found = pending_.find(header->opaque);
  if (found == pending_.end()) return;  // answered after its deadline, or an answer to a one-way request (4.9)
  Callback callback = std::move(found->second.callback);
  const wire::RequestCode asked = found->second.code;
  pending_.erase(found);
  if (header->code == static_cast<std::int32_t>(wire::ResponseCode::kGoAway)) {
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
  callback(Response{std::move(*header), received_.share(layout.body_offset(), layout.body_bytes())});
}

void Connection::answer_request(const wire::Header& request) {
  if (request.is_one_way()) return;
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

void Connection::watch_deadline(SteadyTime deadline) {
  if (deadline >= next_check_) return;
  next_check_ = deadline;
  deadline_timer_.expires_at(deadline + kDeadlineTick);
  deadline_timer_.async_wait([self = weak_from_this()](const asio::error_code& error) {
    const auto connection = self.lock();
    if (error || !connection) return;
    connection->next_check_ = SteadyTime::max();
    connection->check_deadlines();
  });
}

void Connection::check_deadlines() {
  const auto now = std::chrono::steady_clock::now();
  std::vector<Pending> late;
  SteadyTime nearest = SteadyTime::max();
  for (auto it = pending_.begin(); it != pending_.end();) {
    if (it->second.deadline <= now) {
      late.push_back(std::move(it->second));
      it = pending_.erase(it);
    } else {
      nearest = std::min(nearest, it->second.deadline);
      ++it;
    }
  }
  watch_deadline(nearest);
  const bool silent =
      now - last_received_ >= settings_->timing.silence &&
      std::any_of(late.begin(), late.end(), [&](const Pending& call) { return last_received_ < call.sent; });
  // Not a byte since the late request was sent: the connection is half open or the peer hangs. A new one tells.
  if (silent && state_ == State::kReady)
    fail(Error(ErrorCode::kDisconnected, "nothing received for the whole time of a request", true));
  for (Pending& call : late) {
    const auto waited = std::chrono::duration_cast<Milliseconds>(call.deadline - call.sent).count();
    call.callback(Error(ErrorCode::kTimeout,
                        fmt::format("{} did not answer a request of code {} within {} ms", address_,
                                    static_cast<int>(call.code), waited),
                        true));
  }
}

void Connection::fail(Error reason) {
  const bool was_ready = state_ == State::kReady;
  shut();
  last_failure_ = reason;
  // A peer may close what is idle: that is no reason to wait.
  next_connect_ = std::chrono::steady_clock::now();
  if (!was_ready || !pending_.empty()) next_connect_ += backoff_.next();
  if (was_ready && !pending_.empty()) settings_->log.debug("lost the connection to {}: {}", address_, reason.text);
  reason.text =
      fmt::format("{} {}: {}", was_ready ? "lost the connection to" : "cannot connect to", address_, reason.text);
  fail_pending(reason);
}

void Connection::shut() {
  ++attempt_;
  state_ = State::kIdle;
  connect_timer_.cancel();
  resolver_.cancel();
  if (stream_) {
    asio::error_code ignored;
    stream_->socket().close(ignored);
    stream_.reset();
  }
  received_.clear();
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
  deadline_timer_.cancel();
  next_check_ = SteadyTime::max();
  fail_pending(error);
}

}  // namespace rocketlink::net
