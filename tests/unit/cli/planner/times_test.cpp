#include "planner/planner_fixture.h"

namespace rocketlink::planner {
namespace {

class Times : public PlannerTest {};

TEST_F(Times, AreFormatted) {
  EXPECT_EQ(value("DATE_FORMAT(TIMESTAMP '2024-01-05 13:04:05.678', 'yyyy/MM/dd HH:mm:ss.SSS')"),
            "2024/01/05 13:04:05.678");
  EXPECT_EQ(value("DATE_FORMAT(TIMESTAMP '2024-01-05 13:04:05', 'yy-M-d h:m:s a')"), "24-1-5 1:4:5 PM");
  EXPECT_EQ(value("DATE_FORMAT(TIMESTAMP '2024-01-05 00:04:05', 'EEE, d MMM yyyy ''at'' kk K')"),
            "Fri, 5 Jan 2024 at 24 0");
  EXPECT_EQ(value("DATE_FORMAT(DATE '2024-12-31', 'EEEE MMMM D')"), "Tuesday December 366");
  EXPECT_EQ(value("DATE_FORMAT('2024-01-05 13:04:05', 'yyyyMMdd')"), "20240105");
  EXPECT_EQ(value("DATE_FORMAT('nonsense', 'yyyyMMdd')"), "NULL");
  EXPECT_EQ(value("FROM_UNIXTIME(1704459845)"), "2024-01-05 13:04:05");
  EXPECT_EQ(value("FROM_UNIXTIME(1704459845, 'yyyy')"), "2024");
  EXPECT_NE(error("DATE_FORMAT(TIMESTAMP '2024-01-05 13:04:05', 'YYYY')").find("the year is y"), std::string::npos);
  EXPECT_NE(error("DATE_FORMAT(TIMESTAMP '2024-01-05 13:04:05', 'yyyy''')").find("a quote that is not closed"),
            std::string::npos);
}

TEST_F(Times, AreRead) {
  EXPECT_EQ(value("TO_TIMESTAMP('2024-01-05 13:04:05.6789')"), "2024-01-05 13:04:05.678");
  EXPECT_EQ(value("TO_TIMESTAMP('2024-1-5')"), "2024-01-05 00:00:00.000");
  EXPECT_EQ(value("TO_TIMESTAMP('x')"), "NULL");
  EXPECT_EQ(value("TO_TIMESTAMP('05/01/2024 13:04', 'dd/MM/yyyy HH:mm')"), "2024-01-05 13:04:00.000");
  EXPECT_EQ(value("TO_TIMESTAMP('20240105130405', 'yyyyMMddHHmmss')"), "2024-01-05 13:04:05.000");
  EXPECT_EQ(value("TO_TIMESTAMP('2024-01-05T13:04:05', 'yyyy-MM-dd''T''HH:mm:ss')"), "2024-01-05 13:04:05.000");
  EXPECT_EQ(value("TO_TIMESTAMP('01:30 PM', 'hh:mm a')"), "1970-01-01 13:30:00.000");
  EXPECT_EQ(value("TO_TIMESTAMP('2024-01-05 13:04:05', 'yyyy')"), "2024-01-05 13:04:05.000");  // Flink falls back
  EXPECT_EQ(value("TO_TIMESTAMP('5 Jan 24', 'd MMM yy')"), "2024-01-05 00:00:00.000");
  EXPECT_EQ(value("TO_TIMESTAMP('2024-01-05 25:00', 'yyyy-MM-dd HH:mm')"), "NULL");
  EXPECT_EQ(value("TO_DATE('2024-02-29')"), "2024-02-29");
  EXPECT_EQ(value("TO_DATE('2024-02-30')"), "NULL");
  EXPECT_EQ(value("TO_DATE('29.02.2024', 'dd.MM.yyyy')"), "2024-02-29");
  EXPECT_EQ(value("UNIX_TIMESTAMP('1970-01-02 00:00:00')"), "86400");
  EXPECT_EQ(value("UNIX_TIMESTAMP('02/01/1970', 'dd/MM/yyyy')"), "86400");
  EXPECT_EQ(value("UNIX_TIMESTAMP('x')"), "-9223372036854775808");
  EXPECT_EQ(value("TO_TIMESTAMP_LTZ(1704459845678, 3)"), "2024-01-05 13:04:05.678");
  EXPECT_EQ(value("TO_TIMESTAMP_LTZ(1.5E0, 0)"), "1970-01-01 00:00:01.500");
  EXPECT_EQ(value("TO_TIMESTAMP_LTZ(253402300800, 0)"), "NULL");
  EXPECT_NE(error("TO_TIMESTAMP_LTZ(1, 6)").find("takes 0 (epoch seconds) or 3"), std::string::npos);
}

TEST_F(Times, HaveParts) {
  EXPECT_EQ(value("EXTRACT(YEAR FROM TIMESTAMP '2024-11-05 13:04:59')"), "2024");
  EXPECT_EQ(value("EXTRACT(QUARTER FROM DATE '2024-11-05')"), "4");
  EXPECT_EQ(value("EXTRACT(WEEK FROM DATE '2021-01-03')"), "53");
  EXPECT_EQ(value("EXTRACT(DOY FROM DATE '2024-03-01')"), "61");
  EXPECT_EQ(value("EXTRACT(DOW FROM DATE '2024-01-07')"), "1");
  EXPECT_EQ(value("DAYOFWEEK(DATE '2024-01-06')"), "7");
  EXPECT_EQ(value("DAYOFMONTH(DATE '2024-01-06')"), "6");
  EXPECT_EQ(value("SECOND(TIMESTAMP '2024-11-05 13:04:59')"), "59");
  EXPECT_EQ(value("MINUTE(TIME '13:04:59')"), "4");
  EXPECT_EQ(value("YEAR(DATE '1969-12-31')"), "1969");
  EXPECT_NE(error("EXTRACT(CENTURY FROM DATE '2024-01-01')").find("the unit CENTURY of EXTRACT is not done"),
            std::string::npos);
}

TEST_F(Times, AreCalculatedWith) {
  EXPECT_EQ(value("TIMESTAMP '2024-01-31 10:00:00' + INTERVAL '1' MONTH"), "2024-02-29 10:00:00");
  EXPECT_EQ(value("DATE '2024-03-31' - INTERVAL '1' MONTH"), "2024-02-29");
  EXPECT_EQ(value("DATE '2024-01-01' + INTERVAL '1' DAY"), "2024-01-02");
  EXPECT_EQ(value("TIMESTAMP '2024-01-01 00:00:00' - INTERVAL '1' SECOND"), "2023-12-31 23:59:59");
  EXPECT_EQ(value("INTERVAL '1 02:03:04' DAY TO SECOND + TIMESTAMP '2024-01-01 00:00:00'"), "2024-01-02 02:03:04");
  EXPECT_EQ(value("TIMESTAMP '2024-01-01 00:00:00.000' + INTERVAL '-0.5' SECOND"), "2023-12-31 23:59:59.500");
  EXPECT_EQ(value("DATE '2024-01-01' + INTERVAL '1-2' YEAR TO MONTH"), "2025-03-01");
  EXPECT_EQ(value("TIME '23:30:00' + INTERVAL '1' HOUR"), "00:30:00");
  EXPECT_EQ(value("TIMESTAMPADD(WEEK, 1, DATE '2024-01-01')"), "2024-01-08");
  EXPECT_EQ(value("TIMESTAMPADD(QUARTER, -1, TIMESTAMP '2024-01-01 00:00:00')"), "2023-10-01 00:00:00");
  EXPECT_EQ(value("TIMESTAMPDIFF(DAY, TIMESTAMP '2024-01-01 12:00:00', TIMESTAMP '2024-01-03 11:00:00')"), "1");
  EXPECT_EQ(value("TIMESTAMPDIFF(MONTH, DATE '2024-01-31', DATE '2024-02-29')"), "1");
  EXPECT_EQ(value("TIMESTAMPDIFF(HOUR, TIMESTAMP '2024-01-01 12:00:00', TIMESTAMP '2024-01-01 10:30:00')"), "-1");
  EXPECT_EQ(value("FLOOR(TIMESTAMP '2024-05-15 13:04:59' TO MONTH)"), "2024-05-01 00:00:00");
  EXPECT_EQ(value("FLOOR(TIMESTAMP '2024-05-15 13:04:59' TO MINUTE)"), "2024-05-15 13:04:00");
  EXPECT_EQ(value("FLOOR(DATE '2024-05-15' TO WEEK)"), "2024-05-12");
  EXPECT_EQ(value("CEIL(TIMESTAMP '2024-05-15 13:04:59' TO HOUR)"), "2024-05-15 14:00:00");
  EXPECT_EQ(value("CEIL(TIMESTAMP '2024-05-15 13:04:59' TO MONTH)"), "2024-06-01 00:00:00");
  EXPECT_EQ(value("CEIL(TIMESTAMP '2024-05-01 13:04:59' TO MONTH)"), "2024-05-01 00:00:00");
  EXPECT_EQ(value("DATE '2024-01-01' = '2024-01-01'"), "TRUE");
  EXPECT_EQ(value("CAST('2024-01-31 00:00:00.123456789' AS TIMESTAMP(9)) + INTERVAL '1' MONTH"),
            "2024-02-29 00:00:00.123456789");
  EXPECT_NE(error("TIMESTAMPADD(YEAR, 300000, DATE '2024-01-01')").find("290000 years"), std::string::npos);
  EXPECT_EQ(value("CAST(CAST('3000-01-01' AS TIMESTAMP(9)) AS STRING)"), "3000-01-01 00:00:00.000000000");
  EXPECT_NE(error("DATE '2024-01-02' - DATE '2024-01-01'").find("TIMESTAMPDIFF"), std::string::npos);
  EXPECT_NE(error("DATE '2024-01-02' + INTERVAL '1x' DAY").find("is no interval"), std::string::npos);
}

TEST_F(Times, ADateThatFollowsNoPatternIsFlinks) {
  table("t", {column("s", text())}, "VALUES ('2024-01-31'), ('abc'), ('')");
  EXPECT_EQ(value("TO_DATE(s, 'yyyy-MM-dd')"),
            "2024-01-31|5471-09-27|5471-09-27");  // of the year's digits the last four
  EXPECT_NE(error("TO_DATE('abc', 'yyyy-MM-dd')").find("'abc' does not follow the pattern"), std::string::npos);
  EXPECT_EQ(value("TO_DATE(s)"), "2024-01-31|NULL|NULL");
  EXPECT_NE(error("TO_DATE('20240131123456')").find("TO_DATE cannot read"), std::string::npos);
  EXPECT_EQ(value("UNIX_TIMESTAMP('-1', 'M')"), "-5270400|-5270400|-5270400");  // 1969-11-01
}

TEST_F(Times, ATimeKeepsFewNanoseconds) {
  EXPECT_EQ(value("CAST(CAST('2024-01-31 00:00:00.000000123' AS TIMESTAMP(9)) AS TIMESTAMP(8))"),
            "2024-01-31 00:00:00.00000012");
  EXPECT_EQ(value("CAST(CAST(CAST('2024-01-31 00:00:00.000000123' AS TIMESTAMP(9)) AS TIMESTAMP(8)) AS TIMESTAMP(9))"),
            "2024-01-31 00:00:00.000000123");
  EXPECT_EQ(insert("SELECT TIME '00:00:00' - INTERVAL '1.5' SECOND", {column("a", type(TypeKind::kTime, 3))}),
            "23:59:58");
  EXPECT_NE(error("DATE '2024-01-31' = 'x'").find("'x' is no DATE"), std::string::npos);
}

TEST_F(Times, NowIsNow) {
  EXPECT_EQ(value("UNIX_TIMESTAMP() > 1700000000"), "TRUE");
  EXPECT_EQ(value("CURRENT_TIMESTAMP >= TO_TIMESTAMP_LTZ(UNIX_TIMESTAMP() - 5, 0)"), "TRUE");
  EXPECT_EQ(value("CAST(LOCALTIMESTAMP AS DATE) >= CURRENT_DATE - INTERVAL '1' DAY"), "TRUE");
  EXPECT_EQ(type_of("NOW()"), "TIMESTAMP_LTZ(3) NOT NULL");
  EXPECT_EQ(type_of("PROCTIME()"), "TIMESTAMP_LTZ(3) NOT NULL");
  EXPECT_EQ(type_of("LOCALTIMESTAMP"), "TIMESTAMP(3) NOT NULL");
  EXPECT_EQ(type_of("CURRENT_TIME"), "TIME(0) NOT NULL");
}

TEST_F(Times, PartsBefore1970AreCutTowardsIt) {
  EXPECT_EQ(value("YEAR(TIMESTAMP '1969-12-31 23:59:59')"), "1970");
  EXPECT_EQ(value("EXTRACT(HOUR FROM TIMESTAMP '1969-12-31 19:00:00')"), "-5");
  EXPECT_EQ(value("EXTRACT(SECOND FROM TIMESTAMP '1969-12-31 23:59:59.999')"), "0");
  EXPECT_EQ(value("YEAR(DATE '1969-12-31')"), "1969");
  EXPECT_EQ(value("FLOOR(TIMESTAMP '1969-12-31 23:59:59' TO MONTH)"), "1970-01-01 00:00:00");
  EXPECT_EQ(value("FLOOR(TIMESTAMP '1969-12-31 23:59:59' TO DAY)"), "1969-12-31 00:00:00");
}

TEST_F(Times, UnitsOfOldDaysAreJulian) {
  EXPECT_EQ(value("FLOOR(DATE '0001-01-01' TO DAY)"), "0001-01-03");
  EXPECT_EQ(value("FLOOR(DATE '1582-10-04' TO MONTH)"), "1582-09-01");
  EXPECT_EQ(value("CEIL(DATE '1970-01-01' TO DAY)"), "1970-01-02");
  EXPECT_EQ(value("CEIL(DATE '2024-01-01' TO YEAR)"), "2024-01-01");
  EXPECT_EQ(value("CEIL(DATE '2024-12-02' TO MONTH)"), "2025-01-01");
  EXPECT_EQ(value("CEIL(DATE '2024-11-02' TO QUARTER)"), "2025-01-01");
  EXPECT_EQ(value("FLOOR(DATE '2024-01-31' TO WEEK)"), "2024-01-28");
  EXPECT_EQ(value("CEIL(DATE '2024-01-31' TO WEEK)"), "2024-02-04");
}

TEST_F(Times, MayBeCalculatedPast9999) {
  EXPECT_EQ(value("YEAR(TIMESTAMP '9999-12-31 23:59:59' + INTERVAL '1' DAY)"), "10000");
  EXPECT_EQ(value("TIMESTAMPADD(YEAR, 30000, TIMESTAMP '9999-01-31 00:00:00') > TIMESTAMP '9999-12-31 00:00:00'"),
            "TRUE");
  EXPECT_EQ(value("YEAR(TIMESTAMPADD(YEAR, 30000, DATE '9999-01-31'))"), "39999");
  EXPECT_EQ(value("CAST(DATE '9999-12-31' + INTERVAL '1' DAY AS STRING)"), "0000-01-01");
  EXPECT_EQ(value("FROM_UNIXTIME(253402300800)"), "10000-01-01 00:00:00");
  EXPECT_EQ(value("FROM_UNIXTIME(4611686018427387904)"), "1970-01-01 00:00:00");
  EXPECT_EQ(value("FROM_UNIXTIME(-12219292801)"), "1582-10-04 23:59:59");
  EXPECT_NE(error("TIMESTAMPADD(YEAR, 300000, TIMESTAMP '2024-01-31 00:00:00')").find("290000 years"),
            std::string::npos);
  EXPECT_EQ(value("DATE '2024-02-29' + INTERVAL '25' HOUR"), "2024-03-01");
  EXPECT_EQ(value("TIMESTAMPADD(HOUR, 25, DATE '2024-02-29')"), "2024-03-01 01:00:00.000000");
  EXPECT_NE(error("DATE '2024-02-29' + INTERVAL '1' WEEK").find("write INTERVAL '7' DAY"), std::string::npos);
  EXPECT_NE(error("TIMESTAMP '2024-02-30 00:00:00'").find("is no TIMESTAMP"), std::string::npos);
}

TEST_F(Times, AnIntervalsNumberHasTwoDigitsUnlessTold) {
  EXPECT_NE(error("DATE '2024-01-31' + INTERVAL '100' DAY").find("write INTERVAL '100' DAY(3)"), std::string::npos);
  EXPECT_EQ(value("DATE '2024-01-31' + INTERVAL '100' DAY(3)"), "2024-05-10");
  EXPECT_EQ(value("DATE '2024-01-31' + INTERVAL '010' DAY"), "2024-02-10");
  EXPECT_NE(error("DATE '2024-01-31' + INTERVAL '-100-1' YEAR TO MONTH").find("YEAR(3) TO MONTH"), std::string::npos);
  EXPECT_EQ(value("TIMESTAMP '2024-01-31 00:00:00' + INTERVAL '0.123456' SECOND"), "2024-01-31 00:00:00");
}

TEST_F(Times, WithoutThePatternAreReadAsJavaSqlReadsThem) {
  EXPECT_EQ(value("TO_TIMESTAMP('2023-02-29', 'D')"), "2023-03-01 00:00:00.000");
  EXPECT_EQ(value("TO_TIMESTAMP('0000-01-01', 'yyyy-MM-dd')"), "0001-01-01 00:00:00.000");
  EXPECT_EQ(value("TO_TIMESTAMP('0000-01-01')"), "NULL");
}

class InstantsOfNewYork : public PlannerTest {
 protected:
  InstantsOfNewYork() : PlannerTest("America/New_York") {
    table("t", {column("z", type(TypeKind::kTimestampLtz, 3))},
          "VALUES (TIMESTAMP '2024-11-03 06:30:00'), (TIMESTAMP '2024-11-03 05:30:00')");
  }
};

TEST_F(InstantsOfNewYork, UnitsKeepTheOffsetOfTheTime) {
  EXPECT_EQ(value("UNIX_TIMESTAMP(CAST(FLOOR(z TO HOUR) AS STRING))"), "1730613600|1730613600");
  EXPECT_EQ(value("TIMESTAMPDIFF(HOUR, FLOOR(z TO DAY), z)"), "1|1");
  EXPECT_EQ(value("TIMESTAMPDIFF(MINUTE, FLOOR(z TO SECOND), z)"), "0|0");
  EXPECT_EQ(value("TIMESTAMPDIFF(HOUR, TO_TIMESTAMP_LTZ(1730606400, 0), z)"), "2|1");
  EXPECT_EQ(value("EXTRACT(HOUR FROM z)"), "1|1");
  EXPECT_NE(error("TIMESTAMPDIFF(HOUR, z, LOCALTIMESTAMP)").find("two TIMESTAMP_LTZ or none"), std::string::npos);
}

TEST_F(InstantsOfNewYork, OfTwoInstantsUnixTimestampTakesTheLater) {
  EXPECT_EQ(value("UNIX_TIMESTAMP('2024-11-03 01:30:00')"), "1730615400|1730615400");
  EXPECT_EQ(value("UNIX_TIMESTAMP('2024-03-10 02:30:00')"), "1710055800|1710055800");
  EXPECT_EQ(value("UNIX_TIMESTAMP('2024-11-03 02:30:00')"), "1730619000|1730619000");
  EXPECT_EQ(value("FROM_UNIXTIME(-3000000000)"), "1874-12-07 13:40:00|1874-12-07 13:40:00");
}

TEST_F(InstantsOfNewYork, MonthsAreAddedToAnInstantsDateInUtc) {
  EXPECT_EQ(value("TIMESTAMPDIFF(DAY, z, z + INTERVAL '1' MONTH)"), "30|30");
  EXPECT_EQ(value("TIMESTAMPDIFF(DAY, z - INTERVAL '1-6' YEAR TO MONTH, z)"), "550|550");
}

TEST_F(InstantsOfNewYork, OfTwoTimesIfHasTheFirstsType) {
  EXPECT_EQ(type_of("IF(TRUE, CAST(z AS TIMESTAMP(0)), LOCALTIMESTAMP)"), "TIMESTAMP(0)");
  EXPECT_EQ(type_of("CASE WHEN TRUE THEN LOCALTIMESTAMP ELSE z END"), "TIMESTAMP(3)");
  EXPECT_EQ(type_of("COALESCE(LOCALTIMESTAMP, z)"), "TIMESTAMP_LTZ(3) NOT NULL");
  EXPECT_NE(error("IF(TRUE, z, CAST(z AS TIMESTAMP_LTZ(9)))").find("IF of TIMESTAMP_LTZ(3)"), std::string::npos);
  EXPECT_NE(error("GREATEST(LOCALTIMESTAMP, z)").find("TIMESTAMP or TIMESTAMP_LTZ, not both"), std::string::npos);
}

}  // namespace
}  // namespace rocketlink::planner
