#include "flink/secrets.h"

#include <gtest/gtest.h>

namespace rocketlink::flink {
namespace {

TEST(FlinkSecrets, ReplacesWhatIsKnownAndLeavesTheRest) {
  const SecretLookup lookup = [](std::string_view name) -> std::optional<std::string> {
    if (name == "key") return "it's";
    return std::nullopt;
  };
  const Secrets secrets(lookup);
  const auto text = secrets.put_into("'${secret_values.key}', '${secret_values.other}'");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "'it''s', '${secret_values.other}'");
  EXPECT_FALSE(secrets.put_into("'${secret_values.key"));
}

}  // namespace
}  // namespace rocketlink::flink
