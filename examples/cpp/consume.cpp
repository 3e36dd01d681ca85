// Prints the messages of a topic, from where the group stands up to the end as of now: consume ENDPOINT TOPIC GROUP
#include <iostream>
#include <memory>

#include "rocketlink/source.h"

namespace {

int fail(const rocketlink::Error& error) {
  std::cerr << "consume: " << error.text << "\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: consume ENDPOINT TOPIC GROUP\n";
    return 2;
  }
  auto opened = rocketlink::Source::builder()
                    .set_endpoint(argv[1])
                    .set_topic(argv[2])
                    .set_consumer_group(argv[3])
                    .set_bounded(rocketlink::BoundedMode::kLatest)
                    .build();
  if (!opened) return fail(opened.error());
  const std::unique_ptr<rocketlink::Source> source = *std::move(opened);

  rocketlink::MessageBatch batch;
  for (;;) {
    const auto outcome = source->poll(batch, std::chrono::seconds(1));
    if (!outcome) return fail(outcome.error());
    if (*outcome == rocketlink::PollOutcome::kFinished) break;
    if (*outcome != rocketlink::PollOutcome::kBatch) continue;
    for (;;) {
      const auto message = batch.next();
      if (!message) return fail(message.error());
      if (*message == nullptr) break;
      std::cout << to_string(batch.queue()) << " " << (*message)->queue_offset << " " << (*message)->body << "\n";
    }
  }
  std::cout.flush();
  // Only now: what was printed need not be read again.
  if (const auto committed = source->commit(std::chrono::seconds(10)); !committed) return fail(committed.error());
  return 0;
}
