#include "sink/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "mock/mock_store.h"
#include "wire/command.h"

namespace rocketlink::sink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

OutgoingMessage message(std::string_view body) {
  OutgoingMessage made;
  made.body = body;
  return made;
}

void add(BatchEncoder& encoder, Batch& batch, const OutgoingMessage& made) {
  const auto bytes = encoder.prepare(made);
  ASSERT_TRUE(bytes) << bytes.error().text;
  const std::size_t before = batch.bytes ? batch.bytes->size() : 0;
  encoder.append(made, batch);
  EXPECT_EQ(batch.bytes->size(), before + bytes->bytes);
}

std::vector<mock::MockMessage> members(const Batch& batch) {
  auto found = mock::split_batch(*batch.bytes);
  EXPECT_TRUE(found);
  return found.value_or(std::vector<mock::MockMessage>());
}

std::string unique_key(const mock::MockMessage& member) {
  for (const auto& [name, value] : member.properties) {
    if (name == "UNIQ_KEY") return value;
  }
  return {};
}

TEST(BatchEncoder, MessagesWithKeysTagsAndUniqueKeys) {
  BatchEncoder encoder(machine(), "");
  Batch batch;
  OutgoingMessage first = message("one");
  first.keys = "k1 k2";
  first.tags = "TagA";
  add(encoder, batch, first);
  add(encoder, batch, message(""));
  EXPECT_EQ(batch.messages, 2);
  EXPECT_EQ(batch.body_bytes, 3);
  const auto found = members(batch);
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[0].body, "one");
  EXPECT_EQ(found[0].keys, "k1 k2");
  EXPECT_EQ(found[0].tags, "TagA");
  EXPECT_EQ(found[1].body, "");
  EXPECT_EQ(found[1].keys, "");
  EXPECT_EQ(found[1].tags, "");
  EXPECT_EQ(unique_key(found[0]).size(), 32);
  EXPECT_EQ(unique_key(found[1]).size(), 32);
  EXPECT_NE(unique_key(found[0]), unique_key(found[1]));
}

TEST(BatchEncoder, TagOptionIsTheTagOfEveryMessage) {
  BatchEncoder encoder(machine(), "fixed");
  Batch batch;
  OutgoingMessage own = message("x");
  own.tags = "own";
  add(encoder, batch, own);
  add(encoder, batch, message("y"));
  EXPECT_EQ(members(batch)[0].tags, "fixed");
  EXPECT_EQ(members(batch)[1].tags, "fixed");
}

TEST(BatchEncoder, FurtherPropertiesButNoneOfTheSystem) {
  BatchEncoder encoder(machine(), "");
  Batch batch;
  OutgoingMessage handed_on = message("x");
  handed_on.keys = "new";
  handed_on.properties =
      "KEYS\x01old\x02UNIQ_KEY\x01theirs\x02MAX_OFFSET\x01"
      "7\x02shop\x01north\x02size\x01"
      "9";
  add(encoder, batch, handed_on);
  const auto found = members(batch)[0];
  EXPECT_EQ(found.keys, "new");
  EXPECT_NE(unique_key(found), "theirs");
  const auto properties = single_message(batch).properties;
  EXPECT_TRUE(
      properties.starts_with("KEYS\x01new\x02shop\x01north\x02size\x01"
                             "9\x02UNIQ_KEY\x01"))
      << properties;
  EXPECT_EQ(properties.find("MAX_OFFSET"), std::string_view::npos);

  OutgoingMessage bad = message("x");
  bad.properties = "shop\x01north\x01west\x02";
  const auto refused = encoder.prepare(bad);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("shop"));
}

TEST(BatchEncoder, ThePartitionTextIsTheMessageGroup) {
  BatchEncoder encoder(machine(), "");
  const auto group_of = [&](std::string_view partition, std::string_view properties = {}) {
    Batch batch;
    OutgoingMessage made = message("x");
    made.partition = partition;
    made.properties = properties;
    add(encoder, batch, made);
    return std::string(message_group(batch).value_or("(none)"));
  };
  EXPECT_EQ(group_of("north"), "north");
  EXPECT_EQ(group_of("north", "__SHARDINGKEY\x01south\x02"), "north");
  EXPECT_EQ(group_of("", "__SHARDINGKEY\x01south\x02"), "south");
  // What cannot be a property chooses the queue all the same.
  EXPECT_EQ(group_of("a\x01z"), "(none)");
  EXPECT_EQ(group_of(std::string(wire::kMaxPropertiesBytes, 'x')), "(none)");
  EXPECT_EQ(group_of(std::string(wire::kMaxPropertiesBytes - 400, 'x'), "shop\x01" + std::string(300, 'y')), "(none)");
}

