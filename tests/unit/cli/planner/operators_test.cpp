#include "planner/planner_fixture.h"

namespace rocketlink::planner {
namespace {

class Operators : public PlannerTest {};

TEST_F(Operators, IntegersWrapAndDivideTowardsZero) {
  EXPECT_EQ(value("1 + 2"), "3");
  EXPECT_EQ(value("2147483647 + 1"), "-2147483648");
  EXPECT_EQ(value("9223372036854775807 + 1"), "-9223372036854775808");
  EXPECT_EQ(value("CAST(100 AS TINYINT) + CAST(100 AS TINYINT)"), "-56");
  EXPECT_EQ(value("7 / 2"), "3");
  EXPECT_EQ(value("-7 / 2"), "-3");
  EXPECT_EQ(value("-7 % 3"), "-1");
  EXPECT_EQ(value("7 % -3"), "1");
  EXPECT_EQ(value("65536 * 65536"), "0");
  EXPECT_EQ(value("-(-5)"), "5");
  EXPECT_EQ(value("2 + 3 * 4 - 1"), "13");
  EXPECT_EQ(value("1 + CAST(NULL AS INT)"), "NULL");
  EXPECT_EQ(value("1 + NULL"), "NULL");
}

TEST_F(Operators, DivisionByZeroEndsTheJobForExactNumbersOnly) {
  EXPECT_NE(error("1 / 0").find("/ by zero"), std::string::npos);
  EXPECT_NE(error("1 % 0").find("/ by zero"), std::string::npos);
  EXPECT_NE(error("1.0 / 0").find("division of a decimal by zero"), std::string::npos);
  EXPECT_EQ(value("1E0 / 0"), "Infinity");
  EXPECT_EQ(value("0E0 / 0"), "NaN");
  EXPECT_EQ(value("1 / NULLIF(0, 0)"), "NULL");
}

TEST_F(Operators, ResultTypesAreFlinks) {
  EXPECT_EQ(type_of("1 + 1"), "INT NOT NULL");
  EXPECT_EQ(type_of("1 + CAST(1 AS BIGINT)"), "BIGINT NOT NULL");
  EXPECT_EQ(type_of("1 + 1E0"), "DOUBLE NOT NULL");
  EXPECT_EQ(type_of("CAST(1 AS FLOAT) + 1"), "FLOAT NOT NULL");
  EXPECT_EQ(type_of("1.5"), "DECIMAL(2, 1) NOT NULL");
  EXPECT_EQ(type_of("0.05"), "DECIMAL(3, 2) NOT NULL");
  EXPECT_EQ(type_of("1234567890123456789"), "BIGINT NOT NULL");
  EXPECT_EQ(type_of("CAST(1 AS DECIMAL(10, 2)) + CAST(1 AS DECIMAL(5, 4))"), "DECIMAL(13, 4)");
  EXPECT_EQ(type_of("CAST(1 AS DECIMAL(10, 2)) * CAST(1 AS DECIMAL(5, 4))"), "DECIMAL(16, 6)");
  EXPECT_EQ(type_of("CAST(1 AS DECIMAL(10, 2)) / CAST(1 AS DECIMAL(5, 4))"), "DECIMAL(20, 8)");
  EXPECT_EQ(type_of("CAST(1 AS DECIMAL(10, 2)) % CAST(1 AS DECIMAL(5, 4))"), "DECIMAL(5, 4)");
  EXPECT_EQ(type_of("CAST(1 AS DECIMAL(38, 10)) * CAST(1 AS DECIMAL(38, 10))"), "DECIMAL(38, 6)");
  EXPECT_EQ(type_of("CAST(1 AS DECIMAL(10, 2)) + 1"), "DECIMAL(13, 2)");
  EXPECT_EQ(type_of("'a' || 'bc'"), "CHAR(3) NOT NULL");
  EXPECT_EQ(type_of("CASE WHEN TRUE THEN 'a' ELSE 'bcd' END"), "VARCHAR(3) NOT NULL");
  EXPECT_EQ(type_of("CASE WHEN TRUE THEN 1 END"), "INT");
}

TEST_F(Operators, DecimalsAreExactAndRoundHalfUp) {
  EXPECT_EQ(value("1.10 + 2.205"), "3.305");
  EXPECT_EQ(value("1.5 * 1.5"), "2.25");
  EXPECT_EQ(value("CAST(10 AS DECIMAL(4, 2)) / CAST(3 AS DECIMAL(4, 2))"), "3.3333333");
  EXPECT_EQ(value("-CAST(2 AS DECIMAL(4, 0)) / CAST(3 AS DECIMAL(4, 0))"), "-0.666667");
  EXPECT_EQ(value("7.5 % 2"), "1.5");
  EXPECT_EQ(value("-1.25"), "-1.25");
  EXPECT_EQ(value("CAST('1234567890123456789012345678901234567' AS DECIMAL(37, 0)) + 0.5"),
            "1234567890123456789012345678901234567.5");
  EXPECT_EQ(value("CAST('99999999999999999999999999999999999999' AS DECIMAL(38, 0)) + 1"), "NULL");
  EXPECT_EQ(value("CAST('99999999999999999999999999999999999999' AS DECIMAL(38, 0)) * 10"), "NULL");
  EXPECT_EQ(value("CAST(1 AS DECIMAL(38, 18)) / CAST(3 AS DECIMAL(38, 18))"), "0.333333");
  EXPECT_EQ(value("CAST(-2 AS DECIMAL(38, 0)) / CAST(3 AS DECIMAL(38, 10))"), "-0.666667");
  EXPECT_EQ(value("CAST('99999999999999999999' AS DECIMAL(20, 0)) * 99999999999999999"),
            "9999999999999999899900000000000000001");
}

TEST_F(Operators, DecimalsOfAllWidthsAreStored) {
  for (const std::int32_t precision : {4, 9, 10, 18, 19, 38}) {
    EXPECT_EQ(insert("VALUES (1.5 * 2), (-3.14)", {column("c", type(TypeKind::kDecimal, precision, 2))}), "3.00|-3.14")
        << precision;
  }
}

TEST_F(Operators, LogicHasThreeValues) {
  EXPECT_EQ(value("TRUE AND NULL"), "NULL");
  EXPECT_EQ(value("FALSE AND NULL"), "FALSE");
  EXPECT_EQ(value("TRUE OR NULL"), "TRUE");
  EXPECT_EQ(value("NOT CAST(NULL AS BOOLEAN)"), "NULL");
  EXPECT_EQ(value("CAST(NULL AS BOOLEAN) IS UNKNOWN"), "TRUE");
  EXPECT_EQ(value("CAST(NULL AS BOOLEAN) IS NOT TRUE"), "TRUE");
  EXPECT_EQ(value("(1 = 2) IS FALSE"), "TRUE");
  EXPECT_EQ(value("1 IN (2, NULL)"), "NULL");
  EXPECT_EQ(value("1 IN (2, 1)"), "TRUE");
  EXPECT_EQ(value("1 NOT IN (2, 3)"), "TRUE");
  EXPECT_EQ(value("NULL IS NULL"), "TRUE");
  EXPECT_EQ(value("1 IS DISTINCT FROM NULL"), "TRUE");
  EXPECT_EQ(value("CAST(NULL AS INT) IS NOT DISTINCT FROM NULL"), "TRUE");
}

TEST_F(Operators, ComparesNumbersOfAllKindsAndNaNAsJavaDoes) {
  EXPECT_EQ(value("1 < 1.5"), "TRUE");
  EXPECT_EQ(value("1.50 = 1.5"), "TRUE");
  EXPECT_EQ(value("1 = 1E0"), "TRUE");
  EXPECT_EQ(value("CAST('NaN' AS DOUBLE) = CAST(' NaN' AS DOUBLE)"), "FALSE");
  EXPECT_EQ(value("CAST('NaN' AS DOUBLE) > 1E0"), "FALSE");
  EXPECT_EQ(value("CAST('NaN' AS DOUBLE) <> 1E0"), "TRUE");
  EXPECT_EQ(value("2E0 >= 1E0"), "TRUE");
  EXPECT_EQ(value("5 BETWEEN 1 AND 5"), "TRUE");
  EXPECT_EQ(value("0 NOT BETWEEN 1 AND 5"), "TRUE");
  EXPECT_EQ(value("'B' < 'a'"), "TRUE");
  EXPECT_EQ(value("x'00ff' = x'00FF'"), "TRUE");
  EXPECT_EQ(error("1 = 'a'"), "INT NOT NULL and CHAR(1) NOT NULL cannot be compared; CAST one to the other's type");
}

TEST_F(Operators, LikeTakesWildcardsAndEscapes) {
  EXPECT_EQ(value("'abc' LIKE 'a%'"), "TRUE");
  EXPECT_EQ(value("'abc' LIKE 'a_'"), "FALSE");
  EXPECT_EQ(value("'a%c' LIKE 'a!%c' ESCAPE '!'"), "TRUE");
  EXPECT_EQ(value("'abc' NOT LIKE 'a!%c' ESCAPE '!'"), "TRUE");
  EXPECT_EQ(value("'a\\c' LIKE 'a\\%'"), "TRUE");
}

TEST_F(Operators, CaseTakesTheFirstThatHolds) {
  table("t", {column("a", type(TypeKind::kInteger))}, "VALUES (1), (2), (NULL)");
  EXPECT_EQ(value("CASE WHEN a = 1 THEN 'one' WHEN a = 2 THEN 'two' ELSE 'none' END"), "one|two|none");
  EXPECT_EQ(value("CASE a WHEN 1 THEN 1 WHEN 2 THEN 2.5 END"), "1.0|2.5|NULL");
}

TEST_F(Operators, ABranchThatIsNotTakenDoesNotFail) {
  EXPECT_EQ(value("CASE WHEN FALSE THEN 1 / 0 ELSE 2 END"), "2");
  EXPECT_EQ(value("COALESCE(1, 1 / 0)"), "1");
  EXPECT_EQ(value("IF(FALSE, CAST('x' AS INT), 3)"), "3");
  table("t", {column("a", type(TypeKind::kInteger))}, "VALUES (0), (2)");
  EXPECT_EQ(value("CASE WHEN a <> 0 THEN 10 / a END"), "NULL|5");
  EXPECT_EQ(insert("SELECT CAST(1 / 0 AS STRING) FROM t WHERE a > 5", {column("x", text())}), "");
}

TEST_F(Operators, WhatComesAfterAConditionThatDecidesIsNotEvaluated) {
  table("t", {column("a", text())}, "VALUES ('1'), ('x'), ('3'), (NULL)");
  EXPECT_EQ(value("a <> 'x' AND CAST(a AS INT) > 1"), "FALSE|FALSE|TRUE|NULL");
  EXPECT_EQ(value("a = 'x' OR CAST(a AS INT) > 1"), "FALSE|TRUE|TRUE|NULL");
  EXPECT_EQ(insert("SELECT a FROM t WHERE a <> 'x' AND CAST(a AS INT) > 0", {column("x", text())}), "1|3");
  EXPECT_EQ(insert("SELECT CAST(b AS STRING) FROM (SELECT CAST(a AS INT) AS b FROM t WHERE a <> 'x') AS s WHERE b > 1",
                   {column("x", text())}),
            "3");
  EXPECT_NE(
      insert("SELECT a FROM t WHERE CAST(a AS INT) > 0", {column("x", text())}).find("CAST cannot read 'x' as INT"),
      std::string::npos);
}

TEST_F(Operators, DecimalsWithoutATypeInCommonAreComparedExactlyButForEquality) {
  table("t", {column("a", type(TypeKind::kDecimal, 38, 10)), column("b", type(TypeKind::kDecimal, 38, 0))},
        "VALUES (CAST(-0.5 AS DECIMAL(38, 10)), CAST(-1 AS DECIMAL(38, 0)))");
  EXPECT_EQ(value("a > b"), "TRUE");
  EXPECT_EQ(value("a <= b"), "FALSE");
  EXPECT_EQ(value("a = b"), "TRUE");  // both rounded, as in Flink
  EXPECT_EQ(value("a IN (b)"), "FALSE");
  EXPECT_EQ(value("a NOT IN (b, 7)"), "TRUE");
  EXPECT_EQ(value("a BETWEEN b AND b"), "FALSE");
  EXPECT_EQ(value("a IS DISTINCT FROM b"), "TRUE");
  EXPECT_EQ(value("a IS NOT DISTINCT FROM CAST(NULL AS DECIMAL(38, 0))"), "FALSE");
  EXPECT_EQ(value("NULLIF(a, b)"), "NULL");
  EXPECT_EQ(value("CAST('99999999999999999999999999999999999999' AS DECIMAL(38, 0)) > a"), "TRUE");
}

TEST_F(Operators, OfFloatAndDoubleTheFirstDecides) {
  table("t", {column("f", type(TypeKind::kFloat)), column("d", type(TypeKind::kDouble))}, "VALUES (0.1::FLOAT, 0.1)");
  EXPECT_EQ(value("f = d"), "TRUE");
  EXPECT_EQ(value("f <> d"), "FALSE");
  EXPECT_EQ(value("f <= d"), "FALSE");  // which has no type to decide on
  EXPECT_EQ(value("d = f"), "FALSE");
  EXPECT_EQ(value("NULLIF(f, d)"), "NULL");
  EXPECT_EQ(type_of("f + d"), "FLOAT");
  EXPECT_EQ(type_of("d + f"), "DOUBLE");
  EXPECT_EQ(type_of("CASE WHEN TRUE THEN f ELSE d END"), "FLOAT");
  EXPECT_EQ(type_of("IF(TRUE, 1, IF(TRUE, f, d))"), "FLOAT");
  EXPECT_EQ(type_of("COALESCE(f, d)"), "DOUBLE");
  EXPECT_EQ(type_of("f + 1.5"), "DOUBLE");
  EXPECT_EQ(value("f * 1E300"), "Infinity");
}

TEST_F(Operators, NaNEqualsItselfWhereTheExpressionIsTheSame) {
  table("t", {column("d", type(TypeKind::kDouble)), column("e", type(TypeKind::kDouble))},
        "VALUES ('NaN'::DOUBLE, 'NaN'::DOUBLE), (1, 1), (NULL, NULL)");
  EXPECT_EQ(value("d = d"), "TRUE|TRUE|NULL");
  EXPECT_EQ(value("d <> d"), "FALSE|FALSE|NULL");
  EXPECT_EQ(value("d = e"), "FALSE|TRUE|NULL");
  EXPECT_EQ(value("NULLIF(d, d)"), "NULL|NULL|NULL");
}

TEST_F(Operators, TheLeastIntegersAreLiterals) {
  EXPECT_EQ(type_of("-2147483648"), "INT NOT NULL");
  EXPECT_EQ(value("-2147483648 - 1"), "2147483647");
  EXPECT_EQ(type_of("-9223372036854775808"), "BIGINT NOT NULL");
  EXPECT_EQ(value("-9223372036854775808 - 1"), "9223372036854775807");
  EXPECT_EQ(type_of("-(-2147483648)"), "BIGINT NOT NULL");
  EXPECT_EQ(type_of("-2147483649"), "BIGINT NOT NULL");
  EXPECT_EQ(value("-1.50"), "-1.50");
  EXPECT_EQ(value("- 0E0"), "0.0");
  EXPECT_NE(error("9223372036854775808").find("more digits than a literal may have"), std::string::npos);
  EXPECT_NE(error("99999999999999999999.5").find("CAST('99999999999999999999.5' AS DECIMAL(21, 1))"),
            std::string::npos);
}

TEST_F(Operators, InCastsItsElements) {
  table("t",
        {column("i", type(TypeKind::kInteger)), column("n", type(TypeKind::kDecimal, 5, 0)), column("s", text()),
         column("dt", type(TypeKind::kDate))},
        "VALUES (1, 1::DECIMAL(5, 0), '2024-01-31 10:00', DATE '2024-01-31')");
  EXPECT_EQ(value("i IN (1.5, 7)"), "TRUE");
  EXPECT_EQ(value("i = 1.5"), "FALSE");
  EXPECT_EQ(value("CAST(0 AS TINYINT) IN (256)"), "TRUE");
  EXPECT_EQ(value("i NOT IN (1E0)"), "FALSE");
  EXPECT_EQ(value("n IN (1, 2147483647)"), "TRUE");
  EXPECT_EQ(value("n IN (2, 2147483647)"), "NULL");
  EXPECT_EQ(value("n IN (1.4, 2.5)"), "FALSE");
  EXPECT_EQ(value("s IN (dt)"), "FALSE");
  EXPECT_EQ(value("dt IN (s)"), "TRUE");
  EXPECT_EQ(value("s = dt"), "TRUE");
}

TEST_F(Operators, RemaindersOfWholeDecimalsHaveTheSecondsType) {
  EXPECT_EQ(type_of("CAST(7 AS DECIMAL(5, 0)) % CAST(4 AS DECIMAL(38, 0))"), "DECIMAL(38, 0)");
  EXPECT_EQ(type_of("CAST(7 AS DECIMAL(38, 0)) % CAST(4 AS TINYINT)"), "TINYINT");
  EXPECT_EQ(value("CAST(7 AS DECIMAL(38, 0)) % CAST(4 AS TINYINT)"), "3");
  EXPECT_EQ(type_of("MOD(7, CAST(4 AS DECIMAL(38, 0)))"), "DECIMAL(38, 0)");
  EXPECT_EQ(type_of("CAST(7 AS DECIMAL(10, 2)) % 4"), "DECIMAL(10, 2)");
}

TEST_F(Operators, ATextThatIsNoTimeEqualsNone) {
  table("t", {column("s", text()), column("dt", type(TypeKind::kDate)), column("ts", type(TypeKind::kTimestamp, 3))},
        "VALUES ('abc', DATE '2024-01-31', TIMESTAMP '2024-01-31 10:00:00')");
  EXPECT_EQ(value("s = dt"), "NULL");
  EXPECT_EQ(value("ts <> s"), "NULL");
  EXPECT_EQ(value("s IS DISTINCT FROM dt"), "TRUE");
  EXPECT_EQ(value("NULLIF(dt, s)"), "2024-01-31");
  EXPECT_NE(error("s < dt").find("CAST cannot read 'abc' as DATE"), std::string::npos);
  EXPECT_NE(error("dt = ts").find("cannot be compared"), std::string::npos);
}

TEST_F(Operators, TimesOfOtherPrecisionsAreComparedInAllYears) {
  table("t", {column("a", type(TypeKind::kTimestamp, 0)), column("b", type(TypeKind::kTimestamp, 9))},
        "VALUES (TIMESTAMP '0001-01-01', -1::HUGEINT), (TIMESTAMP '9999-12-31', 946684800000000000::HUGEINT), "
        "(TIMESTAMP '2000-01-01', 946684800000000000::HUGEINT)");
  EXPECT_EQ(value("a < b"), "TRUE|FALSE|FALSE");
  EXPECT_EQ(value("a = b"), "FALSE|FALSE|TRUE");
  EXPECT_EQ(value("a IS DISTINCT FROM b"), "TRUE|TRUE|FALSE");
  EXPECT_EQ(value("b BETWEEN a AND a"), "FALSE|FALSE|TRUE");
  EXPECT_EQ(value("CAST(COALESCE(a, b) AS STRING)"),
            "0001-01-01 00:00:00.000000000|9999-12-31 00:00:00.000000000|2000-01-01 00:00:00.000000000");
}

TEST_F(Operators, ZeroBelowZeroIsWhatFlinkMakesOfIt) {
  table("t", {column("d", type(TypeKind::kDouble)), column("f", type(TypeKind::kFloat))},
        "VALUES ('-0.0'::DOUBLE, '-0.0'::FLOAT), ('NaN'::DOUBLE, 1::FLOAT)");
  EXPECT_EQ(value("d + 0E0"), "-0.0|NaN");
  EXPECT_EQ(value("CAST(FALSE AS FLOAT) + f"), "-0.0|1.0");
  EXPECT_EQ(value("d + CAST('-0' AS DOUBLE) + 1E0"), "1.0|NaN");
  EXPECT_EQ(value("d IN (0E0, 1E0)"), "FALSE|FALSE");
  EXPECT_EQ(value("d IN (0E0)"), "TRUE|FALSE");
  EXPECT_EQ(value("d < CAST(0 AS DECIMAL(5, 2))"), "TRUE|FALSE");
  EXPECT_EQ(value("d >= CAST(0 AS DECIMAL(5, 2))"), "FALSE|TRUE");
  EXPECT_EQ(value("GREATEST(d, 0E0)"), "0.0|NaN");
  EXPECT_EQ(value("LEAST(d, 0E0)"), "-0.0|0.0");
  EXPECT_EQ(value("GREATEST(f, f)"), "-0.0|1.0");
}

TEST_F(Operators, WhatFlinkMaySeeOtherwiseIsWarnedOf) {
  table("t",
        {column("a", type(TypeKind::kInteger)), column("s", text()), column("m", type(TypeKind::kDecimal, 5, 2)),
         column("n", type(TypeKind::kDecimal, 9, 3)), column("z", type(TypeKind::kTimestamp, 9))},
        "VALUES (1, '2', 1::DECIMAL(5, 2), 2::DECIMAL(9, 3), 0::HUGEINT)");
  EXPECT_NE(warning("COALESCE(a, CAST(s AS INT))").find("COALESCE computes all its values in Flink"),
            std::string::npos);
  EXPECT_EQ(warning("COALESCE(CAST(s AS INT), a)"), "");
  EXPECT_EQ(warning("COALESCE(a, TRY_CAST(s AS INT))"), "");
  EXPECT_NE(warning("LEAST(a, CAST(s AS INT))").find("LEAST computes all its values"), std::string::npos);
  EXPECT_NE(warning("LEAST(CAST(s AS INT), a)").find("LEAST computes all its values"), std::string::npos);
  EXPECT_NE(warning("GREATEST(m, n)").find("CAST each to DECIMAL(9, 3)"), std::string::npos);
  EXPECT_EQ(warning("GREATEST(m, m)"), "");
  EXPECT_NE(warning("CAST(z AS TIMESTAMP(3))").find("below 10^3 nanoseconds"), std::string::npos);
  EXPECT_EQ(warning("CAST(z AS TIMESTAMP(7))"), "");
  EXPECT_NE(warning("CAST(z AS TIME)").find("before 1970"), std::string::npos);
}

TEST_F(Operators, ANegatedComparisonIsTurnedRound) {
  table("t", {column("d", type(TypeKind::kDouble))}, "VALUES ('NaN'::DOUBLE), (2), (NULL)");
  EXPECT_EQ(value("NOT (d > 1)"), "FALSE|FALSE|NULL");
  EXPECT_EQ(value("NOT d <= 1E0"), "FALSE|TRUE|NULL");
  EXPECT_EQ(value("d NOT BETWEEN 1 AND 5"), "FALSE|FALSE|NULL");
  EXPECT_EQ(value("NOT d = 1"), "TRUE|TRUE|NULL");
}

TEST_F(Operators, LikeEscapesAsFlinkDoes) {
  table("t", {column("s", text()), column("p", text())},
        R"(VALUES ('a_b', 'a\_b'), ('axb', '%x%'), ('a' || chr(10) || 'b', 'a_b'))");
  EXPECT_EQ(value(R"(s LIKE 'a\_b')"), "TRUE|FALSE|FALSE");
  EXPECT_EQ(value(R"(s LIKE 'a\%')"), "FALSE|FALSE|FALSE");  // no escape character where there is no _
  EXPECT_EQ(value("s LIKE 'a_b'"), "TRUE|TRUE|FALSE");
  EXPECT_EQ(value("s NOT LIKE 'a_b'"), "FALSE|FALSE|TRUE");
  EXPECT_EQ(value("s LIKE p"), "TRUE|TRUE|FALSE");
  EXPECT_EQ(value("s LIKE '%!_%' ESCAPE '!'"), "TRUE|FALSE|FALSE");
  EXPECT_EQ(value("s LIKE ''"), "TRUE|TRUE|TRUE");
  EXPECT_NE(error("s LIKE 'a!b' ESCAPE '!'").find("in front of something else"), std::string::npos);
  EXPECT_NE(error(R"(s LIKE (p || '\x'))").find("in front of something else"), std::string::npos);
}

TEST_F(Operators, LikeGoesByCharacters) {
  EXPECT_EQ(value("'😀b' LIKE '_b'"), "TRUE");
  EXPECT_EQ(value("'aab' LIKE '%a_'"), "TRUE");
  EXPECT_EQ(value("'abab' LIKE '%_b'"), "TRUE");
  EXPECT_EQ(value("'日本' LIKE '__%'"), "TRUE");
}

}  // namespace
}  // namespace rocketlink::planner
