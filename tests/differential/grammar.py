"""Typed expressions of the SQL that docs/sql.md describes, over a table of rows of edge values. A seed gives the same ones each time.

RULES has one alternative a line: `kinds | template`. A kind stands for types (KINDS), a group for kinds (GROUPS). In a template `{kind}`
is an operand of that kind, `{T}` one of the very kind that the rule is used for, and `{WORD}` one of the texts in WORDS.
"""
import random
import re

import values

KINDS = {  # kind: the types that a cast to it may name
    "bool": ["BOOLEAN"],
    "i8": ["TINYINT"], "i16": ["SMALLINT"], "i32": ["INT"], "i64": ["BIGINT"],
    "flt": ["FLOAT"], "dbl": ["DOUBLE"],
    "dec": ["DECIMAL(10, 2)", "DECIMAL(38, 0)", "DECIMAL(38, 10)", "DECIMAL(20, 18)", "DECIMAL(5, 0)", "DECIMAL(3, 3)"],
    "str": ["STRING", "VARCHAR(3)", "CHAR(4)", "VARCHAR(20)"],
    "bin": ["BYTES", "BINARY(4)", "VARBINARY(3)"],
    "date": ["DATE"], "time": ["TIME", "TIME(3)"],
    "ts": ["TIMESTAMP(3)", "TIMESTAMP(0)", "TIMESTAMP(6)", "TIMESTAMP(9)", "TIMESTAMP"],
    "ltz": ["TIMESTAMP_LTZ(3)", "TIMESTAMP_LTZ(9)", "TIMESTAMP_LTZ(0)"],
}
GROUPS = {
    "int": ["i8", "i16", "i32", "i64"],
    "num": ["i8", "i16", "i32", "i64", "flt", "dbl", "dec", "dec"],
    "exact": ["i8", "i16", "i32", "i64", "dec"],
    "when": ["date", "ts", "ltz"],
    "any": list(KINDS),
}
WORDS = {
    "CMP": ["=", "<>", "<", "<=", ">", ">="],
    "NOT": ["", "NOT "],
    "TRUTH": ["TRUE", "FALSE", "UNKNOWN"],
    "SMALL": ["-3", "-1", "0", "1", "2", "3", "5", "12"],
    "UNIT": ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"],
    "DATEUNIT": ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY"],
    "FIELD": ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "DOY", "DOW", "HOUR", "MINUTE", "SECOND"],
    "DATEFIELD": ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "DOY", "DOW"],
    "LIKE": ["'a%'", "'%b'", "'_'", "'a_b'", "'%'", "''", "'a\\_b'", "'A%C'", "'%\\%%'", "'ä_'", "'a!%b'", "'__'", "'%a%b%'", "'a%_'"],
    "ESCAPED": ["'a!_b' ESCAPE '!'", "'a!%%' ESCAPE '!'", "'%!!%' ESCAPE '!'", "'a#_b' ESCAPE '#'", "'a%' ESCAPE '\\'", "'a!b' ESCAPE '!'"],
    "REGEX": ["'a'", "'^a.*b$'", "'(a)(b)?'", "'[0-9]+'", "'\\d+'", "'(?i)ABC'", "'\\w+\\s*'", "'a|b'", "'.'", "''", "'[^a]'", "'x*'",
              "'\\Qa_b\\E'", "'\\p{L}+'", "'\\p{Upper}'", "'\\bab'", "'(\\d+)-(\\d+)'", "'\\u00e4'", "'a{2,}'", "'[[:alpha:]]'", "'$'", "'\\h'",
              "'(?<n>a)b'", "'(?:a|b)+?'", "'[a-c&&[b]]'", "'('", "'\\x41'", "'\\R'"],
    "GROUP": ["0", "1", "2", "3", "-1"],
    "JSONPATH": ["'$.a'", "'lax $.a'", "'strict $.a'", "'$'", "'lax $'", "'$.a.b'", "'lax $.a[0]'", "'$[0]'", "'lax $[*]'", "'lax $.a[*]'",
                 "'$[''a'']'", "'lax $.c.d'", "'lax $[1].a'", "'$.*'", "'lax $..a'", "'lax $.\"a\"'", "'$.a[-1]'", "'lax $.ä'", "''", "'$.'"],
    "JSONVALUE": ["", "NULL ON EMPTY", "NULL ON ERROR", "DEFAULT 'e' ON EMPTY", "DEFAULT 'r' ON ERROR", "ERROR ON ERROR", "ERROR ON EMPTY",
                  "DEFAULT 'e' ON EMPTY DEFAULT 'r' ON ERROR", "NULL ON EMPTY ERROR ON ERROR", "RETURNING STRING"],
    "JSONEXISTS": ["", "TRUE ON ERROR", "FALSE ON ERROR", "UNKNOWN ON ERROR", "ERROR ON ERROR"],
    "TIMEPATTERN": ["'yyyy-MM-dd HH:mm:ss'", "'yyyy-MM-dd'", "'dd.MM.yy'", "'yyyyMMddHHmmss'", "'yyyy-MM-dd HH:mm:ss.SSS'", "'HH:mm'", "'hh:mm a'",
                    "'EEE, d MMM yyyy'", "'EEEE'", "'MMMM'", "'D'", "'L'", "'yyyy''T''HH'", "'k K'", "'S'", "'SSSSSS'", "'y-M-d H:m:s'", "'YYYY'", "'w'",
                    "'yyyy-MM-dd''T''HH:mm:ss'", "'G yyyy'", "'Q'"],
    "CHARSET": ["'UTF-8'", "'UTF-16'", "'ISO-8859-1'", "'US-ASCII'", "'UTF-16BE'", "'UTF-16LE'", "'utf8'", "'nonsense'"],
    "BITS": ["224", "256", "384", "512", "0", "1"],
    "SPAN": ["INTERVAL '1' SECOND", "INTERVAL '90' MINUTE", "INTERVAL '25' HOUR", "INTERVAL '1' DAY", "INTERVAL '1.5' SECOND", "INTERVAL '-1' DAY",
             "INTERVAL '1 02:03:04' DAY TO SECOND", "INTERVAL '1 02:03:04.567' DAY TO SECOND(3)", "INTERVAL '10:20' HOUR TO MINUTE",
             "INTERVAL '59:59' MINUTE TO SECOND", "INTERVAL '1' WEEK", "INTERVAL '30' DAY", "INTERVAL '1 2' DAY TO HOUR", "INTERVAL '99' DAY"],
    "MONTHS": ["INTERVAL '1' MONTH", "INTERVAL '13' MONTH", "INTERVAL '1' YEAR", "INTERVAL '-1' MONTH", "INTERVAL '1-6' YEAR TO MONTH",
               "INTERVAL '1' QUARTER", "INTERVAL '4' YEAR"],
    "SIDE": ["LEADING", "TRAILING", "BOTH"],
}
RULES = """
bool | {num} {CMP} {num}
bool | {str} {CMP} {str}
bool | {T} {CMP} {T}
bool | {date} {CMP} {date}
bool | {ts} {CMP} {ts}
bool | {ltz} {CMP} {ltz}
bool | {time} {CMP} {time}
bool | {bin} {CMP} {bin}
bool | {when} {CMP} {when}
bool | {str} {CMP} {when}
bool | {str} {CMP} {num}
bool | {datetext} {CMP} {when}
bool | {numtext} {CMP} {num}
bool | {num} {NOT}BETWEEN {num} AND {num}
bool | {str} {NOT}BETWEEN {str} AND {str}
bool | {ts} {NOT}BETWEEN {ts} AND {ts}
bool | {num} {NOT}IN ({num}, {num})
bool | {int} {NOT}IN ({NUMBER}, {NUMBER}, {NUMBER})
bool | {dec} {NOT}IN ({NUMBER}, {NUMBER})
bool | {dbl} {NOT}IN ({NUMBER}, {NUMBER})
bool | {str} {NOT}IN ({TEXT}, {TEXT}, {str})
bool | {date} {NOT}IN ({date}, {date})
bool | {any} IS {NOT}NULL
bool | {bool} IS {NOT}{TRUTH}
bool | {num} IS {NOT}DISTINCT FROM {num}
bool | {str} IS {NOT}DISTINCT FROM {str}
bool | {bool} AND {bool}
bool | {bool} OR {bool}
bool | NOT {bool}
bool | {str} {NOT}LIKE {LIKE}
bool | {str} {NOT}LIKE {ESCAPED}
bool | {str} LIKE {str}
bool | REGEXP({str}, {REGEX})
bool | JSON_EXISTS({json}, {JSONPATH} {JSONEXISTS})
i8 i16 i32 i64 flt dbl dec | {T} + {T}
i8 i16 i32 i64 flt dbl dec | {T} - {T}
i8 i16 i32 i64 flt dbl dec | {T} * {T}
i8 i16 i32 i64 flt dbl dec | {T} / {T}
i8 i16 i32 i64 dec | {T} % {T}
i8 i16 i32 i64 dec | MOD({T}, {T})
i8 i16 i32 i64 flt dbl dec | - {T}
i8 i16 i32 i64 flt dbl dec | ABS({T})
i8 i16 i32 i64 flt dbl dec | SIGN({T})
i8 i16 i32 i64 flt dbl dec | CEIL({T})
i8 i16 i32 i64 flt dbl dec | FLOOR({T})
i8 i16 i32 i64 flt dbl dec | ROUND({T})
i8 i16 i32 i64 flt dbl dec | ROUND({T}, {SMALL})
i8 i16 i32 i64 flt dbl dec | TRUNCATE({T})
i8 i16 i32 i64 flt dbl dec | TRUNCATE({T}, {SMALL})
i64 | {int} + {int}
i64 | {int} - {int}
i64 | {int} * {int}
i64 | {int} / {int}
i64 | {int} % {int}
dec | {exact} + {dec}
dec | {exact} - {dec}
dec | {exact} * {dec}
dec | {exact} / {dec}
dec | {exact} % {dec}
dbl | {num} + {dbl}
dbl | {num} * {dbl}
dbl | {flt} / {num}
dbl | {dec} - {dbl}
dbl | POWER({num}, {num})
dbl | SQRT({num})
dbl | EXP({num})
dbl | LN({num})
dbl | LOG10({num})
dbl | LOG2({num})
dbl | LOG({num})
dbl | LOG({num}, {num})
dbl | SIN({num})
dbl | COS({num})
dbl | TAN({num})
dbl | COT({num})
dbl | ASIN({num})
dbl | ACOS({num})
dbl | ATAN({num})
dbl | ATAN2({num}, {num})
dbl | DEGREES({num})
dbl | RADIANS({num})
dbl | PI()
dbl | E()
i32 | CHAR_LENGTH({str})
i32 | CHARACTER_LENGTH({str})
i32 | POSITION({str} IN {str})
i32 | POSITION({TEXT} IN {str})
i32 | LOCATE({TEXT}, {str})
i32 | LOCATE({TEXT}, {str}, {i32})
i32 | INSTR({str}, {TEXT})
i32 | INSTR({str}, {TEXT}, {SMALL})
i32 | INSTR({str}, {TEXT}, {SMALL}, {SMALL})
i32 | ASCII({str})
i32 | TIMESTAMPDIFF({UNIT}, {ts}, {ts})
i32 | TIMESTAMPDIFF({UNIT}, {ltz}, {ltz})
i32 | TIMESTAMPDIFF({UNIT}, {when}, {when})
i32 | TIMESTAMPDIFF({DATEUNIT}, {date}, {date})
i64 | EXTRACT({FIELD} FROM {ts})
i64 | EXTRACT({FIELD} FROM {ltz})
i64 | EXTRACT({DATEFIELD} FROM {date})
i64 | EXTRACT({FIELD} FROM {time})
i64 | YEAR({when})
i64 | QUARTER({when})
i64 | MONTH({when})
i64 | WEEK({when})
i64 | DAYOFYEAR({when})
i64 | DAYOFMONTH({when})
i64 | DAYOFWEEK({when})
i64 | HOUR({ts})
i64 | MINUTE({ts})
i64 | SECOND({ltz})
i64 | HOUR({time})
i64 | UNIX_TIMESTAMP({datetext})
i64 | UNIX_TIMESTAMP({datetext}, {TIMEPATTERN})
str | BIN({int})
str | HEX({int})
str | HEX({str})
str | UPPER({str})
str | LOWER({str})
str | INITCAP({str})
str | TRIM({str})
str | TRIM({SIDE} {TEXT} FROM {str})
str | TRIM({SIDE} FROM {str})
str | LTRIM({str})
str | LTRIM({str}, {TEXT})
str | RTRIM({str})
str | RTRIM({str}, {TEXT})
str | BTRIM({str})
str | BTRIM({str}, {TEXT})
str | SUBSTRING({str}, {SMALL})
str | SUBSTRING({str}, {i32})
str | SUBSTRING({str} FROM {SMALL})
str | SUBSTRING({str} FROM {SMALL} FOR {SMALL})
str | SUBSTRING({str}, {SMALL}, {SMALL})
str | SUBSTR({str}, {SMALL}, {i32})
str | SUBSTR({str}, {SMALL})
str | LEFT({str}, {SMALL})
str | RIGHT({str}, {SMALL})
str | LEFT({str}, {i32})
str | REPLACE({str}, {TEXT}, {TEXT})
str | REVERSE({str})
str | REPEAT({str}, {SMALL})
str | LPAD({str}, {SMALL}, {TEXT})
str | RPAD({str}, {SMALL}, {TEXT})
str | CONCAT({str}, {str})
str | CONCAT({str}, {str}, {str})
str | CONCAT_WS({TEXT}, {str}, {str})
str | {str} || {str}
str | SPLIT_INDEX({str}, {TEXT}, {SMALL})
str | SPLIT_INDEX({str}, 97, {SMALL})
str | REGEXP_EXTRACT({str}, {REGEX})
str | REGEXP_EXTRACT({str}, {REGEX}, {GROUP})
str | REGEXP_REPLACE({str}, {REGEX}, {TEXT})
str | CHR({int})
str | MD5({str})
str | SHA1({str})
str | SHA256({str})
str | SHA2({str}, {BITS})
str | TO_BASE64({str})
str | FROM_BASE64({str})
str | DECODE({bin}, {CHARSET})
bin | ENCODE({str}, {CHARSET})
str | JSON_VALUE({json}, {JSONPATH} {JSONVALUE})
str | FROM_UNIXTIME({i64})
str | FROM_UNIXTIME({i32}, {TIMEPATTERN})
str | DATE_FORMAT({ts}, {TIMEPATTERN})
str | DATE_FORMAT({ltz}, {TIMEPATTERN})
str | DATE_FORMAT({datetext}, {TIMEPATTERN})
ts | TO_TIMESTAMP({datetext})
ts | TO_TIMESTAMP({datetext}, {TIMEPATTERN})
date | TO_DATE({datetext})
date | TO_DATE({datetext}, {TIMEPATTERN})
ltz | TO_TIMESTAMP_LTZ({int}, 0)
ltz | TO_TIMESTAMP_LTZ({i64}, 3)
ltz | TO_TIMESTAMP_LTZ({dbl}, 3)
ts ltz | {T} + {SPAN}
ts ltz | {T} - {SPAN}
ts ltz | {T} + {MONTHS}
ts ltz | {T} - {MONTHS}
ts | {SPAN} + {ts}
date | {date} + {MONTHS}
date | {date} - {MONTHS}
date | {date} + INTERVAL '1' DAY
date | {date} - INTERVAL '40' DAY
time | {time} + {SPAN}
time | {time} - {SPAN}
ts ltz | TIMESTAMPADD({UNIT}, {SMALL}, {T})
ts ltz | TIMESTAMPADD({UNIT}, {i32}, {T})
date | TIMESTAMPADD({DATEUNIT}, {SMALL}, {date})
ts ltz | FLOOR({T} TO {UNIT})
ts ltz | CEIL({T} TO {UNIT})
date | FLOOR({date} TO {DATEUNIT})
date | CEIL({date} TO {DATEUNIT})
time | FLOOR({time} TO HOUR)
bool i8 i16 i32 i64 flt dbl dec str bin date time ts ltz | COALESCE({T}, {T})
bool i8 i16 i32 i64 flt dbl dec str bin date time ts ltz | IFNULL({T}, {T})
bool i8 i16 i32 i64 flt dbl dec str bin date time ts ltz | NULLIF({T}, {T})
bool i8 i16 i32 i64 flt dbl dec str bin date time ts ltz | IF({bool}, {T}, {T})
bool i8 i16 i32 i64 flt dbl dec str bin date time ts ltz | CASE WHEN {bool} THEN {T} ELSE {T} END
bool i8 i16 i32 i64 flt dbl dec str bin date time ts ltz | CASE WHEN {bool} THEN {T} END
i32 str dec | CASE {str} WHEN {TEXT} THEN {T} WHEN {str} THEN {T} ELSE {T} END
i32 str dec | CASE {num} WHEN {NUMBER} THEN {T} ELSE {T} END
i8 i16 i32 i64 flt dbl dec str date ts ltz | GREATEST({T}, {T})
i8 i16 i32 i64 flt dbl dec str date ts ltz | LEAST({T}, {T}, {T})
dbl | IF({bool}, {num}, {dbl})
dbl | CASE WHEN {bool} THEN {flt} ELSE {dbl} END
dec | IF({bool}, {int}, {dec})
dec | COALESCE({int}, {dec})
dbl | GREATEST({num}, {dbl})
dec | NULLIF({dec}, {num})
bool | CAST({str} AS {TYPE})
bool | TRY_CAST({booltext} AS {TYPE})
bool | CAST({num} AS {TYPE})
i8 i16 i32 i64 flt dbl dec | CAST({num} AS {TYPE})
i8 i16 i32 i64 flt dbl dec | CAST({num} AS {TYPE})
i8 i16 i32 i64 flt dbl dec | TRY_CAST({num} AS {TYPE})
i8 i16 i32 i64 flt dbl dec | CAST({numtext} AS {TYPE})
i8 i16 i32 i64 flt dbl dec | TRY_CAST({numtext} AS {TYPE})
i8 i16 i32 i64 flt dbl dec | TRY_CAST({str} AS {TYPE})
i8 i16 i32 i64 flt dbl dec | CAST({bool} AS {TYPE})
str | CAST({any} AS {TYPE})
str | CAST({num} AS {TYPE})
str | CAST({when} AS {TYPE})
str | TRY_CAST({any} AS {TYPE})
str | CAST({any} AS STRING)
bin | CAST({str} AS {TYPE})
bin | CAST({bin} AS {TYPE})
bin | TRY_CAST({str} AS {TYPE})
date time ts ltz | CAST({datetext} AS {TYPE})
date time ts ltz | TRY_CAST({datetext} AS {TYPE})
date ts ltz | CAST({when} AS {TYPE})
time | CAST({ts} AS {TYPE})
time | CAST({time} AS {TYPE})
i64 | CAST({when} AS BIGINT)
"""
QUERIES = """
SELECT i32 AS x FROM t WHERE {bool}
SELECT i32 AS x FROM t WHERE {bool}
SELECT {num} AS x FROM t WHERE {bool} AND {bool}
SELECT {str} AS x FROM t WHERE {bool} OR {bool}
SELECT a.i32 AS x FROM t AS a WHERE NOT {bool}
SELECT x FROM (SELECT {num} AS x FROM t WHERE {bool}) AS q WHERE x IS NOT NULL
SELECT x FROM (SELECT {str} AS x FROM t) WHERE CHAR_LENGTH(x) > 1
SELECT q.b AS x FROM (SELECT {bool}, {any} FROM t) AS q(a, b) WHERE q.a
WITH q AS (SELECT {when} AS a, {any} AS b FROM t) SELECT b AS x FROM q WHERE a IS NOT NULL
WITH q (a, b) AS (SELECT {bool}, {num} FROM t), r AS (SELECT b FROM q WHERE a) SELECT b AS x FROM r WHERE b > 0
"""
RULES_OF = {}  # kind: templates
for line in RULES.strip().splitlines():
    kinds, template = (part.strip() for part in line.split("|", 1))
    for kind in kinds.split():
        RULES_OF.setdefault(kind, []).append(template)
