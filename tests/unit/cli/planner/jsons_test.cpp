#include "planner/planner_fixture.h"

namespace rocketlink::planner {
namespace {

class Jsons : public PlannerTest {
 protected:
  Jsons() {
    table("t", {column("j", text())},
          R"(VALUES ('{"a":{"b":[1,2.50,1e3]},"s":"x\"y","n":null,"t":true,"s p":"blank","a2":{}}'))");
  }
};

TEST_F(Jsons, NullIsNothingAtAStrictPath) {
  EXPECT_EQ(value("JSON_EXISTS('{\"a\":null}', '$.a' TRUE ON ERROR)"), "TRUE");
  EXPECT_EQ(value("JSON_EXISTS('{\"a\":null}', 'lax $.a' TRUE ON ERROR)"), "FALSE");
}

TEST_F(Jsons, ValueIsTheScalarAtThePath) {
  EXPECT_EQ(value("JSON_VALUE(j, '$.a.b[0]')"), "1");
  EXPECT_EQ(value("JSON_VALUE(j, '$.a.b[1]')"), "2.50");
  EXPECT_EQ(value("JSON_VALUE(j, '$.a.b[2]')"), "1E+3");
  EXPECT_EQ(value("JSON_VALUE(j, '$.s')"), "x\"y");
  EXPECT_EQ(value("JSON_VALUE(j, '$.t')"), "true");
  EXPECT_EQ(value("JSON_VALUE(j, '$[''s p'']')"), "blank");
  EXPECT_EQ(value("JSON_VALUE(j, 'lax $.n')"), "NULL");
  EXPECT_EQ(value("JSON_VALUE(j, '$.a')"), "NULL");
  EXPECT_EQ(value("JSON_VALUE('no json', '$.a')"), "NULL");
  EXPECT_EQ(value("JSON_VALUE('{\"a\":1,\"a\":2}', '$.a')"), "2");
  EXPECT_EQ(value("JSON_VALUE('5', '$')"), "5");
  EXPECT_EQ(value("JSON_VALUE('[[1],[2,3]]', '$[1][1]')"), "3");
  EXPECT_EQ(value("JSON_VALUE(CAST(NULL AS STRING), '$.a')"), "NULL");
  EXPECT_EQ(value("CAST(JSON_VALUE(j, '$.a.b[0]') AS INT) + 1"), "2");
}

TEST_F(Jsons, SaysWhatToDoWhenThereIsNothing) {
  EXPECT_EQ(value("JSON_VALUE(j, 'lax $.x' DEFAULT 'none' ON EMPTY)"), "none");
  EXPECT_EQ(value("JSON_VALUE(j, 'strict $.x' DEFAULT 'none' ON EMPTY DEFAULT 'bad' ON ERROR)"), "bad");
  EXPECT_EQ(value("JSON_VALUE(j, '$.x' NULL ON EMPTY DEFAULT 'bad' ON ERROR)"), "bad");
  EXPECT_EQ(value("JSON_VALUE(j, 'lax $.a' DEFAULT 'none' ON EMPTY)"), "none");
  EXPECT_EQ(value("JSON_VALUE(j, '$.s' RETURNING STRING NULL ON EMPTY)"), "x\"y");
  EXPECT_NE(error("JSON_VALUE(j, 'lax $.x' ERROR ON EMPTY)").find("JSON_VALUE: nothing is at 'lax $.x'"),
            std::string::npos);
  EXPECT_NE(error("JSON_VALUE(j, '$.x' ERROR ON ERROR)").find("JSON_VALUE: there is no '$.x'"), std::string::npos);
  EXPECT_NE(error("JSON_VALUE(j, '$.x' RETURNING INT)").find("RETURNING INT is not done"), std::string::npos);
  EXPECT_NE(error("JSON_VALUE(j, '$.*')").find("the JSON path '$.*' cannot be used"), std::string::npos);
  EXPECT_NE(error("JSON_VALUE(j, s)").find("unknown column 's'"), std::string::npos);
}

TEST_F(Jsons, Exists) {
  EXPECT_EQ(value("JSON_EXISTS(j, '$.a.b[2]')"), "TRUE");
  EXPECT_EQ(value("JSON_EXISTS(j, '$.a.b[3]')"), "FALSE");
  EXPECT_EQ(value("JSON_EXISTS(j, '$.a2')"), "TRUE");
  EXPECT_EQ(value("JSON_EXISTS(j, '$.n')"), "FALSE");
  EXPECT_EQ(value("JSON_EXISTS(j, 'strict $.x' TRUE ON ERROR)"), "TRUE");
  EXPECT_EQ(value("JSON_EXISTS(j, 'strict $.x' UNKNOWN ON ERROR)"), "NULL");
  EXPECT_NE(error("JSON_EXISTS(j, 'strict $.x' ERROR ON ERROR)").find("JSON_EXISTS"), std::string::npos);
}

TEST_F(Jsons, WhatIsNoJsonHasNothingAtALaxPath) {
  EXPECT_EQ(value("JSON_VALUE('{', 'lax $.a' DEFAULT 'e' ON EMPTY DEFAULT 'r' ON ERROR)"), "e");
  EXPECT_EQ(value("JSON_VALUE('{', '$.a' DEFAULT 'e' ON EMPTY DEFAULT 'r' ON ERROR)"), "r");
  EXPECT_EQ(value("JSON_VALUE('null', 'lax $.a' DEFAULT 'e' ON EMPTY DEFAULT 'r' ON ERROR)"), "r");
  EXPECT_EQ(value("JSON_VALUE('{\"a\":null}', '$.a' DEFAULT 'e' ON EMPTY DEFAULT 'r' ON ERROR)"), "r");
  EXPECT_EQ(value("JSON_VALUE('{\"a\":null}', 'lax $.a' DEFAULT 'e' ON EMPTY DEFAULT 'r' ON ERROR)"), "e");
  EXPECT_EQ(value("JSON_EXISTS('', 'lax $' ERROR ON ERROR)"), "FALSE");
  EXPECT_EQ(value("JSON_EXISTS('', '$' UNKNOWN ON ERROR)"), "NULL");
  EXPECT_EQ(value("JSON_EXISTS('null', 'lax $' UNKNOWN ON ERROR)"), "NULL");
}

TEST_F(Jsons, IsReadAsJacksonReadsIt) {
  const auto at_a = [&](const std::string& document) {
    return value("JSON_VALUE('" + document + "', '$.a' DEFAULT 'bad' ON ERROR)");
  };
  EXPECT_EQ(at_a(R"({"a":1} x)"), "1");
  EXPECT_EQ(at_a(R"({"a":1}//)"), "1");
  EXPECT_EQ(at_a(R"({"a":1e9999})"), "1E+9999");
  EXPECT_EQ(at_a(R"({"a":-0.0})"), "0.0");
  EXPECT_EQ(at_a(R"({"a":-0})"), "0");
  EXPECT_EQ(at_a(R"({"a":100000000000000000000})"), "100000000000000000000");
  EXPECT_EQ(at_a(R"({"a":"\ud83d"})"), "?");
  EXPECT_EQ(at_a(R"({"a":"\ud83d\ude00\u00e4\n"})"), "😀ä\n");
  EXPECT_EQ(at_a(R"({"\u0061":"by name"})"), "by name");
  EXPECT_EQ(at_a(R"({"b":{"a":1},"a":2})"), "2");
  EXPECT_EQ(at_a("\xEF\xBB\xBF{\"a\":1}"), "bad");
  for (const char* none : {R"({"a":01})", R"({"a":1.})", R"({"a":.5})", R"({"a":+1})", R"({"a":1,})", R"({"a" 1})",
                           R"({a:1})", R"({"a":"\x"})", R"({"a":"\ud83"})", "{\"a\":\"\t\"}", R"({"a":tru})",
                           R"({"a":truex})", R"(["a")", "", " ", "1x", R"({"a":1)", R"({"a":NaN})"}) {
    EXPECT_EQ(at_a(none), "bad") << none;
  }
  EXPECT_EQ(value("JSON_VALUE('5 x', '$')"), "5");
  EXPECT_EQ(value("JSON_VALUE('true', '$')"), "true");
  const std::string deep = std::string(1000, '[') + std::string(1000, ']');
  EXPECT_EQ(value("JSON_EXISTS('" + deep + "', '$')"), "TRUE");
  EXPECT_EQ(value("JSON_EXISTS('[" + deep + "]', '$')"), "FALSE");
}

}  // namespace
}  // namespace rocketlink::planner
