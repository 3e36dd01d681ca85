#include "source/message_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace rocketlink {

void MessageBatch::State::release() {
  if (chunk.split) output->release(chunk);
  chunk = {};
  decoder.reset({}, {});
}

void MessageBatch::State::start(source::FetchedChunk fetched) {
  chunk = std::move(fetched);
  decoder.reset(chunk.bytes.bytes, {.offset_delta = chunk.offset_delta, .from_offset = chunk.first});
}

void ReaderAccess::clear(MessageBatch& batch) {
  if (batch.state_) batch.state_->release();
}

void ReaderAccess::fill(MessageBatch& batch, const std::shared_ptr<source::FetchOutput>& output,
                        const std::shared_ptr<const std::vector<std::string>>& tags, source::FetchedChunk chunk) {
  auto& state = batch.state_;
  if (!state) state = std::make_unique<MessageBatch::State>();
  state->output = output;
  state->tags = tags;
  state->start(std::move(chunk));
}

MessageBatch::MessageBatch() = default;
MessageBatch::~MessageBatch() = default;
MessageBatch::MessageBatch(MessageBatch&&) noexcept = default;
MessageBatch& MessageBatch::operator=(MessageBatch&&) noexcept = default;

const QueueId& MessageBatch::queue() const {
  return state_->chunk.split->queue;
}

std::int64_t MessageBatch::next_offset() const {
  return state_->chunk.next;
}

Result<const MessageView*> MessageBatch::next() {
  const MessageView* const end = nullptr;
  if (!state_ || !state_->chunk.split) return end;
  const source::FetchedChunk& chunk = state_->chunk;
  const auto wanted = [&](std::int64_t offset) { return offset >= chunk.first && offset < chunk.next; };
  while (true) {
    auto decoded = state_->decoder.next();
    if (!decoded) {
      Error error = std::move(decoded).error();
      const std::int64_t offset = state_->decoder.last_offset();
      if (error.is(ErrorCode::kData) && !wanted(offset)) continue;
      error.text = fmt::format("{}: {}", to_string(queue()), error.text);
      return error;
    }
    if (*decoded == nullptr) return end;
    if (!wanted((*decoded)->queue_offset)) continue;
    const auto& tags = *state_->tags;
    if (!tags.empty() && std::find(tags.begin(), tags.end(), (*decoded)->tags.value_or("")) == tags.end()) continue;
    state_->message = **decoded;
    // As it was asked for: on the wire the topic may bear its instance, and a static topic's messages physical queues.
    state_->message.topic = queue().topic;
    state_->message.queue_id = queue().id;
    return &state_->message;
  }
}

}  // namespace rocketlink
