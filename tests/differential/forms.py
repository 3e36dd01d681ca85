"""Scripts of tables, views, queries and literals in many forms: which engine takes which. A script is a list of statements; {SOURCE} and {SINK}
stand for the options of a connector that each engine has (OPTIONS)."""
import random

OPTIONS = {
    "native": {"SOURCE": "'connector' = 'mq5', 'endpoint' = 'localhost:9', 'topic' = 'x', 'consumerGroup' = 'g'", "SINK": "'connector' = 'blackhole'"},
    "flink": {"SOURCE": "'connector' = 'datagen'", "SINK": "'connector' = 'blackhole'"},
}
TABLE = "CREATE TABLE t (a INT, b STRING, c DECIMAL(10, 2), d DOUBLE, e TIMESTAMP(3), f DATE, g BOOLEAN, h BIGINT NOT NULL, i BYTES, j TIME) WITH ({SOURCE})"
WORDS = """a A _a $a a1 ä aé 日 `a b` `a.b` `a``b` `select` `value` `1` `` 1a a-b a.b "a" 'a' ａ
abs action ada add all alter and any array as asc at attribute avg begin between bigint binary blob body boolean both by bytes call cardinality
case cast catalog ceil char character check class clob close code collect column comment commit condition connector constraint content convert
count create cross cube current current_date current_time current_timestamp cursor cycle data database databases date day db deallocate dec decimal declare default
delete delivery desc describe deterministic distinct double drop each element else end equals error escape event every except exec execute exists explain
extend extract false fetch filter first float floor for foreign format free from full function fusion get global grant group grouping
groups having height hold host hour id identity if import in indicator inner inout insert int integer intersect interval into is item join json key keys label language
large last lateral leading left length level like limit ln local localtime lower map match max member merge message metadata method min minute mod model modify module
money month multiset name names national natural nclob next no none normalize not ns null nullif number numeric object octet_length of offset old on one only open
option or order ordinal out outer over overlaps overlay parameter partition password path pattern percent period plan portion position power precedes precision prepare prev price
primary procedure product properties quantity queue range rank raw read reads real record ref references region release reset result return returns revoke right rollback row
rows sample scope scroll search second select sensitive session set sets show similar size smallint some source specific sql start state static status statement stream
string sub submultiset subset substring succeeds sum symmetric system table tables tag tags text then time timestamp timestamp_ltz timezone_hour tinyint to topic trailing translate
treat trigger trim true truncate type uescape under union unique unknown update upper upsert usage use user using uuid value values var varbinary varchar varying
version versioning view views virtual watermark week when whenever where width window with within without work wrapper x year zone""".split()
TYPES = """INT|INTEGER|BIGINT|SMALLINT|TINYINT|DECIMAL|DECIMAL(10)|DECIMAL(10, 2)|DEC(10, 2)|NUMERIC|NUMERIC(38, 38)|DECIMAL(39, 0)|DECIMAL(0, 0)|DECIMAL(10, 11)|FLOAT|DOUBLE
DOUBLE PRECISION|REAL|BOOLEAN|BOOL|CHAR|CHAR(3)|CHAR(0)|CHARACTER(3)|CHARACTER VARYING(3)|CHAR VARYING(3)|VARCHAR|VARCHAR(3)|VARCHAR(0)|STRING|STRING(3)|TEXT|BINARY|BINARY(3)
BINARY VARYING(3)|VARBINARY|VARBINARY(3)|BYTES|BLOB|DATE|TIME|TIME(0)|TIME(3)|TIME(9)|TIME WITHOUT TIME ZONE|TIMESTAMP|TIMESTAMP(0)|TIMESTAMP(3)|TIMESTAMP(9)|TIMESTAMP(10)
TIMESTAMP WITHOUT TIME ZONE|TIMESTAMP(3) WITHOUT TIME ZONE|TIMESTAMP WITH LOCAL TIME ZONE|TIMESTAMP(3) WITH LOCAL TIME ZONE|TIMESTAMP_LTZ|TIMESTAMP_LTZ(3)|TIMESTAMP_LTZ(10)|DATETIME
INT NULL|INT NOT NULL|STRING NOT NULL|INT(3)|BIGINT UNSIGNED|LONG|DATE(3)|int|Int|varchar( 3 )|DECIMAL( 10 , 2 )""".replace("\n", "|").split("|")
LITERALS = """1|-1|+1|- 1|--1|1.|.5|1.5|1.5e3|1e3|1E3|1E+3|1E-3|1e|0x10|1_000|1L|2147483648|9223372036854775807|9223372036854775808|-9223372036854775808|12345678901234567890.5|1e400|'a'|'it''s'|"a"
'a' 'b'|U&'a'|U&'\\0041'|N'a'|_utf8'a'|x'61'|X'61'|x'6'|x'zz'|b'1'|e'a\\n'|TRUE|true|UNKNOWN|NULL|CAST(NULL AS INT)|DATE '2024-01-31'|DATE '2024-1-5'|DATE '2024-02-30'|DATE '2024-01-31 10:00:00'|DATE('2024-01-31')
date '2024-01-31'|TIME '10:00:00'|TIME '10:00'|TIME '24:00:00'|TIME '10:00:00.123'|TIME '10:00:00.1234'|TIMESTAMP '2024-01-31 10:00:00'|TIMESTAMP '2024-01-31'|TIMESTAMP '2024-01-31T10:00:00'|TIMESTAMP '2024-01-31 10:00'
TIMESTAMP '2024-01-31 10:00:00.123456789'|TIMESTAMP '2024-02-30 10:00:00'|TIMESTAMP '2024-01-31 10:00:00Z'|TIMESTAMP WITH TIME ZONE '2024-01-31 10:00:00'|e + INTERVAL '1' DAY|e + INTERVAL 1 DAY|e + INTERVAL '1' DAYS
e + INTERVAL '100' DAY|e + INTERVAL '100' DAY(3)|e + INTERVAL '1:30' HOUR TO MINUTE|e + INTERVAL '1:90' HOUR TO MINUTE|e + INTERVAL '1 2' DAY TO HOUR|e + INTERVAL '1-6' YEAR TO MONTH|e + INTERVAL '1-13' YEAR TO MONTH
e + INTERVAL '1.5' SECOND|e + INTERVAL '-1' DAY|e + INTERVAL -'1' DAY|e - INTERVAL '1' MONTH|INTERVAL '1' DAY + e|f + INTERVAL '1' DAY|f + INTERVAL '1' HOUR|f + 1|j + INTERVAL '1' HOUR|j + INTERVAL '1' MONTH|e - e""".replace("\n", "|").split("|")
EXPRESSIONS = """a = 1|a == 1|a != 1|a <> 1|a ^= 1|a <=> 1|a < 1|a BETWEEN 1 AND 2|a BETWEEN SYMMETRIC 2 AND 1|a BETWEEN ASYMMETRIC 1 AND 2|a NOT BETWEEN 1 AND 2|a IN (1)|a IN (1, 2)|a IN ()|a NOT IN (1, 2)|a IN (1, '2')|a IN (1.5)
a = '1'|b = 1|f = e|f < e|f = b|e = b|g = 1|g = 'true'|i = b|j = b|b LIKE 'a%'|b NOT LIKE 'a%'|b LIKE 'a' ESCAPE '!'|b LIKE 'a' ESCAPE '!!'|b ILIKE 'a'|b SIMILAR TO 'a'|b RLIKE 'a'|b REGEXP 'a'|g AND g|g && g|NOT g|!g|g IS TRUE
g IS NOT UNKNOWN|a IS NULL|a ISNULL|a IS DISTINCT FROM 1|a IS NOT DISTINCT FROM NULL|CASE WHEN g THEN 1 ELSE 2 END|CASE WHEN g THEN 1 END|CASE a WHEN 1 THEN 'x' ELSE 'y' END|CASE a WHEN 1, 2 THEN 'x' END|CASE END|CASE WHEN g THEN 1 ELSE 'x' END
CASE WHEN g THEN NULL END|IF(g, 1, 2)|IF(a, 1, 2)|IF(g, 1, 'x')|COALESCE(a)|COALESCE(a, 1)|COALESCE(a, 'x')|COALESCE(NULL, NULL)|COALESCE()|NULLIF(a, 1)|NULLIF(a, 'x')|IFNULL(a, 1)|GREATEST(a, 1)|GREATEST(a, 'x')|GREATEST(a)
CAST(a AS STRING)|CAST(a AS VARCHAR)|CAST(b AS INT)|CAST(b AS INT NOT NULL)|a::INT|CAST(a, INT)|TRY_CAST(b AS INT)|SAFE_CAST(b AS INT)|CONVERT(INT, b)|CAST(e AS BIGINT)|CAST(h AS TIMESTAMP(3))|CAST(g AS INT)|CAST(i AS STRING)|CAST(f AS TIME)
CAST(j AS TIMESTAMP(3))|CAST(a AS DATE)|b|| b|b || a|b + b|b + 1|a + c|a % 2|a / 0|MOD(a, 2)|MOD(d, 2)|d % 2|a ** 2|a << 1|a & 1|~a|-b|+a|- a|ABS(a)|ABS(b)|ROUND(c, 1)|ROUND(c, a)|ROUND(d, a)|TRUNCATE(c, 1)|FLOOR(d)|CEIL(d)|CEILING(d)
FLOOR(e TO DAY)|FLOOR(e TO 'DAY')|FLOOR(f TO HOUR)|FLOOR(e TO DECADE)|CEIL(f TO MONTH)|EXTRACT(DAY FROM e)|EXTRACT(EPOCH FROM e)|EXTRACT(MILLISECOND FROM e)|EXTRACT(CENTURY FROM e)|EXTRACT(HOUR FROM f)|EXTRACT(DAY, e)|YEAR(e)|YEAR(b)|HOUR(f)
TIMESTAMPADD(DAY, 1, e)|TIMESTAMPADD(MILLISECOND, 1, e)|TIMESTAMPADD('DAY', 1, e)|TIMESTAMPDIFF(DAY, e, f)|TIMESTAMPDIFF(DAY, f, f)|TIMESTAMPDIFF(MILLISECOND, e, e)|DATEDIFF(f, f)|DATE_FORMAT(e, 'yyyy')|DATE_FORMAT(f, 'yyyy')|DATE_FORMAT(b, 'yyyy')
TO_DATE(b)|TO_DATE(b, 'yyyy')|TO_TIMESTAMP(b)|TO_TIMESTAMP(b, 'yyyy')|TO_TIMESTAMP(a)|TO_TIMESTAMP_LTZ(h, 3)|TO_TIMESTAMP_LTZ(h, 6)|TO_TIMESTAMP_LTZ(h)|FROM_UNIXTIME(h)|FROM_UNIXTIME(h, 'yyyy')|UNIX_TIMESTAMP()|UNIX_TIMESTAMP(b)|UNIX_TIMESTAMP(e)
CURRENT_TIMESTAMP|CURRENT_TIMESTAMP()|CURRENT_DATE|LOCALTIME|LOCALTIMESTAMP|NOW()|NOW|PROCTIME()|CURRENT_ROW_TIMESTAMP()|CHAR_LENGTH(b)|LENGTH(b)|CHARACTER_LENGTH(b)|UPPER(b)|UPPER(a)|UCASE(b)|TRIM(b)|TRIM(BOTH FROM b)|TRIM(BOTH 'a' FROM b)|TRIM('a' FROM b)
TRIM(b, 'a')|LTRIM(b)|LTRIM(b, 'a')|SUBSTRING(b FROM 1)|SUBSTRING(b FROM 1 FOR 2)|SUBSTRING(b, 1, 2)|SUBSTR(b, 1)|LEFT(b, 1)|POSITION('a' IN b)|LOCATE('a', b)|INSTR(b, 'a')|REPLACE(b, 'a', 'b')|OVERLAY(b PLACING 'x' FROM 1 FOR 1)|LPAD(b, 3, 'x')
LPAD(b, 3)|REPEAT(b, 2)|REVERSE(b)|CONCAT(b, b)|CONCAT(b)|CONCAT(b, a)|CONCAT()|CONCAT_WS(',', b, b)|SPLIT_INDEX(b, ',', 0)|REGEXP(b, 'a')|REGEXP_EXTRACT(b, 'a')|REGEXP_EXTRACT(b, '(a)', 1)|REGEXP_REPLACE(b, 'a', 'b')|REGEXP_REPLACE(b, b, 'b')
REGEXP_EXTRACT(b, '(')|ASCII(b)|CHR(a)|MD5(b)|SHA2(b, 256)|SHA2(b, a)|TO_BASE64(b)|FROM_BASE64(b)|ENCODE(b, 'UTF-8')|DECODE(i, 'UTF-8')|ENCODE(b, b)|JSON_VALUE(b, '$.a')|JSON_VALUE(b, b)|JSON_VALUE(b, '$.a' RETURNING INT)|JSON_VALUE(b, '$.a' DEFAULT 1 ON EMPTY)
JSON_EXISTS(b, '$.a')|JSON_VALUE(b, 'lax $.a' NULL ON EMPTY ERROR ON ERROR)|JSON_VALUE(b, '$.a' ERROR ON ERROR NULL ON EMPTY)|UUID()|PI()|PI|E()|LOG(d)|LOG(2, d)|LOG2(d)|LN(a)|POWER(a, 2)|BIN(a)|HEX(a)|HEX(b)|SIGN(a)|SQRT(b)|t.a|T.a|A|nothing|(a)|((a))|(a, b)|ROW(a, b)|ARRAY[1]
MAP['a', 1]|a.b|`a`|"a"|upper(b)|Upper(b)|`UPPER`(b)|f_upper(b)|rl_like(b, b, 'a')|version()|hash(a)|typeof(a)|a AS x|*""".replace("\n", "|").replace("b|| b", "b\0\0 b")
EXPRESSIONS = [each.replace("\0\0", "||") for each in EXPRESSIONS.split("|")]
QUERIES = """SELECT a FROM t|SELECT a, FROM t|SELECT a b FROM t|SELECT a AS b FROM t|SELECT a AS 'b' FROM t|SELECT a 'b' FROM t|SELECT a AS "b" FROM t|SELECT t.a FROM t|SELECT x.a FROM t x|SELECT x.a FROM t AS x|SELECT t.a FROM t AS x|SELECT p FROM t AS x (p, q, r, s, t, u, v, w, y, z)
SELECT p FROM t AS x (p)|SELECT a FROM (SELECT a FROM t)|SELECT a FROM (SELECT a FROM t) x|SELECT x.a FROM (SELECT a FROM t) AS x|SELECT p FROM (SELECT a, b FROM t) AS x (p, q)|SELECT p FROM (SELECT a, b FROM t) AS x (p)|(SELECT a FROM t)|((SELECT a FROM t))|SELECT ALL a FROM t|SELECT a FROM default_database.t
SELECT a FROM default_catalog.default_database.t|SELECT a FROM `t`|SELECT a FROM T|SELECT a FROM "t"|SELECT a FROM 't'|SELECT 1|SELECT 1 FROM t|SELECT|SELECT FROM t|FROM t|SELECT a t|SELECT a FROM t WHERE g|SELECT a FROM t WHERE a|SELECT a FROM t WHERE a = 1 AND g|SELECT a FROM t WHERE|SELECT a WHERE a = 1
SELECT a FROM t WHERE x = 1|SELECT a AS x FROM t WHERE x = 1|VALUES (1)|VALUES 1|VALUES (1), (2)|VALUES (1), (2, 3)|VALUES (1), ('a')|VALUES ROW(1)|VALUES (NULL)|VALUES ()|VALUES (1, )|SELECT x FROM (VALUES (1)) AS v (x)|SELECT x FROM (VALUES (1), (2)) v (x)|SELECT EXPR$0 FROM (VALUES (1))|SELECT * FROM (VALUES (1))
SELECT x FROM (VALUES (1)) AS v (x, y)|WITH q AS (SELECT a FROM t) SELECT a FROM q|WITH q (p) AS (SELECT a FROM t) SELECT p FROM q|WITH q (p, r) AS (SELECT a FROM t) SELECT p FROM q|WITH q AS (SELECT a FROM t), r AS (SELECT a FROM q) SELECT a FROM r|WITH q AS (SELECT a FROM t) SELECT a FROM t|WITH q AS SELECT a FROM t SELECT a FROM q
WITH RECURSIVE q AS (SELECT a FROM t) SELECT a FROM q|WITH q AS (VALUES (1)) SELECT * FROM q|WITH t AS (SELECT a FROM t) SELECT a FROM t|SELECT a FROM q WITH q AS (SELECT a FROM t)|TABLE t|SELECT a FROM t -- x|SELECT /* x */ a FROM t|SELECT /*+ x */ a FROM t|SELECT a // x|select a from t|Select A From t|SELECT a FROM t t|SELECT a, a FROM t
SELECT p FROM (SELECT a AS p, b AS p FROM t)|SELECT a FROM t AS select|SELECT a FROM t AS x WHERE x.a = 1|SELECT a FROM t TABLESAMPLE BERNOULLI (10)|SELECT a.* FROM t|SELECT t.* FROM t|SELECT `a` FROM t|SELECT a FROM t;|SELECT (SELECT 1)|SELECT a FROM t WHERE EXISTS (SELECT 1)|SELECT a FROM (t)|SELECT a FROM ((SELECT a FROM t))
SELECT a FROM LATERAL (SELECT a FROM t)|SELECT a FROM t FOR SYSTEM_TIME AS OF e|SELECT CAST(a AS BIGINT) FROM t|SELECT c FROM t|SELECT d FROM t|SELECT b FROM t|SELECT h FROM t|SELECT NULL|SELECT NULL AS x|SELECT a, b FROM t""".replace("\n", "|").split("|")
DDL = """CREATE TABLE x (a INT) WITH ({SINK})|CREATE TABLE x (a INT,) WITH ({SINK})|CREATE TABLE x () WITH ({SINK})|CREATE TABLE x WITH ({SINK})|CREATE TABLE x (a) WITH ({SINK})|CREATE TABLE x (a INT) WITH ({SINK},)|CREATE TABLE x (a INT) WITH ()|CREATE TABLE x (a INT)|CREATE TABLE x (a INT) ({SINK})
CREATE TABLE IF NOT EXISTS x (a INT) WITH ({SINK})|CREATE TABLE IF EXISTS x (a INT) WITH ({SINK})|CREATE TEMPORARY TABLE x (a INT) WITH ({SINK})|CREATE TEMPORARY TABLE IF NOT EXISTS x (a INT) WITH ({SINK})|CREATE OR REPLACE TABLE x (a INT) WITH ({SINK})|CREATE TABLE x (a INT COMMENT 'c') WITH ({SINK})
CREATE TABLE x (a INT) COMMENT 'c' WITH ({SINK})|CREATE TABLE x (a INT) WITH ({SINK}) COMMENT 'c'|CREATE TABLE x (a INT, a INT) WITH ({SINK})|CREATE TABLE x (a INT, A INT) WITH ({SINK})|CREATE TABLE x (a INT NOT NULL COMMENT 'c') WITH ({SINK})|CREATE TABLE x (a INT COMMENT 'c' NOT NULL) WITH ({SINK})
CREATE TABLE x (a INT DEFAULT 1) WITH ({SINK})|CREATE TABLE default_catalog.default_database.x (a INT) WITH ({SINK})|CREATE TABLE a.b.c.x (a INT) WITH ({SINK})|CREATE TABLE x (a INT) WITH (connector = 'blackhole')|CREATE TABLE x (a INT) WITH ('connector' 'blackhole')|CREATE TABLE x (a INT) WITH ("connector" = "blackhole")
CREATE TABLE x (a INT) WITH ('connector' = 'blackhole'|CREATE TABLE x (a INT WITH ({SINK})|create table x (a int) with ({SINK})|CREATE TABLE 'x' (a INT) WITH ({SINK})|CREATE TABLE "x" (a INT) WITH ({SINK})|CREATE TABLE x (e TIMESTAMP(3), WATERMARK FOR e AS e) WITH ({SINK})|CREATE TABLE x (e TIMESTAMP(3), WATERMARK FOR e AS e - INTERVAL '5' SECOND) WITH ({SINK})
CREATE TABLE x (e TIMESTAMP(3), WATERMARK FOR e) WITH ({SINK})|CREATE TABLE x (WATERMARK FOR e AS e, e TIMESTAMP(3)) WITH ({SINK})|CREATE TABLE x (e STRING, WATERMARK FOR e AS e) WITH ({SINK})|CREATE TABLE x (e TIMESTAMP(3), WATERMARK FOR z AS e) WITH ({SINK})|DROP TABLE t|DROP TABLE IF EXISTS x|DROP TABLE x|DROP TABLES t|DROP t
CREATE VIEW v AS SELECT a FROM t|CREATE TEMPORARY VIEW v AS SELECT a FROM t|CREATE VIEW IF NOT EXISTS v AS SELECT a FROM t|CREATE TEMPORARY VIEW IF NOT EXISTS v AS SELECT a FROM t|CREATE OR REPLACE VIEW v AS SELECT a FROM t|CREATE VIEW v SELECT a FROM t|CREATE VIEW v AS (SELECT a FROM t)|CREATE VIEW t AS SELECT 1
CREATE TABLE t (a INT) WITH ({SINK})|INSERT INTO s SELECT a FROM t|INSERT INTO s (x) SELECT a FROM t|INSERT INTO s (y) SELECT a FROM t|INSERT INTO s (x, x) SELECT a, a FROM t|INSERT INTO s () SELECT a FROM t|INSERT INTO TABLE s SELECT a FROM t|INSERT s SELECT a FROM t|INSERT INTO s VALUES (1)|INSERT INTO s VALUES (1), (2)
INSERT INTO s (x) VALUES (1)|INSERT INTO s VALUES (1, 2)|INSERT INTO s VALUES ('a')|INSERT INTO s VALUES (NULL)|INSERT INTO s (SELECT a FROM t)|INSERT INTO s WITH q AS (SELECT a FROM t) SELECT a FROM q|INSERT INTO s SELECT b FROM t|INSERT INTO s SELECT h FROM t|INSERT INTO s SELECT a, b FROM t|INSERT INTO S SELECT a FROM t
INSERT INTO `s` SELECT a FROM t|INSERT INTO default_catalog.default_database.s SELECT a FROM t|INSERT INTO s AS z SELECT a FROM t|INSERT INTO s SELECT CAST(a AS SMALLINT) FROM t|INSERT INTO s SELECT d FROM t|INSERT INTO nothing SELECT a FROM t|insert into s select a from t""".replace("\n", "|").split("|")
SINK = "CREATE TABLE s (x {}) WITH ({{SINK}})"