QUERY_SHARE = 8  # of all that is asked, one in so many is a query with a filter

TEXT_KINDS = {"numtext": values.NUMBER_TEXTS, "datetext": values.DATE_TEXTS, "json": values.JSON_TEXTS, "booltext": values.BOOLEAN_TEXTS}
OPERAND = re.compile(r"\{(\w+)\}")
CALL = re.compile(r"\w+\([^()]*\)")


class Node:
    """An expression: `parts`, texts and operands after one another. A closed one needs no parentheses as an operand."""

    def __init__(self, kind, parts, closed, leaf=False):
        self.kind, self.parts, self.closed, self.leaf = kind, parts, closed, leaf

    def text(self):
        return "".join(part if isinstance(part, str) else part.operand_text() for part in self.parts)

    def operand_text(self):
        return self.text() if self.closed else f"({self.text()})"

    def operands(self):
        return [(i, part) for i, part in enumerate(self.parts) if isinstance(part, Node)]

    def with_operand(self, index, operand):
        return Node(self.kind, self.parts[:index] + [operand] + self.parts[index + 1:], self.closed)

    def size(self):
        return 1 + sum(part.size() for _, part in self.operands())

    def below(self):
        """Every expression within it."""
        for _, part in self.operands():
            yield part
            yield from part.below()


