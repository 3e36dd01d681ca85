#include "sink/delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace rocketlink::sink {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::int64_t kStoredAt = 1'700'000'000'000;

DeliveryOptions options(DeliveryMode mode, std::int64_t value_ms = 0) {
  DeliveryOptions made;
  made.mode = mode;
  made.value_ms = value_ms;
  return made;
}

/// The property that a message gets; empty: it is for at once.
std::string property(const DeliveryOptions& made, const OutgoingMessage& message = {},
                     DeliveryEncoding encoding = DeliveryEncoding::kTimer) {
  std::string properties;
  const Delivery delivery(made, encoding, DelayLevels::standard());
  const auto delayed = delivery.append_property(message, kStoredAt, properties);
  EXPECT_TRUE(delayed) << delayed.error().text;
  EXPECT_EQ(delayed && *delayed, !properties.empty());
  return properties;
}

TEST(DelayLevels, TheFirstThatIsNotShorter) {
  const DelayLevels levels = DelayLevels::standard();
  EXPECT_EQ(levels.first_from(1), 1);
  EXPECT_EQ(levels.first_from(1000), 1);
  EXPECT_EQ(levels.first_from(1001), 2);
  EXPECT_EQ(levels.first_from(10 * 60'000), 14);
  EXPECT_EQ(levels.first_from(2 * 3'600'000), 18);
  EXPECT_EQ(levels.first_from(2 * 3'600'000 + 1), std::nullopt);
  EXPECT_EQ(levels.longest(), 2 * 3'600'000);
}

TEST(DelayLevels, ConfiguredOnesInAnyOrder) {
  const auto levels = DelayLevels::parse("10s  1d 5s");
  ASSERT_TRUE(levels);
  EXPECT_EQ(levels->first_from(1), 3);
  EXPECT_EQ(levels->first_from(6000), 1);
  EXPECT_EQ(levels->first_from(3'600'000), 2);
}

TEST(DelayLevels, TextThatIsNone) {
  for (const char* text : {"", " ", "1", "s", "1x", "-1s", "0s", "1.5s", "1s,5s", "99999999999999999999h", "1 s"}) {
    EXPECT_FALSE(DelayLevels::parse(text)) << text;
  }
}

TEST(Delivery, WithoutAModeEverythingIsForAtOnce) {
  OutgoingMessage message;
  message.deliver_at_ms = kStoredAt + 1000;
  EXPECT_EQ(property({}, message), "");
  EXPECT_FALSE(Delivery().active());
}

TEST(Delivery, Fixed) {
  EXPECT_EQ(property(options(DeliveryMode::kFixed, kStoredAt + 1)),
            "TIMER_DELIVER_MS\x01"
            "1700000000001\x02");
  EXPECT_EQ(property(options(DeliveryMode::kFixed, kStoredAt)), "");
  EXPECT_EQ(property(options(DeliveryMode::kFixed, 0)), "");
}

TEST(Delivery, RelativeToTheMomentOfWriting) {
  EXPECT_EQ(property(options(DeliveryMode::kRelative, 2500)),
            "TIMER_DELIVER_MS\x01"
            "1700000002500\x02");
  EXPECT_EQ(property(options(DeliveryMode::kRelative, 0)), "");
  EXPECT_EQ(property(options(DeliveryMode::kRelative, std::numeric_limits<std::int64_t>::max())),
            "TIMER_DELIVER_MS\x01"
            "9223372036854775807\x02");
}

TEST(Delivery, RelativeToTheEventTime) {
  DeliveryOptions made = options(DeliveryMode::kRelative, 2500);
  made.type = DeliveryType::kEventTime;
  OutgoingMessage message;
  message.event_time_ms = kStoredAt - 2000;
  EXPECT_EQ(property(made, message),
            "TIMER_DELIVER_MS\x01"
            "1700000000500\x02");
  message.event_time_ms = kStoredAt - 2500;
  EXPECT_EQ(property(made, message), "");
  message.event_time_ms = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(property(made, message), "");
  std::string properties;
  const auto without = Delivery(made, DeliveryEncoding::kTimer, {}).append_property({}, kStoredAt, properties);
  ASSERT_FALSE(without);
  EXPECT_TRUE(without.error().is(ErrorCode::kData));
  EXPECT_THAT(without.error().text, HasSubstr("no event time"));
}

TEST(Delivery, ByAColumn) {
  OutgoingMessage message;
  EXPECT_EQ(property(options(DeliveryMode::kField), message), "");
  message.deliver_at_ms = kStoredAt + 60'000;
  EXPECT_EQ(property(options(DeliveryMode::kField, 5), message),
            "TIMER_DELIVER_MS\x01"
            "1700000060000\x02");
  message.deliver_at_ms = -1;
  EXPECT_EQ(property(options(DeliveryMode::kField), message), "");
}

TEST(Delivery, StartDeliverTime) {
  EXPECT_EQ(property(options(DeliveryMode::kFixed, kStoredAt + 1), {}, DeliveryEncoding::kStartDeliverTime),
            "__STARTDELIVERTIME\x01"
            "1700000000001\x02");
}

TEST(Delivery, DelayLevelThatIsNotEarlier) {
  EXPECT_EQ(property(options(DeliveryMode::kFixed, kStoredAt + 61'000), {}, DeliveryEncoding::kDelayLevel),
            "DELAY\x01"
            "6\x02");
  std::string properties;
  const Delivery delivery(options(DeliveryMode::kRelative, 7'200'001), DeliveryEncoding::kDelayLevel,
                          DelayLevels::standard());
  const auto refused = delivery.append_property({}, kStoredAt, properties);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(ErrorCode::kInvalidArgument));
  EXPECT_THAT(refused.error().text, AllOf(HasSubstr("7200001 ms"), HasSubstr("7200000 ms")));
}

}  // namespace
}  // namespace rocketlink::sink
