#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/loop/read_loop.h"
#include "engine/loop/retry.h"
#include "rocketlink/sink.h"
#include "sim/simulate/judges.h"

namespace rocketlink::sim {

/// A job's life: who it is for the judges, and where it runs.
struct Life {
  Process& process;
  Judges& judges;
  std::string group;
  std::string name;  ///< of this life, no other's
  bool keyed = true;
  std::optional<DeliveryEncoding> delivery = {};  ///< some messages are for later
  bool drops = false;                             ///< what cannot be sent
};

/// Writes a message of the input to the output, with the mark of this life.
[[nodiscard]] inline Status copy(const Life& life, Sink& sink, const QueueId& queue, const MessageView& message) {
  const std::string key = message.keys ? std::string(*message.keys) : "";
  life.judges.given_out(life.name, queue, message.queue_offset, message.body, key);
  const Identity identity = Identity::parse(message.body);
  // Work takes time, so that a death or a pause comes between any two calls.
  if (identity.offset % 16 == 5) life.process.sleep_for(std::chrono::milliseconds(1));
  const bool later = life.delivery && identity.offset % 7 == 3;
  const std::string keys = life.group + " " + life.name + (life.keyed && !later ? " " + key : "");
  OutgoingMessage copied;
  if (later) copied.deliver_at_ms = life.process.wall_clock_ms() + 100 * (1 + identity.offset % 50);
  copied.body = message.body;
  copied.keys = keys;
  if (life.keyed) copied.partition = key;
  const Status status = sink.write(copied);
  if (!status) return status;
  life.judges.written(life.name, identity, message.body.size());
  // While it waited for room its time may have come, and then it is for now.
  if (later && life.process.wall_clock_ms() < *copied.deliver_at_ms)
    life.judges.delivers(life.name, identity, *life.delivery, *copied.deliver_at_ms);
  return status;
}

/// In the place of DuckDB's queries: every message goes on as it is.
class CopyWork final : public engine::MessageWork {
 public:
  using OpenSink = std::function<Result<std::unique_ptr<Sink>>()>;

  CopyWork(Life life, OpenSink open_sink, engine::RunControl& control)
      : life_(std::move(life)), open_sink_(std::move(open_sink)), control_(control) {}

  Status open() override {
    life_.judges.opens(life_.name, life_.group);
    auto opened = engine::try_to_begin("opening the sink", open_sink_, std::chrono::milliseconds(10'000), control_);
    if (!opened) return std::move(opened).error();
    sink_ = *std::move(opened);
    life_.judges.opened(life_.name, life_.group);
    if (aborted_) sink_->abort();
    return {};
  }
  [[nodiscard]] MessageBatch& batch() override { return batch_; }
  void start() override { busy_ = true; }
  [[nodiscard]] bool busy() const override { return busy_; }
  Result<std::vector<Position>> run(const std::function<bool()>& poll) override {
    std::vector<Position> finished;
    do {
      const QueueId queue = batch_.queue();
      while (true) {
        auto message = batch_.next();
        if (!message) return std::move(message).error();
        if (*message == nullptr) break;
        if (auto copied = copy(life_, *sink_, queue, **message); !copied) return std::move(copied).error();
      }
      busy_ = false;
      life_.judges.passed(life_.name, queue, batch_.next_offset());
      finished.push_back({queue, batch_.next_offset()});
    } while (finished.size() < 16 && poll());
    life_.process.sleep_for(slowness);
    return finished;
  }
  Status flush() override {
    auto flushed = sink_->flush();
    if (flushed) life_.judges.flushed(life_.name, life_.drops ? sink_->stats().messages_failed : 0);
    return flushed;
  }
  Status close(std::chrono::milliseconds timeout) override { return sink_->close(timeout); }
  [[nodiscard]] SinkStats sink_stats() const { return sink_ ? sink_->stats() : SinkStats{}; }
  void abort() {
    aborted_ = true;
    if (sink_) sink_->abort();
  }

  std::chrono::nanoseconds slowness{0};  ///< of each turn

 private:
  Life life_;
  OpenSink open_sink_;
  engine::RunControl& control_;
  std::unique_ptr<Sink> sink_;
  MessageBatch batch_;
  bool busy_ = false;
  bool aborted_ = false;
};

}  // namespace rocketlink::sim