def leaves(kind):
    """Columns and literals of a kind, the plainest first."""
    columns = [Node(kind, [name], closed=True, leaf=True) for name, column in values.COLUMNS.items() if column.kind == kind]
    texts = [values.quoted(text) for text in TEXT_KINDS[kind]] if kind in TEXT_KINDS else values.LITERALS[kind]
    return columns, [Node(kind, [text], closed=not text.startswith("-"), leaf=True) for text in texts]


def leaf(kind, chance):
    columns, literals = leaves(kind)
    if kind in KINDS and chance.random() < 0.04:
        return Node(kind, [f"CAST(NULL AS {chance.choice(KINDS[kind])})"], closed=True, leaf=True)
    return chance.choice(columns if columns and chance.random() < 0.7 else literals)


def word(name, kind, chance):
    if name == "TYPE":
        return chance.choice(KINDS[kind])
    if name == "TEXT":
        return values.quoted(chance.choice(values.TEXTS))
    if name == "NUMBER":
        return chance.choice(values.LITERALS["i32"] + values.LITERALS["dec"])
    return chance.choice(WORDS[name])


def make(kind, depth, chance, template=None):
    if kind in GROUPS:
        kind = chance.choice(GROUPS[kind])
    if template is None and (kind not in RULES_OF or depth <= 0 or chance.random() < 0.15):
        return leaf(kind, chance)
    template = template or chance.choice(RULES_OF[kind])
    parts = []
    for i, part in enumerate(OPERAND.split(template)):
        if i % 2 == 0:
            parts.append(part)
        elif part.isupper() and part != "T":
            parts.append(word(part, kind, chance))
        else:
            parts.append(make(kind if part == "T" else part, depth - 1, chance))
    return Node(kind, merged(parts), closed=CALL.fullmatch(template) is not None)


def merged(parts):
    """Texts that stand next to each other as one."""
    out = []
    for part in parts:
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        elif part != "":
            out.append(part)
    return out


def expressions(seed, count):
    """So many: every rule takes its turn, with operands of columns, literals and, for most, further rules."""
    chance = random.Random(seed)
    rules = [(kind, template) for kind, templates in RULES_OF.items() for template in templates]
    chance.shuffle(rules)
    queries = [("query", template) for template in QUERIES.strip().splitlines()]
    turns = (queries[i // QUERY_SHARE % len(queries)] if i % QUERY_SHARE == 0 else rules[i % len(rules)] for i in range(count))
    return [make(kind, chance.choice([1, 1, 2, 3]), chance, template) for kind, template in turns]
