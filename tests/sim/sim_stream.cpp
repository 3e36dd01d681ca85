#include "sim/sim_stream.h"

#include <asio/error.hpp>
#include <utility>

#include "sim/sim_network.h"
#include "sim/world.h"

namespace rocketlink::sim {

SimStream::SimStream(SimNetwork& network, std::shared_ptr<LoopThread> thread)
    : network_(network), thread_(std::move(thread)) {}

std::shared_ptr<SimStream> SimStream::make(SimNetwork& network, std::shared_ptr<LoopThread> thread) {
  auto stream = std::make_shared<SimStream>(network, std::move(thread));
  stream->number_ = stream->thread_->add(stream);
  return stream;
}

std::shared_ptr<SimStream> SimStream::accepted(SimNetwork& network, std::shared_ptr<LoopThread> thread,
                                               std::shared_ptr<Connection> connection) {
  auto stream = make(network, std::move(thread));
  stream->connection_ = std::move(connection);
  stream->side_ = Connection::kServer;
  return stream;
}

SimStream::~SimStream() {
  thread_->remove(number_);
  if (connection_) connection_->close(side_);
}

void SimStream::connect(const net::Endpoint& endpoint, Done connected) {
  thread_->must_run("a connect is asked for");
  if (connecting_ || connection_) network_.world().fail("a stream is to connect twice");
  connecting_ = std::move(connected);
  if (closed_) {
    end_connect(asio::error::operation_aborted);
    return;
  }
  network_.connect(
      thread_, endpoint,
      [self = shared_from_this(), attempt = ++attempt_](std::error_code error, std::shared_ptr<Connection> connection) {
        if (attempt == self->attempt_) {
          self->connected(error, std::move(connection));
        } else if (connection) {
          connection->close(Connection::kClient);
        }
      });
}

void SimStream::connected(std::error_code error, std::shared_ptr<Connection> connection) {
  connection_ = std::move(connection);
  const SteadyTime now = network_.world().now();
  const std::string& who = thread_->process().group().name;
  if (connection_) {
    network_.world().trace().note(now, who, "has connection {0}", {connection_->number()});
  } else {
    network_.world().trace().note(now, who, "cannot connect: {3}", {}, error.message());
  }
  end_connect(error);
}

void SimStream::end_connect(std::error_code error) {
  thread_->soon([self = shared_from_this(), error] {
    if (!self->connecting_) return;
    const Done done = std::exchange(self->connecting_, nullptr);
    done(self->closed_ ? std::error_code(asio::error::operation_aborted) : error);
  });
}

void SimStream::handshake(const std::string& /*host*/, Done done) {
  thread_->must_run("a handshake is asked for");
  const auto round_trip = std::chrono::milliseconds(1);
  thread_->at(thread_->process().late(network_.world().now() + round_trip),
              [self = shared_from_this(), done = std::move(done)] {
                done(self->closed_ ? std::error_code(asio::error::operation_aborted) : std::error_code());
              });
}

void SimStream::read_some(std::span<std::uint8_t> room, Transferred read) {
  thread_->must_run("a read is asked for");
  if (!connection_) {
    thread_->soon([self = shared_from_this(), read = std::move(read)] { read(asio::error::not_connected, 0); });
  } else {
    connection_->read(side_, room, std::move(read), shared_from_this());
  }
}

void SimStream::write(const std::vector<std::string_view>& buffers, Done written) {
  thread_->must_run("a write is asked for");
  if (!connection_) {
    thread_->soon([self = shared_from_this(), written = std::move(written)] { written(asio::error::not_connected); });
  } else {
    connection_->write(side_, buffers, std::move(written), shared_from_this());
  }
}

void SimStream::close() {
  thread_->must_run("a stream is closed");
  if (std::exchange(closed_, true)) return;
  ++attempt_;
  if (connecting_) end_connect(asio::error::operation_aborted);
  if (connection_) connection_->close(side_);
}

void SimStream::drop() {
  ++attempt_;
  const Done dropped = std::exchange(connecting_, nullptr);
  if (connection_) connection_->drop(side_);
}

Error SimStream::explain_tls(const std::error_code& error) {
  return Error(ErrorCode::kInternal, "no error of TLS: " + error.message());
}

}  // namespace rocketlink::sim
