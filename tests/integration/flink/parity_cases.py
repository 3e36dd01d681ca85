"""What both engines must answer alike: tables, the messages in them, and queries."""

from dataclasses import dataclass, field


@dataclass
class Table:
    """A source table and the bodies of its messages, all in one queue."""
    columns: str
    bodies: list
    options: dict = field(default_factory=dict)
    messages: list = None  # (body, keys, tags) in place of bodies


@dataclass
class Case:
    name: str
    table: str
    columns: str  # of the sink
    query: str    # what stands between SELECT and FROM, and perhaps a WHERE behind {t}


ROWS = [
    "true|1|100|1000|10000000000|1.5|2.25|12.345|hello|2024-02-29|10:11:12|2024-02-29 10:11:12.123|2024-02-29 23:30:00|k1",
    "false|-1|-100|-1000|-10000000000|-1.5|-2.75|-12.345| Padded |1969-12-31|23:59:59|1969-12-31 00:00:00|1970-01-01 00:00:00|k2",
    "1|127|32767|2147483647|9223372036854775807|0.1|1e10|0.005|wörld €|2000-01-01|00:00:00|2000-01-01 00:00:00|2038-01-19 03:14:07|k1",
    "0|-128|-32768|-2147483648|-9223372036854775808|3.0|-0.0|999999999.999|a,b;c|2024-12-31|12:00:00|2024-12-31 12:34:56.789|2024-06-30 12:00:00|k3",
    "|||||||||||||",
    "true|0|0|0|0|0|0|0|{\"a\": 1, \"b\": [2, 3]}|2023-03-01|01:02:03|2023-03-01 01:02:03.004|2023-03-01 01:02:03|k2",
]
TYPES = ("b BOOLEAN, t TINYINT, s SMALLINT, i INT, l BIGINT, f FLOAT, d DOUBLE, m DECIMAL(12, 3), v VARCHAR, dt DATE, tm TIME, "
         "ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3), k VARCHAR")
PIPE = {"fieldDelimiter": "|"}

TABLES = {
    "types": Table(TYPES, ROWS, PIPE),
    "zoned": Table("id INT, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)",
                   ["1|2024-03-10 02:30:00|2024-03-10 02:30:00", "2|2024-11-03 01:30:00|1730611800000", "3|1700000000123|1700000000123"],
                   {**PIPE, "timeZone": "America/New_York"}),
    "lines": Table("a VARCHAR, b VARCHAR", ["1;x\r\n2;y\r\n\r\n3;z\r\n", "4;", "\r\n", "5;v"], {"fieldDelimiter": ";", "lineDelimiter": "\\r\\n"}),
    "long": Table("a VARCHAR, b INT, c VARCHAR", ["x<>1<>y##z<>2<>w", "p<>3<>"], {"fieldDelimiter": "<>", "lineDelimiter": "##"}),
    "escape": Table("a VARCHAR, b VARCHAR", ["1\x012", "3\x014\t5"], {"fieldDelimiter": "\\u0001"}),
    "none": Table("a VARCHAR, b INT", ["1|2", "1", "1|2|3", "x|y", "|"], PIPE),
    "skip": Table("a VARCHAR, b INT", ["1|2", "1", "1|2|3", "x|y", "|"], {**PIPE, "lengthCheck": "SKIP"}),
    "pad": Table("a VARCHAR, b INT", ["1|2", "1", "1|2|3", "x|y", "|"], {**PIPE, "lengthCheck": "PAD"}),
    "gbk": Table("a VARCHAR, b VARCHAR", ["你好|世界".encode("gbk"), b"\xff|x"], {**PIPE, "encoding": "GBK"}),
    "utf16": Table("a VARCHAR, b INT", ["grün|1\n€|2".encode("utf-16-le")], {**PIPE, "encoding": "UTF-16LE"}),
    "latin": Table("a VARCHAR", ["grün".encode("latin-1")], {"encoding": "ISO-8859-1"}),
    "broken": Table("a VARCHAR, b VARCHAR", [b"\xffx|y\xc3"], PIPE),
    "quoted": Table("a VARCHAR, b VARCHAR", ['"x|y"|"say ""hi"""', '|""'], {**PIPE, "quoteCharacter": '"'}),
    "binary": Table("a VARBINARY", [b"\x00\x01\xff", "wörld".encode(), b"plain"]),
    "line": Table("a VARCHAR", ["one, whole\nrecord", "|"], PIPE),
    "meta": Table("v VARCHAR, topic VARCHAR METADATA VIRTUAL, q INT METADATA FROM 'queue-id' VIRTUAL, o BIGINT METADATA FROM "
                  "'queue-offset' VIRTUAL, ky VARCHAR METADATA FROM 'keys' VIRTUAL, tg VARCHAR METADATA FROM 'tags' VIRTUAL, "
                  "st TIMESTAMP(3) METADATA FROM 'store-timestamp' VIRTUAL, bt TIMESTAMP_LTZ(3) METADATA FROM 'born-timestamp' VIRTUAL",
                  [], PIPE, [("a", "k1 k2", "TagA"), ("b", None, "TagB"), ("c", None, None)]),
    "tagged": Table("v VARCHAR", [], {**PIPE, "tag": "TagA||TagC"}, [("a", None, "TagA"), ("b", None, "TagB"), ("c", None, "TagC")]),
}

