#include "mock/mock_server.h"

#include "wire/command.h"

namespace rocketlink::mock {

MockSession::MockSession(MockCluster& cluster, MockServer& server, std::shared_ptr<net::Stream> stream,
                         std::uint64_t number)
    : cluster_(cluster), server_(&server), label_(server.label()), stream_(std::move(stream)), number_(number) {}

void MockSession::read() {
  stream_->read_some(block_, [self = shared_from_this()](const std::error_code& error, std::size_t bytes) {
    if (self->server_ == nullptr) return;
    if (error) {
      self->close();
      return;
    }
    self->inbox_.append(reinterpret_cast<const char*>(self->block_.data()), bytes);
    self->take_frames();
    if (self->server_ != nullptr) self->read();
  });
}

void MockSession::take_frames() {
  while (inbox_.size() >= 8) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(inbox_.data());
    const auto layout = wire::parse_frame_layout(std::span<const std::uint8_t, 8>(first, 8));
    if (!layout) {  // real servers close without an answer
      close();
      return;
    }
    if (inbox_.size() < layout->total) return;
    const std::string frame = inbox_.substr(0, layout->total);
    inbox_.erase(0, layout->total);
    auto header = wire::decode_header(layout->serialize_type, std::string_view(frame).substr(8, layout->header_bytes));
    if (!header) {
      close();
      return;
    }
    if (server_->silent) {
      ++cluster_.unanswered_;
      continue;
    }
    cluster_.receive(shared_from_this(), *std::move(header), frame.substr(layout->body_offset()),
                     layout->serialize_type);
    if (server_ == nullptr) return;
  }
}

void MockSession::send(std::string bytes) {
  if (server_ == nullptr || closing_) return;
  outbox_.push_back(std::move(bytes));
  if (outbox_.size() == 1) write();
}

void MockSession::write() {
  stream_->write({outbox_.front()}, [self = shared_from_this()](const std::error_code& error) {
    self->outbox_.pop_front();
    if (error || (self->closing_ && self->outbox_.empty())) {
      self->close();
    } else if (!self->outbox_.empty()) {
      self->write();
    }
  });
}

void MockSession::close_when_sent() {
  closing_ = true;
  if (outbox_.empty()) close();
}

void MockSession::close() {
  if (server_ == nullptr) return;
  const auto self = shared_from_this();
  server_->forget(*this);
  server_ = nullptr;
  stream_->close();
}

MockServer::MockServer(MockCluster& cluster, std::string label) : cluster_(cluster), label_(std::move(label)) {}

void MockServer::listen(std::uint16_t port) {
  listener_.reset();
  listener_ = cluster_.network_->listen(*cluster_.loop_, port,
                                        [this](std::shared_ptr<net::Stream> stream) { accept(std::move(stream)); });
}

void MockServer::accept(std::shared_ptr<net::Stream> stream) {
  ++accepted_;
  const std::uint64_t number = cluster_.next_connection_++;
  const auto session = std::make_shared<MockSession>(cluster_, *this, std::move(stream), number);
  sessions_.emplace(number, session);
  session->start();
}

void MockServer::stop() {
  close_sessions();
  listener_->refuse();
}

void MockServer::close_sessions() {
  const auto sessions = sessions_;
  for (const auto& [number, session] : sessions) session->close();
}

}  // namespace rocketlink::mock
