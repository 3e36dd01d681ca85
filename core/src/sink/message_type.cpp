#include "sink/message_type.h"

#include <fmt/format.h>

#include "base/plain_text.h"

namespace rocketlink::sink {

namespace {

/// The word behind `mark`, up to a comma or blank.
std::string word_behind(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + mark.size());
  return base::plain(text.substr(0, text.find_first_of(", \r\n")));
}

}  // namespace

std::optional<TypeRefusal> type_refusal(std::string_view remark) {
  TypeRefusal refusal{word_behind(remark, "expected type is "), word_behind(remark, "actual type is ")};
  if (refusal.expected.empty() || refusal.actual.empty()) return std::nullopt;
  return refusal;
}

std::optional<ShownType> shown_for(const TypeRefusal& refusal, const Batch& batch) {
  if (refusal.expected == "FIFO" && refusal.actual == "NORMAL" && message_group(batch)) return ShownType::kFifo;
  if (refusal.expected == "NORMAL" && refusal.actual == "FIFO") return ShownType::kNormal;
  return std::nullopt;
}

std::string cure_of(const TypeRefusal& refusal, std::string_view topic) {
  const std::string_view expected = refusal.expected;
  std::string cure;
  if (refusal.actual == "DELAY") {
    cure = "messages with a delivery time need a topic of type DELAY";
  } else if (expected == "FIFO") {
    cure =
        "each of its messages needs a message group: set 'partitionField' to a column that is never NULL or empty "
        "(nor longer than properties may be, nor with U+0001 or U+0002 in it)";
  } else if (expected == "DELAY") {
    cure = "it takes messages with a delivery time: set 'deliveryTimestampMode', or write to a topic of type NORMAL";
  } else if (expected == "TRANSACTION") {
    cure =
        "it takes the messages of transactions, which this connector does not write: write to a topic of type NORMAL "
        "or FIFO";
  } else {
    cure = "this connector writes to topics of type NORMAL, FIFO and DELAY";
  }
  return fmt::format("topic '{}' is of type {} (its attribute message.type); {}", topic, expected, cure);
}

}  // namespace rocketlink::sink