V = "r VARCHAR"
CASES = [
    Case("all-types", "types", TYPES, "* FROM {t}"),
    Case("nulls", "types", "a BOOLEAN, b BOOLEAN, c INT", "i IS NULL, v = '', COALESCE(i, -7) FROM {t}"),
    Case("zoned", "zoned", "id INT, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)", "* FROM {t}"),
    Case("zoned-text", "zoned", "id INT, ts VARCHAR, tz VARCHAR", "id, CAST(ts AS VARCHAR), CAST(tz AS VARCHAR) FROM {t}"),
    *(Case(name, name, "a VARCHAR, b VARCHAR", "a, CAST(b AS VARCHAR) FROM {t}") for name in (
        "lines", "escape", "none", "skip", "pad", "gbk", "utf16", "broken", "quoted")),
    Case("long-delimiters", "long", "a VARCHAR, b INT, c VARCHAR", "* FROM {t}"),
    Case("latin", "latin", V, "a FROM {t}"),
    Case("one-column", "line", V, "a FROM {t}"),
    Case("binary", "binary", "r VARBINARY", "a FROM {t}"),
    Case("binary-text", "binary", V, "CAST(a AS VARCHAR) FROM {t}"),
    Case("metadata", "meta", "v VARCHAR, q INT, o BIGINT, ky VARCHAR, tg VARCHAR, n BOOLEAN",
         "v, q, o, ky, tg, topic LIKE 'topic-%' AND st IS NOT NULL AND bt IS NOT NULL FROM {t}"),
    Case("metadata-order", "meta", "o BIGINT, v VARCHAR", "o * 2, v FROM {t} WHERE o > 0"),
    Case("metadata-filter", "meta", V, "v FROM {t} WHERE tg = 'TagA'"),
    Case("tags", "tagged", V, "v FROM {t}"),
    # Casts
    *(Case(f"cast-{name}", "types", V, f"{query} FROM {{t}}") for name, query in {
        "boolean-text": "CAST(b AS VARCHAR)", "integers-text": "CAST(t AS VARCHAR) || CAST(l AS VARCHAR)",
        "float-text": "CAST(f AS VARCHAR)", "double-text": "CAST(d AS VARCHAR)", "decimal-text": "CAST(m AS VARCHAR)",
        "date-text": "CAST(dt AS VARCHAR)", "time-text": "CAST(tm AS VARCHAR)", "timestamp-text": "CAST(ts AS VARCHAR)",
        "try-int": "CAST(TRY_CAST(v AS INT) AS VARCHAR)", "char": "CAST(v AS CHAR(3))"}.items()),
    Case("cast-numbers", "types", "a INT, b BIGINT, c INT, e DOUBLE", "CAST(d / 100 AS INT), CAST(m AS BIGINT), CAST(f AS INT), CAST(m AS DOUBLE) FROM {t}"),
    Case("cast-narrow", "types", "a TINYINT, b SMALLINT", "CAST(i AS TINYINT), CAST(l AS SMALLINT) FROM {t}"),
    Case("cast-decimal", "types", "a DECIMAL(10, 1), b DECIMAL(5, 2)", "CAST(m AS DECIMAL(10, 1)), CAST(i AS DECIMAL(5, 2)) FROM {t}"),
    Case("cast-date", "types", "a DATE, b TIME, c TIMESTAMP(3)", "CAST(ts AS DATE), CAST(ts AS TIME), CAST(dt AS TIMESTAMP(3)) FROM {t}"),
    Case("cast-zoned", "types", "a TIMESTAMP(3), b TIMESTAMP_LTZ(3)", "CAST(tz AS TIMESTAMP(3)), CAST(ts AS TIMESTAMP_LTZ(3)) FROM {t}"),
    # Arithmetic
    Case("integer-division", "types", "a INT, b BIGINT, c INT", "i / 7, l / 3, MOD(i, 7) FROM {t}"),
    Case("overflow", "types", "a INT, b BIGINT", "i + 1, l - 1 FROM {t}"),
    Case("decimal-arithmetic", "types", "a DECIMAL(14, 3), b DECIMAL(20, 6), c DECIMAL(38, 6)", "m + 1, m * 2.5, m / 3 FROM {t}"),
    Case("double-arithmetic", "types", "a DOUBLE, b DOUBLE", "d * 1.5, d + i FROM {t}"),
    Case("rounding", "types", "a DOUBLE, b DOUBLE, c DOUBLE, e DECIMAL(12, 1)", "FLOOR(d), CEIL(d), ROUND(d, 1), ROUND(m, 1) FROM {t}"),
    Case("abs-sign", "types", "a DOUBLE, b DECIMAL(12, 3), c INT", "ABS(d), ABS(m), SIGN(i) FROM {t}"),
    Case("powers", "types", "a DOUBLE, b DOUBLE", "POWER(f, 2), SQRT(ABS(f)) FROM {t}"),
    Case("logarithms", "types", "a DOUBLE, b DOUBLE", "LN(ABS(f) + 1), EXP(f) FROM {t}"),
    Case("between", "types", "a BOOLEAN, b BOOLEAN", "i BETWEEN -1000 AND 1000, t IN (1, 0, 127) FROM {t}"),
    Case("null-logic", "types", "a BOOLEAN, b BOOLEAN, c BOOLEAN", "b AND i > 0, b OR i > 0, NOT b FROM {t}"),
    Case("distinct-from", "types", "a BOOLEAN", "i IS DISTINCT FROM 1000 FROM {t}"),
    # Texts
    *(Case(f"text-{name}", "types", V, f"{query} FROM {{t}}") for name, query in {
        "upper": "UPPER(v)", "lower": "LOWER(v)", "trim": "TRIM(v)", "trim-leading": "TRIM(LEADING ' ' FROM v)",
        "substring": "SUBSTRING(v, 2, 3)", "substring-negative": "SUBSTRING(v, -3)", "substring-zero": "SUBSTRING(v FROM 0 FOR 2)",
        "concat": "CONCAT(v, '-', k)", "concat-ws": "CONCAT_WS('/', v, k, 'z')", "replace": "REPLACE(v, 'l', 'LL')",
        "reverse": "REVERSE(v)", "lpad": "LPAD(v, 8, '*')", "rpad": "RPAD(v, 3, '*')", "repeat": "REPEAT(k, 2)",
        "initcap": "INITCAP(v)", "left": "`LEFT`(v, 3)", "right": "`RIGHT`(v, 3)", "md5": "MD5(v)", "sha256": "SHA256(v)",
        "base64": "TO_BASE64(v)", "regexp-extract": "REGEXP_EXTRACT(v, '([a-z]+)', 1)", "regexp-replace": "REGEXP_REPLACE(v, '[a-z]+', '<>')",
        "split-index": "SPLIT_INDEX(v, ',', 1)", "json-value": "JSON_VALUE(v, '$.a')", "json-query": "JSON_QUERY(v, '$.b')",
        "overlay": "OVERLAY(v PLACING 'XX' FROM 2 FOR 1)", "case": "CASE WHEN i > 0 THEN 'plus' WHEN i < 0 THEN v END",
        "nullif": "NULLIF(k, 'k1')", "if": "IF(i > 0, k, v)", "ascii": "CAST(ASCII(v) AS VARCHAR)", "chr": "CHR(65)"}.items()),
    Case("text-length", "types", "a INT, b INT, c INT", "CHAR_LENGTH(v), POSITION('l' IN v), LOCATE('l', v, 4) FROM {t}"),
    Case("text-like", "types", "a BOOLEAN, b BOOLEAN, c BOOLEAN", "v LIKE '%l_o', v LIKE 'a,%', REGEXP(v, '^[a-z]+$') FROM {t}"),
    Case("text-compare", "types", "a BOOLEAN, b BOOLEAN", "v < 'b', v >= k FROM {t}"),
    # Times
    Case("extract", "types", "y BIGINT, mo BIGINT, d BIGINT, h BIGINT, mi BIGINT, s BIGINT",
         "YEAR(ts), MONTH(ts), DAYOFMONTH(ts), HOUR(ts), MINUTE(ts), SECOND(ts) FROM {t}"),
    Case("extract-date", "types", "q BIGINT, doy BIGINT, dow BIGINT, w BIGINT",
         "QUARTER(dt), DAYOFYEAR(dt), DAYOFWEEK(dt), WEEK(dt) FROM {t}"),
    Case("interval", "types", "a TIMESTAMP(3), b DATE, c TIMESTAMP(3)",
         "ts + INTERVAL '1' DAY, dt + INTERVAL '1' MONTH, ts - INTERVAL '90' MINUTE FROM {t}"),
    Case("timestampdiff", "types", "a INT, b INT", "TIMESTAMPDIFF(DAY, ts, TIMESTAMP '2024-01-01 00:00:00'), TIMESTAMPDIFF(MONTH, ts, TIMESTAMP '2024-01-31 00:00:00') FROM {t}"),
    Case("timestampadd", "types", "a TIMESTAMP(3)", "TIMESTAMPADD(MONTH, 1, ts) FROM {t}"),
    Case("floor-time", "types", "a TIMESTAMP(3), b TIMESTAMP(3)", "FLOOR(ts TO HOUR), CEIL(ts TO MONTH) FROM {t}"),
    Case("date-format", "types", V, "DATE_FORMAT(ts, 'yyyy/MM/dd HH-mm') FROM {t}"),
    Case("to-timestamp", "types", "a TIMESTAMP(3)", "TO_TIMESTAMP(CAST(ts AS VARCHAR)) FROM {t}"),
    Case("to-date", "types", "a DATE", "TO_DATE(CAST(dt AS VARCHAR)) FROM {t}"),
    Case("from-unixtime", "types", V, "FROM_UNIXTIME(i) FROM {t} WHERE i > 0"),
    Case("unix-timestamp", "types", "r BIGINT", "UNIX_TIMESTAMP('2024-02-29 10:00:00') FROM {t} WHERE i = 1000"),
    Case("to-timestamp-ltz", "types", "a TIMESTAMP_LTZ(3)", "TO_TIMESTAMP_LTZ(l, 3) FROM {t} WHERE i = 1000"),
    Case("filter", "types", "a INT, b VARCHAR", "i, v FROM {t} WHERE i > 0 AND k <> 'k3'"),
]
