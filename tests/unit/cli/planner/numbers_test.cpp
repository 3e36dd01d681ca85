#include "planner/planner_fixture.h"

namespace rocketlink::planner {
namespace {

class Numbers : public PlannerTest {};

TEST_F(Numbers, WhatEndsFlinksJobEndsThis) {
  EXPECT_EQ(value("TRUNCATE(12345678901234567890.5E0, 1)"), "1.2345678901234567E19");
  EXPECT_EQ(value("TRUNCATE(-1.256E0, 2)"), "-1.25");
  EXPECT_EQ(value("TRUNCATE(1256E0, -2)"), "1200.0");
  EXPECT_NE(error("TRUNCATE(1E20)").find("20 digits before the point"), std::string::npos);
  EXPECT_NE(error("TRY_CAST(CAST('NaN' AS DOUBLE) AS DECIMAL(5, 2))").find("NaN or infinity"), std::string::npos);
  EXPECT_NE(error("CAST(300 AS DECIMAL(3, 2))").find("more digits before the point"), std::string::npos);
  EXPECT_EQ(value("CAST(300 AS DECIMAL(5, 2))"), "300.00");
  EXPECT_NE(error("CAST('99999999999999999999999999999999999999' AS DECIMAL(38, 0)) % CAST(0.5 AS DECIMAL(18, 18))")
                .find("more than 38 digits"),
            std::string::npos);
  EXPECT_EQ(value("CAST('99999999999999999999' AS DECIMAL(38, 0)) % CAST(0.3 AS DECIMAL(18, 18))"),
            "0.000000000000000000");
}

TEST_F(Numbers, AreRounded) {
  EXPECT_EQ(value("ROUND(2.5)"), "3");
  EXPECT_EQ(value("ROUND(-2.5)"), "-3");
  EXPECT_EQ(value("ROUND(1.2345, 2)"), "1.23");
  EXPECT_EQ(value("ROUND(1.235, 2)"), "1.24");
  EXPECT_EQ(value("ROUND(155.5, -1)"), "160");
  EXPECT_EQ(value("ROUND(1.005E0, 2)"), "1.01");
  EXPECT_EQ(value("ROUND(9.99E0, 1)"), "10.0");
  EXPECT_EQ(value("ROUND(-0.4E0)"), "0.0");
  EXPECT_EQ(value("ROUND(-0.0E0, 1)"), "0.0");
  EXPECT_EQ(value("ROUND(15, -1)"), "20");
  EXPECT_EQ(value("ROUND(-15, -1)"), "-20");
  EXPECT_EQ(value("ROUND(14, 2)"), "14");
  EXPECT_EQ(value("TRUNCATE(1.999, 2)"), "1.99");
  EXPECT_EQ(value("TRUNCATE(-1.99E0, 1)"), "-1.9");
  EXPECT_EQ(value("TRUNCATE(19, -1)"), "10");
  EXPECT_EQ(value("CEIL(1.2)"), "2");
  EXPECT_EQ(value("CEILING(-1.2)"), "-1");
  EXPECT_EQ(value("FLOOR(-1.2)"), "-2");
  EXPECT_EQ(value("FLOOR(1.7E0)"), "1.0");
  EXPECT_EQ(value("FLOOR(7)"), "7");
  EXPECT_EQ(type_of("ROUND(CAST(1 AS DECIMAL(10, 4)), 2)"), "DECIMAL(9, 2)");
  EXPECT_EQ(type_of("FLOOR(CAST(1 AS DECIMAL(10, 4)))"), "DECIMAL(10, 0)");
}

TEST_F(Numbers, HaveFunctions) {
  EXPECT_EQ(value("ABS(-5)"), "5");
  EXPECT_EQ(value("ABS(-2147483649)"), "2147483649");
  EXPECT_EQ(value("ABS(-1.50)"), "1.50");
  EXPECT_EQ(value("ABS(-1.5E0)"), "1.5");
  EXPECT_EQ(value("SIGN(-3)"), "-1");
  EXPECT_EQ(value("SIGN(2.5)"), "1.0");
  EXPECT_EQ(value("MOD(-7, 3)"), "-1");
  EXPECT_EQ(value("POWER(2, 10)"), "1024.0");
  EXPECT_EQ(value("SQRT(16)"), "4.0");
  EXPECT_EQ(value("SQRT(-1)"), "NaN");
  EXPECT_EQ(value("EXP(0)"), "1.0");
  EXPECT_EQ(value("LN(0)"), "-Infinity");
  EXPECT_EQ(value("LOG10(1000)"), "3.0");
  EXPECT_EQ(value("LOG2(8)"), "3.0");
  EXPECT_EQ(value("LOG(2, 8)"), "3.0");
  EXPECT_EQ(value("SIN(0)"), "0.0");
  EXPECT_EQ(value("PI()"), "3.141592653589793");
}

TEST_F(Numbers, AreChosenFrom) {
  EXPECT_EQ(value("COALESCE(NULL, CAST(NULL AS INT), 3)"), "3");
  EXPECT_EQ(value("IFNULL(CAST(NULL AS STRING), 'x')"), "x");
  EXPECT_EQ(value("NULLIF(1, 1)"), "NULL");
  EXPECT_EQ(value("NULLIF(1, 2)"), "1");
  EXPECT_EQ(value("IF(1 < 2, 'yes', 'no')"), "yes");
  EXPECT_EQ(value("GREATEST(1, 3, 2)"), "3");
  EXPECT_EQ(value("GREATEST(1, CAST(NULL AS INT))"), "NULL");
  EXPECT_EQ(value("LEAST('b', 'a')"), "a");
  EXPECT_EQ(type_of("COALESCE(CAST(NULL AS INT), 3)"), "INT NOT NULL");
  EXPECT_EQ(type_of("COALESCE(1, CAST(2 AS BIGINT))"), "BIGINT NOT NULL");
  EXPECT_NE(error("COALESCE(NULL, NULL)").find("are all NULL"), std::string::npos);
  EXPECT_NE(error("COALESCE(1, 'a')").find("have types that go not together"), std::string::npos);
}

TEST_F(Numbers, PowersAreJavas) {
  EXPECT_EQ(value("POWER(-1, CAST('Infinity' AS DOUBLE))"), "NaN");
  EXPECT_EQ(value("POWER(1, CAST('NaN' AS DOUBLE))"), "NaN");
  EXPECT_EQ(value("SQRT(0E0 / -1)"), "0.0");
  EXPECT_NE(error("SIGN(CAST(1 AS TINYINT))").find("SIGN(CAST(x AS INT))"), std::string::npos);
  EXPECT_NE(error("TRUNCATE(CAST(1 AS SMALLINT), 1)").find("fails in Flink"), std::string::npos);
  EXPECT_NE(error("SIGN(CAST(0.5 AS DECIMAL(3, 3)))").find("no place for a 1"), std::string::npos);
  EXPECT_EQ(value("LOCATE('a', 'a', 0) - LOCATE('a', 'a', -2147483648)"), "1");
  EXPECT_EQ(type_of("'😀'"), "CHAR(2) NOT NULL");
}

}  // namespace
}  // namespace rocketlink::planner
