#include "planner/planner_fixture.h"

namespace rocketlink::planner {
namespace {

class Queries : public PlannerTest {
 protected:
  Queries() {
    table("orders", {column("id", type(TypeKind::kInteger)), column("Name", text()), column("desc", text())},
          "VALUES (1, 'a', 'x'), (2, 'b', NULL), (3, NULL, 'z')");
  }
  std::vector<Column> two{column("x", type(TypeKind::kBigInt)), column("y", text())};
};

TEST_F(Queries, ANameBeforeNamesOfColumnsIsNoFunction) {
  table("t", {column("a", type(TypeKind::kInteger))}, "VALUES (1), (2)");
  const std::vector<Column> sink = {column("x", type(TypeKind::kInteger))};
  EXPECT_EQ(insert("SELECT q.b FROM (SELECT a FROM t) AS q(b) WHERE q.b > 1", sink), "2");
  EXPECT_EQ(insert("SELECT q.b FROM (SELECT a FROM t) q (b)", sink), "1|2");
  EXPECT_EQ(insert("SELECT q.b FROM t AS `q`(b)", sink), "1|2");
  EXPECT_EQ(insert("WITH q(b) AS (SELECT a FROM t), r (c) AS (SELECT ABS(b) FROM q) SELECT r.c FROM r", sink), "1|2");
}

TEST_F(Queries, ProjectAndFilter) {
  EXPECT_EQ(insert("SELECT id, Name FROM orders WHERE id > 1", two), "2,b|3,NULL");
  EXPECT_EQ(insert("SELECT o.id * 10 AS k, `desc` FROM orders AS o WHERE o.Name IS NOT NULL", two), "10,x|20,NULL");
  EXPECT_EQ(insert("select id, orders.Name from orders o2 where false", two).find("there is no table 'orders' here"),
            0U);
  EXPECT_EQ(insert("SELECT * FROM (SELECT id, `desc` FROM orders) AS s (a, b) WHERE a = 1", two), "1,x");
  EXPECT_EQ(insert("SELECT s.* FROM (SELECT id + 1 AS n, 'k' AS s FROM orders) s", two), "2,k|3,k|4,k");
  EXPECT_EQ(insert("WITH q AS (SELECT id, Name FROM orders), r AS (SELECT * FROM q WHERE id < 3) SELECT * FROM r", two),
            "1,a|2,b");
  EXPECT_EQ(insert("SELECT 1, 'a'", two), "1,a");
  EXPECT_EQ(insert("SELECT 1, NULL", two), "1,NULL");
  EXPECT_EQ(insert("SELECT 1, n FROM (SELECT NULL AS n) AS s", two), "1,NULL");
}

TEST_F(Queries, Values) {
  EXPECT_EQ(insert("VALUES (1, 'a'), (2, 'bcd'), (-3, NULL)", two), "1,a|2,bcd|-3,NULL");
  EXPECT_EQ(insert("VALUES (1, 'it''s; -- `x`')", two), "1,it's; -- `x`");
  EXPECT_EQ(insert("SELECT a, b FROM (VALUES (1, 'x'), (2, 'y')) AS v (a, b) WHERE a = 2", two), "2,y");
  EXPECT_NE(insert("VALUES (1, 'a'), ('x', 'b')", two).find("go not together"), std::string::npos);
}

TEST_F(Queries, ViewsAreReadLikeTables) {
  views["v"] = {"SELECT id AS k, Name FROM orders WHERE id <> 2", 100};
  EXPECT_EQ(insert("SELECT k, Name FROM v", two), "1,a|3,NULL");
  views["bad"] = {"SELECT nope FROM orders", 100};
  EXPECT_NE(query_error("SELECT nope FROM bad").find("unknown column 'nope'"), std::string::npos);
  EXPECT_EQ(error_offset, 107U);
  views["loop"] = {"SELECT * FROM loop", 0};
  EXPECT_NE(query_error("SELECT * FROM loop").find("more than 64 deep"), std::string::npos);
}

TEST_F(Queries, StateIsRefusedByName) {
  const auto refused = [&](const std::string& query, const std::string& what) {
    const std::string text = query_error(query);
    EXPECT_NE(text.find(what), std::string::npos) << text;
    EXPECT_NE(text.find("--flink"), std::string::npos) << text;
  };
  refused("SELECT DISTINCT Name FROM orders", "SELECT DISTINCT needs state over the stream");
  refused("SELECT Name FROM orders GROUP BY Name", "GROUP BY needs state");
  refused("SELECT COUNT(*) FROM orders", "COUNT is an aggregate, which needs state");
  refused("SELECT MAX(id) FROM orders", "MAX is an aggregate");
  refused("SELECT Name FROM orders ORDER BY id", "ORDER BY needs state");
  refused("SELECT Name FROM orders LIMIT 3", "LIMIT, OFFSET or FETCH needs state");
  refused("SELECT ROW_NUMBER() OVER (PARTITION BY Name ORDER BY id) FROM orders", "OVER needs state");
  refused("SELECT o.Name FROM orders o JOIN orders p ON o.id = p.id", "a join needs state");
  refused("SELECT o.Name FROM orders o, orders p", "a join needs state");
  refused("SELECT Name FROM orders UNION SELECT Name FROM orders", "UNION of two queries needs state");
  refused("SELECT Name FROM orders UNION ALL SELECT Name FROM orders", "UNION ALL is not done");
  refused("SELECT Name FROM orders WHERE id IN (SELECT 1)", "a query inside an expression");
  refused("SELECT Name FROM orders WHERE Name SIMILAR TO 'a'", "SIMILAR TO is not done by the native runner");
}

TEST_F(Queries, WhatNeedsStateIsPointedAt) {
  const auto place = [&](std::string query) {
    const std::size_t mark = query.find('^');
    query.erase(mark, 1);
    (void)query_error(query);
    return std::pair(error_offset, mark);
  };
  for (const char* const query :
       {"SELECT ^DISTINCT Name FROM orders", "SELECT Name\nFROM orders\n^GROUP BY Name",
        "SELECT `GROUP` FROM (SELECT Name AS `GROUP` FROM orders ^group by Name)",
        "SELECT Name FROM orders ^HAVING id > 1", "SELECT Name FROM orders\n^ORDER BY id",
        "SELECT Name FROM orders ^LIMIT 3", "SELECT Name FROM orders\n^UNION\nSELECT Name FROM orders",
        "SELECT Name FROM orders\n^UNION ALL\nSELECT Name FROM orders",
        "SELECT Name FROM orders ^EXCEPT SELECT Name FROM orders"}) {
    const auto [found, wanted] = place(query);
    EXPECT_EQ(found, wanted) << query;
  }
}

TEST_F(Queries, SlipsAreCalledByName) {
  const auto slip = [&](std::string query, const std::string& what) {
    const std::size_t mark = query.find('^');
    query.erase(mark, 1);
    EXPECT_EQ(query_error(query), what) << query;
    EXPECT_EQ(error_offset, mark) << query;
  };
  slip("SELECT Name FROM orders\n^INSERT INTO out SELECT Name FROM orders",
       "INSERT begins another statement: ';' is missing before it");
  slip("SELECT Name FROM orders WHERE id = 1 ^CREATE TABLE t (a INT)",
       "CREATE begins another statement: ';' is missing before it");
  slip("SELECT id, ^order FROM orders", "'order' is a word of SQL; as a name it stands in backquotes: `order`");
  slip("SELECT Name FROM orders WHERE ^group = 1",
       "'group' is a word of SQL; as a name it stands in backquotes: `group`");
  slip("SELECT UPPER(^table) FROM orders", "'table' is a word of SQL; as a name it stands in backquotes: `table`");
  slip("SELECT Name FROM ^TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE))",
       "TABLE(TUMBLE…) needs state over the stream, which the native runner does not keep; Flink does it: run the same "
       "script with --flink");
  slip(
      "SELECT a.id FROM orders AS a JOIN orders ^FOR SYSTEM_TIME AS OF a.proctime AS b ON a.id = b.id",
      "a join FOR SYSTEM_TIME AS OF is not done by the native runner; Flink does it: run the same script with --flink");
  slip("SELECT Name FROM orders WHERE Name ^ILIKE 'x%'", "Flink has no ILIKE; write LOWER(text) LIKE 'pattern'");
  slip("SELECT CASE WHEN id = 1 THEN 2^, Name FROM orders",
       "',' is not expected here: the CASE before it has no END yet");
  slip("SELECT id, Name^, FROM orders", "',' has nothing behind it: remove it, or write what is missing");
  slip("SELECT UPPER(Name^,) FROM orders", "',' has nothing behind it: remove it, or write what is missing");
  slip("SELECT Name^::int FROM orders", "'::' is no operator of Flink; write CAST(value AS type)");
}

TEST_F(Queries, OfAnUnknownFunctionNobodySaysThatFlinkHasIt) {
  EXPECT_EQ(
      query_error("SELECT SOUNDEX(Name) FROM orders"),
      "function 'SOUNDEX' is not done by the native runner; docs/sql.md has those that are; where Flink has it, run "
      "the script with --flink");
  EXPECT_EQ(
      query_error("SELECT UPER(Name) FROM orders"),
      "function 'UPER' is not done by the native runner; did you mean 'UPPER'?; where Flink has it, run the script "
      "with --flink");
}

TEST_F(Queries, NumbersBeyondADoubleAreRefused) {
  EXPECT_EQ(query_error("SELECT Name FROM orders WHERE 1E400 > 1"), "the number 1E400 is too large for a DOUBLE");
  EXPECT_EQ(error_offset, 30U);
  const std::string digits(310, '9');
  EXPECT_EQ(query_error("SELECT " + digits), "the number " + digits + " is too large for a DOUBLE");
}

TEST_F(Queries, ErrorsPointToTheirToken) {
  EXPECT_EQ(query_error("SELECT naem FROM orders"), "unknown column 'naem'; did you mean 'Name'?");
  EXPECT_EQ(error_offset, 7U);
  EXPECT_EQ(query_error("SELECT `Name`, 1 FROM ordres"),
            "unknown table 'ordres'; did you mean 'orders'?; it must be created before (names are case-sensitive)");
  EXPECT_EQ(error_offset, 22U);
  EXPECT_EQ(query_error("SELECT Name FROM orders WHERE 1"),
            "the condition after WHERE must be BOOLEAN, not INT NOT NULL; compare it with something");
  EXPECT_EQ(error_offset, 30U);
  EXPECT_EQ(query_error("SELECT Name FROM orders WHERE id id"),
            "'id' is not expected here; where Flink takes it, run the script with --flink");
  EXPECT_EQ(error_offset, 33U);
  EXPECT_EQ(query_error("SELECT Name FROM"), "the query ends too early: something is missing behind this place");
  EXPECT_NE(query_error("SELECT \"Name\" FROM orders").find("an identifier in backquotes"), std::string::npos);
  EXPECT_EQ(error_offset, 7U);
  EXPECT_EQ(query_error("SELECT 'abc FROM orders"), "the string that begins here is not closed");
  EXPECT_EQ(query_error("SELECT id == 1 FROM orders"), "'==' is no operator of SQL; equality is '='");
  EXPECT_EQ(query_error("SELECT UPPER(id) FROM orders"), "UPPER cannot be called with (INT); it is UPPER(text)");
  EXPECT_EQ(error_offset, 7U);
  EXPECT_NE(query_error("SELECT id:INT FROM orders").find("':' cannot stand here"), std::string::npos);
  EXPECT_NE(query_error("").find("a query is expected"), std::string::npos);
}

TEST_F(Queries, SinksTakeWhatFlinkCastsUnasked) {
  EXPECT_EQ(insert("SELECT id + 0E0, Name FROM orders WHERE id = 1",
                   {column("a", type(TypeKind::kDouble)), column("b", type(TypeKind::kChar, 3))}),
            "1.0,a  ");
  EXPECT_EQ(insert("SELECT 'abcdef'", {column("a", type(TypeKind::kVarchar, 3))}), "abc");
  EXPECT_EQ(insert("SELECT 1.005", {column("a", type(TypeKind::kDecimal, 5, 2))}), "1.01");
  EXPECT_EQ(insert("SELECT TIMESTAMP '2024-01-01 00:00:00.123'", {column("a", type(TypeKind::kTimestamp, 9))}),
            "1704067200123000000");
  const std::string refused = insert("SELECT id, Name FROM orders",
                                     {column("a", type(TypeKind::kInteger)), column("b", type(TypeKind::kInteger))});
  EXPECT_EQ(
      refused,
      "column 'b' of table 'sink' is INT, but the query gives VARCHAR for it (column 2); CAST it: CAST(… AS INT)\n"
      "  Query schema: [id: INT, Name: VARCHAR]\n  Sink schema:  [a: INT, b: INT]");
  EXPECT_EQ(
      insert("SELECT id FROM orders", two),
      "the query gives 1 column(s), table 'sink' takes 2; name those that it gives, INSERT INTO sink (…), or add the "
      "others\n  Query schema: [id: INT]\n  Sink schema:  [x: BIGINT, y: "
      "VARCHAR]");
  EXPECT_NE(insert("SELECT CAST(1 AS BIGINT)", {column("a", type(TypeKind::kInteger))}).find("CAST(… AS INT)"),
            std::string::npos);
}

TEST_F(Queries, ColumnListsOrderAndLeaveOut) {
  EXPECT_EQ(insert("SELECT Name, id FROM orders WHERE id = 1", two, {"y", "x"}), "1,a");
  EXPECT_EQ(insert("SELECT Name FROM orders WHERE id = 1", two, {"y"}), "NULL,a");
  EXPECT_NE(insert("SELECT Name FROM orders", two, {"yy"}).find("has no column 'yy'; did you mean 'y'?"),
            std::string::npos);
  std::vector<Column> strict = two;
  strict[0].type.nullable = false;
  EXPECT_EQ(insert("SELECT Name FROM orders", strict, {"y"}),
            "column 'x' of table 'sink' is NOT NULL, so INSERT INTO must give it a value");
  std::vector<Column> with_virtual = two;
  with_virtual[0].is_virtual = true;
  EXPECT_NE(insert("SELECT 1, 'a'", with_virtual, {"x", "y"}).find("is VIRTUAL and cannot be written"),
            std::string::npos);
}

TEST_F(Queries, NullForANotNullColumnIsLeftToTheWriter) {
  std::vector<Column> sink{column("y", text())};
  sink[0].type.nullable = false;
  EXPECT_EQ(insert("SELECT Name FROM orders", sink), "a|b|NULL");
}

}  // namespace
}  // namespace rocketlink::planner
