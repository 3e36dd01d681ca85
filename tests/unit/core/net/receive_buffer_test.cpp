#include "net/receive_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

namespace rocketlink::net {

namespace {

void receive(ReceiveBuffer& buffer, std::string_view bytes, std::size_t frame_bytes = 0) {
  while (!bytes.empty()) {
    const auto room = buffer.prepare(frame_bytes);
    ASSERT_FALSE(room.empty());
    const std::size_t taken = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), taken);
    buffer.commit(taken);
    bytes.remove_prefix(taken);
  }
}

TEST(ReceiveBufferTest, WhatIsSharedLivesOnWhenTheBufferMovesOn) {
  auto buffer = std::make_unique<ReceiveBuffer>();
  receive(*buffer, "first|");
  const SharedBytes first = buffer->share(0, 5);
  buffer->consume(6);
  receive(*buffer, std::string(3 * ReceiveBuffer::kBlockBytes, 'x'), 3 * ReceiveBuffer::kBlockBytes);
  EXPECT_EQ(buffer->readable().size(), 3 * ReceiveBuffer::kBlockBytes);
  buffer.reset();
  EXPECT_EQ(first.bytes, "first");
}

TEST(ReceiveBufferTest, AFrameLargerThanABlockGetsRoomForAllOfIt) {
  ReceiveBuffer buffer;
  receive(buffer, "head");
  const std::size_t frame = 2 * ReceiveBuffer::kBlockBytes;
  EXPECT_GE(buffer.prepare(frame).size(), frame - 4);
  EXPECT_EQ(buffer.readable(), "head");
}

TEST(ReceiveBufferTest, WhatNobodyHoldsIsFilledAgainFromItsBeginning) {
  ReceiveBuffer buffer;
  const std::string frame(100, 'x');
  const auto* const beginning = buffer.prepare(0).data();
  for (int i = 0; i < 10; ++i) {
    receive(buffer, frame);
    buffer.consume(frame.size());
    EXPECT_EQ(buffer.prepare(0).data(), beginning);
  }
  receive(buffer, frame);
  {
    const SharedBytes held = buffer.share(0, frame.size());
    buffer.consume(frame.size());
    EXPECT_EQ(buffer.prepare(0).data(), beginning + frame.size());
  }
  EXPECT_EQ(buffer.prepare(0).data(), beginning);
}

TEST(ReceiveBufferTest, ALargeBlockIsNotKept) {
  ReceiveBuffer buffer;
  const std::string frame(2 * ReceiveBuffer::kBlockBytes, 'x');
  receive(buffer, frame, frame.size());
  buffer.consume(frame.size());
  EXPECT_EQ(buffer.prepare(0).size(), ReceiveBuffer::kBlockBytes);
}

TEST(ReceiveBufferTest, SmallFramesShareABlock) {
  ReceiveBuffer buffer;
  receive(buffer, "one|");
  const SharedBytes one = buffer.share(0, 3);
  buffer.consume(4);
  receive(buffer, "two|");
  const SharedBytes two = buffer.share(0, 3);
  EXPECT_EQ(one.owner, two.owner);
  EXPECT_EQ(one.bytes, "one");
  EXPECT_EQ(two.bytes, "two");
}

}  // namespace

}  // namespace rocketlink::net
