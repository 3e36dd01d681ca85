#include "source/message_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/plain_text.h"

namespace rocketlink {

namespace {

constexpr std::string_view kLightQueue = "%LMQ%";         ///< holds messages of other topics
constexpr std::string_view kLogicalBroker = "__syslo__";  ///< of a static topic, whose messages name physical queues

bool is_of(const source::SplitState& split, const MessageView& message) {
  const QueueId& queue = split.queue;
  if (queue.topic.starts_with(kLightQueue)) return true;
  if (message.topic != split.topic_on_wire && message.topic != queue.topic) return false;
  return message.queue_id == queue.id || queue.broker.starts_with(kLogicalBroker);
}

}  // namespace

void MessageBatch::State::release() {
  if (chunk.split) output->release(chunk);
  chunk = {};
  decoder.reset({}, {});
}

void MessageBatch::State::start(source::FetchedChunk fetched) {
  chunk = std::move(fetched);
  last_offset = -1;
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
    const MessageView& message = **decoded;
    if (!wanted(message.queue_offset)) continue;
    if (!is_of(*chunk.split, message)) {
      return Error(ErrorCode::kData,
                   fmt::format("{}: what the broker gave for offset {} is a message of topic '{}', "
                               "queue {}",
                               to_string(queue()), message.queue_offset, base::plain(message.topic), message.queue_id));
    }
    if (message.queue_offset <= state_->last_offset) {
      return Error(ErrorCode::kData, fmt::format("{}: the broker gave offset {} again, behind {}", to_string(queue()),
                                                 message.queue_offset, state_->last_offset));
    }
    state_->last_offset = message.queue_offset;
    const auto& tags = *state_->tags;
    if (!tags.empty() && std::find(tags.begin(), tags.end(), message.tags.value_or("")) == tags.end()) continue;
    state_->message = message;
    // As it was asked for: on the wire the topic may bear its instance, and a static topic's messages physical queues.
    state_->message.topic = queue().topic;
    state_->message.queue_id = queue().id;
    return &state_->message;
  }
}

}  // namespace rocketlink