TEST(BatchEncoder, SeparatorsInPropertiesAreRefused) {
  BatchEncoder encoder(machine(), "");
  for (const std::string_view bad : {"a\x01z", "a\x02z"}) {
    OutgoingMessage with_keys = message("x");
    with_keys.keys = bad;
    const auto keys = encoder.prepare(with_keys);
    ASSERT_FALSE(keys);
    EXPECT_TRUE(keys.error().is(ErrorCode::kInvalidArgument));
    EXPECT_THAT(keys.error().text, HasSubstr("KEYS"));
    OutgoingMessage with_tags = message("x");
    with_tags.tags = bad;
    const auto tags = encoder.prepare(with_tags);
    ASSERT_FALSE(tags);
    EXPECT_THAT(tags.error().text, HasSubstr("TAGS"));
  }
}

TEST(BatchEncoder, LimitsOfPropertiesAndBody) {
  BatchEncoder encoder(machine(), "");
  const std::string room(wire::kMaxPropertiesBytes - std::string_view("KEYS__UNIQ_KEY__").size() - 32, 'k');
  OutgoingMessage fits = message("x");
  fits.keys = room;
  EXPECT_TRUE(encoder.prepare(fits));
  const std::string more = room + 'k';
  fits.keys = more;
  const auto properties = encoder.prepare(fits);
  ASSERT_FALSE(properties);
  EXPECT_TRUE(properties.error().is(ErrorCode::kTooLarge));
  EXPECT_THAT(properties.error().text, HasSubstr(std::to_string(more.size())));

  const std::string huge(wire::kMaxFrameBytes, 'b');
  const auto body = encoder.prepare(message(huge));
  ASSERT_FALSE(body);
  EXPECT_TRUE(body.error().is(ErrorCode::kTooLarge));
  EXPECT_THAT(body.error().text, HasSubstr(std::to_string(huge.size())));
}

TEST(Batch, PartsOfASingleMessage) {
  BatchEncoder encoder(machine(), "t");
  Batch batch;
  add(encoder, batch, message("body"));
  const SingleMessage single = single_message(batch);
  EXPECT_EQ(single.body, "body");
  EXPECT_TRUE(single.properties.starts_with("TAGS\x01t\x02UNIQ_KEY\x01")) << single.properties;
  EXPECT_TRUE(single.properties.ends_with('\x02'));
}

TEST(Batch, SplitsInOrderWithoutLosingOrChangingAnything) {
  BatchEncoder encoder(machine(), "");
  for (const int count : {2, 3, 7}) {
    Batch batch;
    for (int i = 0; i < count; ++i) add(encoder, batch, message(std::string(static_cast<std::size_t>(i), 'x')));
    batch.epoch = 5;
    batch.bound = true;
    for (int i = 0; i < count; ++i) batch.hashes.push_back(i);
    batch.failures = 3;
    const auto [first, second] = split(batch);
    EXPECT_EQ(*first.bytes + *second.bytes, *batch.bytes);
    EXPECT_EQ(first.messages, static_cast<std::uint32_t>(count / 2));
    EXPECT_EQ(first.messages + second.messages, batch.messages);
    EXPECT_EQ(first.body_bytes + second.body_bytes, batch.body_bytes);
    EXPECT_EQ(members(first).size(), first.messages);
    EXPECT_EQ(members(second).size(), second.messages);
    EXPECT_EQ(first.hashes.size(), first.messages);
    EXPECT_EQ(second.hashes.front(), count / 2);
    for (const Batch& half : {first, second}) {
      EXPECT_EQ(half.epoch, 5);
      EXPECT_TRUE(half.bound);
      EXPECT_EQ(half.failures, 0);
    }
  }
}

TEST(Batch, MessagesByTheirQueueInOrder) {
  BatchEncoder encoder(machine(), "");
  Batch batch;
  batch.bound = true;
  batch.number = 7;
  for (const std::int32_t hash : {4, 0, -2, 3}) {
    add(encoder, batch, message("m" + std::to_string(hash)));
    batch.hashes.push_back(hash);
  }
  const auto parts = by_queue(batch, 4);
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_TRUE(parts[1].empty());
  ASSERT_EQ(parts[0].messages, 2U);
  EXPECT_EQ(members(parts[0])[0].body, "m4");
  EXPECT_EQ(members(parts[0])[1].body, "m0");
  EXPECT_EQ(parts[0].hashes, (std::vector<std::int32_t>{4, 0}));
  EXPECT_EQ(members(parts[2])[0].body, "m-2");
  EXPECT_EQ(members(parts[3])[0].body, "m3");
  EXPECT_EQ(parts[3].number, 7U);
  EXPECT_TRUE(parts[3].bound);
  EXPECT_EQ(parts[0].bytes->size() + parts[2].bytes->size() + parts[3].bytes->size(), batch.bytes->size());
}

}  // namespace
}  // namespace rocketlink::sink
