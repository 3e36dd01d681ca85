#include <array>

#include "table.h"

namespace {

using namespace rocketlink;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

std::optional<std::string> lookup(std::string_view name) {
  if (name == "ak_id") return "me";
  if (name == "ak.secret-1") return "${secret_values.ak_id}";
  return std::nullopt;
}

std::string replaced(std::string_view value) {
  const auto result = replace_secrets(value, lookup);
  return result ? *result : "refused: " + result.error().text;
}

TEST(ReplaceSecrets, AnywhereInAValueAndOnce) {
  EXPECT_EQ(replaced("${secret_values.ak_id}"), "me");
  EXPECT_EQ(replaced("a${secret_values.ak_id}b${secret_values.ak_id}"), "amebme");
  EXPECT_EQ(replaced("${secret_values.ak.secret-1}"), "${secret_values.ak_id}");
}

TEST(ReplaceSecrets, LeavesAllElse) {
  for (const std::string_view text :
       {"", "plain", "$", "${", "${other}", "${secret_value.x}", "secret_values.ak_id}"}) {
    EXPECT_EQ(replaced(text), text);
  }
}

TEST(ReplaceSecrets, NamesTheMissingOne) {
  const auto result = replace_secrets("x${secret_values.nope}", lookup);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(ErrorCode::kNotFound));
  EXPECT_EQ(result.error().text, "there is no secret 'nope'; set ROCKETLINK_SECRET_nope in the environment");
  EXPECT_EQ(replaced("${secret_values.ak.secret-2}"),
            "refused: there is no secret 'ak.secret-2'; set ROCKETLINK_SECRET_AK_SECRET_2 in the environment");
}

TEST(ReplaceSecrets, RefusesWhatIsNotClosedOrHasNoName) {
  EXPECT_EQ(replaced("${secret_values.ak_id"),
            "refused: '${secret_values.' is not closed; write ${secret_values.NAME}");
  EXPECT_EQ(replaced("${secret_values.}"), "refused: '${secret_values.}' has no name; write ${secret_values.NAME}");
  EXPECT_TRUE(replace_secrets("${secret_values.", lookup).error().is(ErrorCode::kInvalidArgument));
}

TEST(Masked, HidesSecretsAndNothingElse) {
  EXPECT_THAT(masked({{"connector", "mq5"},
                      {"ACCESSID", "me"},
                      {"accessKey", "hush"},
                      {"tls.keystore", "me.pem"},
                      {"tls.keystore-password", "hush"},
                      {"endpoint", "a:1"},
                      {"EndPoint", "http://me:hush@a:1"}}),
              ElementsAre(Pair("connector", "mq5"), Pair("ACCESSID", "******"), Pair("accessKey", "******"),
                          Pair("tls.keystore", "me.pem"), Pair("tls.keystore-password", "******"),
                          Pair("endpoint", "a:1"), Pair("EndPoint", "******")));
}

TEST(Masked, HidesUnknownOptionsThatLookLikeSecrets) {
  for (const std::string_view name :
       {"acessKey", "access-key", "accessKeyy", "accessld", "secretKey", "apiToken", "my.Password"}) {
    EXPECT_THAT(masked({{std::string(name), "hush"}}), ElementsAre(Pair(name, "******")));
  }
  EXPECT_THAT(masked({{"format", "csv"}}), ElementsAre(Pair("format", "csv")));
}

TEST(SecretMask, HidesWhatALookupFoundWhereverItStands) {
  SecretMask mask;
  const SecretLookup hiding = mask.hiding(lookup);
  EXPECT_EQ(mask.masked("me"), "me") << "not used yet";
  EXPECT_EQ(*replace_secrets("${secret_values.ak_id}", hiding), "me");
  EXPECT_EQ(mask.masked("'me' is me, not you"), "'${secret_values.ak_id}' is ${secret_values.ak_id}, not you");
  EXPECT_EQ(hiding("nope"), std::nullopt);
}

TEST(SecretMask, HidesTheLongestAndWhatWasCutShort) {
  SecretMask mask;
  mask.hide("hush", "******");
  mask.hide("hush-hush-hush", "******");
  mask.hide("", "******");
  EXPECT_EQ(mask.masked("hush-hush-hush hush-hush"), "****** ******-******");
  mask.hide("wxyzwxyzwxyz", "******");
  EXPECT_EQ(mask.masked("'wxyzwx…': wxyzwx"), "'******…': wxyzwx");
  EXPECT_EQ(mask.masked(""), "");
}

TEST(SecretMask, HidesThePartsOfAList) {
  SecretMask mask;
  mask.hide("http://a.example:80; b.example:81,c:1", "******");
  EXPECT_EQ(mask.masked("cannot reach a.example:80, b.example:81 or c:1"), "cannot reach ******, ****** or c:1");
}

// A secret in an option that is none.
TEST(SecretMask, HidesWhatRefusalsSay) {
  SecretMask mask;
  mask.hide("hush-42-hush", "******");
  for (const std::string_view name : {"endpoint", "topic", "timeZone", "encoding", "fieldDelimiter", "startTimeMs"}) {
    const std::string value = name == "topic" ? "$hush-42-hush" : "hush-42-hush";
    for (const std::string& problem : Table::source().with(name, value).problems()) {
      EXPECT_THAT(problem, HasSubstr("hush-42-hush"));
      EXPECT_THAT(mask.masked(problem), Not(HasSubstr("hush-42-hush")));
    }
  }
}

// Whatever else is wrong with a table, its secrets stay out of the messages: each option once with a value that it
// refuses, and every name under which a secret may have been put by mistake.
TEST(Problems, NeverHoldASecret) {
  constexpr std::string_view kSecret = "hush-42-hush";
  constexpr std::array<std::string_view, 12> kNames = {
      "accessKey",  "ACCESSKEY", "accessId", "acessKey", "ak",
      "access_key", "secret",    "akSecret", "password", "tls.keystore-password",
      "a\x01b",     ""};
  const auto expect_hidden = [&](const Table& table) {
    for (const std::string& problem : table.problems()) EXPECT_THAT(problem, Not(HasSubstr(kSecret)));
  };
  for (const std::string_view name : kNames) {
    for (const OptionSpec& spec : option_specs()) {
      for (const std::string_view value : {"", "-1"}) {
        Table table = Table::both("mq").with(name, kSecret);
        if (spec.name != name) table.with(spec.name, value);
        expect_hidden(table.used(kSource));
        expect_hidden(table.used(kSink));
        expect_hidden(table.used(kBoth).with_another(name, kSecret));
      }
    }
  }
  expect_hidden(Table::source().with("endpoint", "http://me:hush-42-hush@a:1"));
}

}  // namespace