def scripts():
    """(what it is, statements), in one order."""
    sink_of_int = SINK.format("INT")
    out = [("statement", [TABLE, sink_of_int, statement]) for statement in DDL]
    for query in QUERIES:
        out.append(("view", [TABLE, f"CREATE VIEW v AS {query}"]))
        out.append(("query", [TABLE, sink_of_int, f"INSERT INTO s {query}"]))
    for word in WORDS:
        out.append(("column's name", [f"CREATE TABLE x ({word} INT) WITH ({{SINK}})"]))
        out.append(("table's name", [f"CREATE TABLE {word} (a INT) WITH ({{SINK}})"]))
        out.append(("alias", [TABLE, sink_of_int, f"INSERT INTO s SELECT a AS {word} FROM t"]))
        out.append(("alias of a table", [TABLE, sink_of_int, f"INSERT INTO s SELECT a FROM t AS {word}"]))
    for sql_type in TYPES:
        out.append(("type", [f"CREATE TABLE x (a {sql_type}) WITH ({{SINK}})"]))
        out.append(("CAST", [TABLE, f"CREATE VIEW v AS SELECT CAST(b AS {sql_type}) AS x FROM t", SINK.format(sql_type), "INSERT INTO s SELECT x FROM v"]))
    for expression in LITERALS + EXPRESSIONS:
        out.append(("expression", [TABLE, SINK.format("STRING"), f"INSERT INTO s SELECT CAST(({expression}) AS STRING) FROM t"]))
        out.append(("selected", [TABLE, "CREATE VIEW v AS SELECT " + expression + " FROM t", SINK.format("STRING"), "INSERT INTO s SELECT 'x' FROM v"]))
        out.append(("filter", [TABLE, sink_of_int, f"INSERT INTO s SELECT a FROM t WHERE ({expression}) IS NULL"]))
    return out


def sample(count, seed):
    """So many of them, of each kind in turn."""
    chance = random.Random(seed)
    kinds = {}
    for kind, statements in scripts():
        kinds.setdefault(kind, []).append(statements)
    for each in kinds.values():
        chance.shuffle(each)
    out = []
    while len(out) < count and any(kinds.values()):
        out += [(kind, each.pop()) for kind, each in kinds.items() if each]
    return out[:count]


def written(statements, engine):
    return [statement.replace("{SOURCE}", OPTIONS[engine]["SOURCE"]).replace("{SINK}", OPTIONS[engine]["SINK"]) for statement in statements]
