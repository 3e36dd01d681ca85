#include "row/scratch.h"

#include <gtest/gtest.h>

namespace rocketlink::row {
namespace {

TEST(Scratch, WhatOneLargeMessageTookIsNotKeptForSmallOnes) {
  std::string scratch(8 << 20, 'x');
  reuse(scratch);
  EXPECT_TRUE(scratch.empty());
  EXPECT_LE(scratch.capacity(), 1U << 20);
}

TEST(Scratch, RoomIsKeptWhereTheNextOneNeedsIt) {
  std::string scratch(8 << 20, 'x');
  const char* place = scratch.data();
  reuse(scratch, 5 << 20);
  EXPECT_EQ(scratch.data(), place);
  std::string small(1000, 'x');
  place = small.data();
  reuse(small, 10);
  EXPECT_EQ(small.data(), place);
}

}  // namespace
}  // namespace rocketlink::row
