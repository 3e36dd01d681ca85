// Writes each line of its input as a message: produce ENDPOINT TOPIC
#include <iostream>
#include <memory>
#include <string>

#include "rocketlink/sink.h"

namespace {

int fail(const rocketlink::Error& error) {
  std::cerr << "produce: " << error.text << "\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: produce ENDPOINT TOPIC\n";
    return 2;
  }
  auto opened = rocketlink::Sink::builder()
                    .set_endpoint(argv[1])
                    .set_topic(argv[2])
                    .set_producer_group("example_produce")
                    .build();
  if (!opened) return fail(opened.error());
  const std::unique_ptr<rocketlink::Sink> sink = *std::move(opened);

  std::string line;
  while (std::getline(std::cin, line)) {
    rocketlink::OutgoingMessage message;
    message.body = line;
    message.tags = "line";
    if (const auto written = sink->write(message); !written) return fail(written.error());
  }
  // What close has confirmed is stored.
  if (const auto closed = sink->close(std::chrono::seconds(60)); !closed) return fail(closed.error());
  std::cerr << sink->stats().messages_acknowledged << " messages written\n";
  return 0;
}
