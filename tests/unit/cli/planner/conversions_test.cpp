#include "planner/planner_fixture.h"

namespace rocketlink::planner {
namespace {

class Conversions : public PlannerTest {};

TEST_F(Conversions, BytesAreReadAsUtf8) {
  table("t", {column("mess", type(TypeKind::kVarbinary, kUnboundedLength))},
        "VALUES ('hello'::BLOB), ('\\xE4\\xBD\\xA0'::BLOB), ('a\\xFFb'::BLOB), (''::BLOB), (NULL)");
  EXPECT_EQ(value("cast(mess as varchar)"),
            "hello|你|a\xEF\xBF\xBD"
            "b||NULL");
}

TEST_F(Conversions, TextsAreReadAsNumbers) {
  EXPECT_EQ(value("CAST('12' AS INT)"), "12");
  EXPECT_EQ(value("CAST('-12.9' AS INT)"), "-12");
  EXPECT_EQ(value("CAST('+7' AS BIGINT)"), "7");
  EXPECT_EQ(value("CAST('-9223372036854775808' AS BIGINT)"), "-9223372036854775808");
  EXPECT_EQ(value("CAST('1.5e3' AS DOUBLE)"), "1500.0");
  EXPECT_EQ(value("CAST('1.005' AS DECIMAL(5, 2))"), "1.01");
  EXPECT_NE(error("CAST('12345' AS DECIMAL(4, 1))").find("CAST cannot read '12345'"), std::string::npos);
  EXPECT_EQ(value("CAST('Yes' AS BOOLEAN)"), "TRUE");
  EXPECT_EQ(value("CAST('0' AS BOOLEAN)"), "FALSE");
}

TEST_F(Conversions, WhatCannotBeReadEndsTheJobOrIsNullForTryCast) {
  EXPECT_NE(error("CAST('abc' AS INT)").find("CAST cannot read 'abc' as INT; TRY_CAST gives NULL instead"),
            std::string::npos);
  EXPECT_NE(error("CAST('\t1' AS INT)").find("CAST cannot read '\t1' as INT"), std::string::npos);
  EXPECT_NE(error("CAST('300' AS TINYINT)").find("as TINYINT"), std::string::npos);
  EXPECT_NE(error("CAST('xy' AS DECIMAL(3, 1))").find("as DECIMAL(3, 1)"), std::string::npos);
  EXPECT_NE(error("CAST('maybe' AS BOOLEAN)").find("as BOOLEAN"), std::string::npos);
  EXPECT_NE(error("CAST('2024-13-01' AS DATE)").find("as DATE"), std::string::npos);
  for (const char* target : {"TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL(3, 1)", "BOOLEAN",
                             "DATE", "TIME", "TIMESTAMP(3)", "TIMESTAMP(9)", "TIMESTAMP_LTZ(3)"}) {
    EXPECT_EQ(value("TRY_CAST('xy' AS " + std::string(target) + ")"), "NULL") << target;
  }
}

TEST_F(Conversions, NumbersBecomeSmallerAsInJava) {
  EXPECT_EQ(value("CAST(1.9 AS INT)"), "1");
  EXPECT_EQ(value("CAST(-1.9 AS INT)"), "-1");
  EXPECT_EQ(value("CAST(-1.9E0 AS INT)"), "-1");
  EXPECT_EQ(value("CAST(300 AS TINYINT)"), "44");
  EXPECT_EQ(value("CAST(4294967297 AS INT)"), "1");
  EXPECT_EQ(value("CAST(1E20 AS BIGINT)"), "9223372036854775807");
  EXPECT_EQ(value("CAST(1E20 AS INT)"), "2147483647");
  EXPECT_EQ(value("CAST(CAST('NaN' AS DOUBLE) AS INT)"), "0");
  EXPECT_EQ(value("CAST(1E300 AS FLOAT)"), "Infinity");
  EXPECT_EQ(value("CAST(123.456 AS DECIMAL(5, 1))"), "123.5");
  EXPECT_NE(error("CAST(12345 AS DECIMAL(4, 0))").find("more digits before the point"), std::string::npos);
  EXPECT_EQ(value("TRY_CAST(12345 AS DECIMAL(4, 0))"), "NULL");
  EXPECT_EQ(value("CAST(2.345E0 AS DECIMAL(4, 2))"), "2.35");
  EXPECT_EQ(value("CAST(TRUE AS INT)"), "1");
  EXPECT_EQ(value("CAST(2 AS BOOLEAN)"), "TRUE");
  EXPECT_EQ(value("CAST(0.0 AS BOOLEAN)"), "FALSE");
}

TEST_F(Conversions, NumbersAreWrittenAsJavaWritesThem) {
  EXPECT_EQ(value("1E0"), "1.0");
  EXPECT_EQ(value("1E10"), "1.0E10");
  EXPECT_EQ(value("12345678E0"), "1.2345678E7");
  EXPECT_EQ(value("1234567E0"), "1234567.0");
  EXPECT_EQ(value("1E-3"), "0.001");
  EXPECT_EQ(value("1.5E-4"), "1.5E-4");
  EXPECT_EQ(value("0E0 / -1"), "-0.0");
  EXPECT_EQ(value("CAST(0.1 AS FLOAT)"), "0.1");
  EXPECT_EQ(value("TRUE"), "TRUE");
  EXPECT_EQ(value("1.50"), "1.50");
  EXPECT_EQ(value("-0.05"), "-0.05");
}

TEST_F(Conversions, LengthsCutAndFillUp) {
  EXPECT_EQ(value("CAST('abcdef' AS VARCHAR(3))"), "abc");
  EXPECT_EQ(value("CAST('你好吗' AS VARCHAR(2))"), "你好");
  EXPECT_EQ(value("CAST('ab' AS CHAR(4)) || '|'"), "ab  |");
  EXPECT_EQ(value("CAST(12345 AS VARCHAR(2))"), "12");
  EXPECT_EQ(value("HEX(CAST(CAST('ab' AS BINARY(3)) AS STRING))"), "616200");
  EXPECT_EQ(value("HEX(CAST(CAST('abc' AS VARBINARY(2)) AS STRING))"), "6162");
}

TEST_F(Conversions, TimesAreWrittenWithTheDigitsOfTheirType) {
  EXPECT_EQ(value("TIMESTAMP '2024-01-31 23:59:59.5'"), "2024-01-31 23:59:59.5");
  EXPECT_EQ(value("CAST(TIMESTAMP '2024-01-31 23:59:59.5' AS TIMESTAMP(3))"), "2024-01-31 23:59:59.500");
  EXPECT_EQ(value("CAST(TIMESTAMP '2024-01-31 23:59:59.987654' AS TIMESTAMP(2))"), "2024-01-31 23:59:59.98");
  EXPECT_EQ(value("CAST('2024-1-2 3:4:5.123456789' AS TIMESTAMP(9))"), "2024-01-02 03:04:05.123456789");
  EXPECT_EQ(value("CAST('2023-02-31' AS TIMESTAMP(0))"), "2023-02-28 00:00:00");
  EXPECT_EQ(value("CAST('1969-12-31 23:59:59.999' AS TIMESTAMP(1))"), "1969-12-31 23:59:59.9");
  EXPECT_EQ(value("DATE '2024-02-29'"), "2024-02-29");
  EXPECT_EQ(value("TIME '01:02:03.5'"), "01:02:03.5");
  EXPECT_EQ(value("CAST('12:34' AS TIME)"), "12:34:00");
  EXPECT_EQ(value("CAST(TIMESTAMP '2024-01-31 23:59:59' AS DATE)"), "2024-01-31");
  EXPECT_EQ(value("CAST(TIMESTAMP '2024-01-31 23:59:59' AS TIME)"), "23:59:59");
  EXPECT_EQ(value("CAST(DATE '2024-01-31' AS TIMESTAMP(3))"), "2024-01-31 00:00:00.000");
  EXPECT_EQ(value("CAST(DATE '2024-01-31' AS TIMESTAMP(9))"), "2024-01-31 00:00:00.000000000");
}

class ConversionsInShanghai : public PlannerTest {
 protected:
  ConversionsInShanghai() : PlannerTest("Asia/Shanghai") {}
};

TEST_F(ConversionsInShanghai, InstantsAreShownInTheSessionsZone) {
  EXPECT_EQ(value("TO_TIMESTAMP_LTZ(0, 0)"), "1970-01-01 08:00:00.000");
  EXPECT_EQ(value("CAST(TO_TIMESTAMP_LTZ(0, 3) AS TIMESTAMP(0))"), "1970-01-01 08:00:00");
  EXPECT_EQ(value("CAST(TO_TIMESTAMP_LTZ(0, 3) AS DATE)"), "1970-01-01");
  EXPECT_EQ(value("TO_TIMESTAMP_LTZ(0, 0) = CAST(TIMESTAMP '1970-01-01 08:00:00' AS TIMESTAMP_LTZ(3))"), "TRUE");
  EXPECT_EQ(value("UNIX_TIMESTAMP('1970-01-01 08:00:01')"), "1");
  EXPECT_EQ(value("FROM_UNIXTIME(0)"), "1970-01-01 08:00:00");
  EXPECT_EQ(value("DATE_FORMAT(TO_TIMESTAMP_LTZ(0, 0), 'HH:mm')"), "08:00");
  EXPECT_EQ(value("HOUR(TO_TIMESTAMP_LTZ(0, 0))"), "8");
  EXPECT_EQ(value("FLOOR(TO_TIMESTAMP_LTZ(3600, 0) TO DAY)"), "1970-01-01 00:00:00.000");
}

TEST_F(Conversions, CastsThatFlinkDoesNotHaveAreRefused) {
  EXPECT_EQ(error("CAST(1 AS TIMESTAMP(3))"),
            "INT NOT NULL cannot be cast to TIMESTAMP(3); TO_TIMESTAMP_LTZ(x, 0) takes epoch seconds, "
            "TO_TIMESTAMP_LTZ(x, 3) epoch milliseconds");
  EXPECT_EQ(error("CAST(x'00' AS INT)"), "BINARY(1) NOT NULL cannot be cast to INT");
  EXPECT_NE(error("CAST(1 AS ROW<a INT>)").find("'ROW' is no type that the native runner knows"), std::string::npos);
}

TEST_F(Conversions, TextsOfNumbersAreReadAsJavaReadsThem) {
  EXPECT_EQ(value("CAST(' 12 ' AS INT)"), "12");
  EXPECT_EQ(value("CAST(' -7.9 ' AS BIGINT)"), "-7");
  EXPECT_EQ(value("TRY_CAST('1 2' AS INT)"), "NULL");
  EXPECT_EQ(value("CAST('1.5f' AS DOUBLE)"), "1.5");
  EXPECT_EQ(value("CAST('1d' AS FLOAT)"), "1.0");
  EXPECT_EQ(value("CAST('1e400' AS DOUBLE)"), "Infinity");
  EXPECT_EQ(value("CAST('-1e400' AS DOUBLE)"), "-Infinity");
  EXPECT_EQ(value("CAST('1e39' AS FLOAT)"), "Infinity");
  EXPECT_EQ(value("CAST('0x1p3' AS DOUBLE)"), "8.0");
  for (const char* none : {"0x10", "1_0", "d", "", "1ff", "nan", "inf", "1e", "--1"}) {
    EXPECT_EQ(value("TRY_CAST('" + std::string(none) + "' AS DOUBLE)"), "NULL") << none;
  }
}

TEST_F(Conversions, TextsOfDecimalsAreReadAsFlinkReadsThem) {
  EXPECT_EQ(value("CAST('12%' AS DECIMAL(5, 0))"), "12");
  EXPECT_EQ(value("CAST('a' AS DECIMAL(5, 0))"), "0");
  EXPECT_EQ(value("CAST('1.5f' AS DECIMAL(5, 1))"), "1.5");
  EXPECT_EQ(value("CAST('1e3x' AS DECIMAL(5, 0))"), "1000");
  EXPECT_EQ(value("CAST('1e' AS DECIMAL(5, 0))"), "1");
  EXPECT_EQ(value("CAST(' 12' AS DECIMAL(5, 0))"), "12");
  EXPECT_EQ(value("CAST('-2.5' AS DECIMAL(5, 0))"), "-3");
  EXPECT_EQ(value("CAST('１２' AS DECIMAL(38, 0))"), "12");
  EXPECT_EQ(value("CAST('1E-2' AS DECIMAL(38, 2))"), "0.01");
  for (const char* none : {"000012", "abc", "", "1e-", "123456"}) {
    EXPECT_EQ(value("TRY_CAST('" + std::string(none) + "' AS DECIMAL(5, 0))"), "NULL") << none;
    EXPECT_NE(error("CAST('" + std::string(none) + "' AS DECIMAL(5, 0))").find("CAST cannot read"), std::string::npos)
        << none;
  }
  EXPECT_EQ(value("TRY_CAST('0' AS DECIMAL(3, 3))"), "NULL");
  EXPECT_EQ(value("TRY_CAST('12%' AS DECIMAL(38, 0))"), "NULL");
}

TEST_F(Conversions, TheSmallestNumbersHaveTwoDigits) {
  EXPECT_EQ(value("CAST(4.9E-324 AS STRING)"), "4.9E-324");
  EXPECT_EQ(value("CAST(CAST(1.4E-45 AS FLOAT) AS STRING)"), "1.4E-45");
  EXPECT_EQ(value("CAST(1E22 AS STRING)"), "1.0E22");
}

TEST_F(Conversions, TimesBefore1970AreCutTowardsIt) {
  EXPECT_EQ(value("CAST(TIMESTAMP '1969-12-31 12:00:00' AS DATE)"), "1970-01-01");
  EXPECT_EQ(value("CAST(TIMESTAMP '1969-12-31 00:00:00' AS DATE)"), "1969-12-31");
  EXPECT_EQ(value("CAST(TIMESTAMP '1969-12-31 23:59:59.999' AS TIMESTAMP(0))"), "1970-01-01 00:00:00");
  EXPECT_EQ(value("CAST(TIMESTAMP '1969-12-31 23:59:59.9999' AS TIMESTAMP(3))"), "1969-12-31 23:59:59.999");
  EXPECT_EQ(type_of("CAST('12:34:56.789' AS TIME(3))"), "TIME(0) NOT NULL");
  EXPECT_EQ(value("TRY_CAST('0000-01-01' AS TIMESTAMP(3))"), "NULL");
  EXPECT_EQ(value("TRY_CAST('0000-01-01' AS DATE)"), "0000-01-01");
}

}  // namespace
}  // namespace rocketlink::planner
