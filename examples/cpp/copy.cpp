// Copies a topic into another for as long as it runs, at least once: copy ENDPOINT FROM GROUP TO. SIGINT ends it.
#include <atomic>
#include <csignal>
#include <iostream>
#include <memory>

#include "rocketlink/sink.h"
#include "rocketlink/source.h"

namespace {

std::atomic<bool> stopped{false};
static_assert(std::atomic<bool>::is_always_lock_free);

int fail(const rocketlink::Error& error) {
  std::cerr << "copy: " << error.text << "\n";
  return 1;
}

rocketlink::Status copy(rocketlink::MessageBatch& batch, rocketlink::Sink& sink) {
  for (;;) {
    const auto message = batch.next();
    if (!message) return message.error();
    if (*message == nullptr) return {};
    rocketlink::OutgoingMessage copied;
    copied.body = (*message)->body;
    copied.keys = (*message)->keys;
    copied.tags = (*message)->tags;
    copied.properties = (*message)->properties;
    copied.partition = (*message)->keys;  // messages of one key stay in order
    if (auto written = sink.write(copied); !written) return written;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: copy ENDPOINT FROM GROUP TO\n";
    return 2;
  }
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { stopped = true; });
  auto source =
      rocketlink::Source::builder().set_endpoint(argv[1]).set_topic(argv[2]).set_consumer_group(argv[3]).build();
  if (!source) return fail(source.error());
  auto sink =
      rocketlink::Sink::builder().set_endpoint(argv[1]).set_topic(argv[4]).set_producer_group("example_copy").build();
  if (!sink) return fail(sink.error());

  rocketlink::MessageBatch batch;
  auto last_commit = std::chrono::steady_clock::now();
  for (bool stop = false; !stop;) {
    stop = stopped;
    const auto outcome = (*source)->poll(batch, std::chrono::milliseconds(200));
    if (!outcome) return fail(outcome.error());
    if (*outcome == rocketlink::PollOutcome::kBatch) {
      if (const auto copied = copy(batch, **sink); !copied) return fail(copied.error());
    }
    if (!stop && std::chrono::steady_clock::now() - last_commit < std::chrono::seconds(1)) continue;
    last_commit = std::chrono::steady_clock::now();
    // First everything is stored, then the group's offsets move: a copy that dies in between copies some again.
    if (const auto stored = (*sink)->flush(); !stored) return fail(stored.error());
    if (const auto committed = (*source)->commit(std::chrono::seconds(10)); !committed) {
      std::cerr << "copy: " << committed.error().text << "\n";  // heals at a later commit
    }
  }
  return 0;
}
