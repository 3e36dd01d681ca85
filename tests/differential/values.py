"""The table that expressions are over: its columns, edge values of each type, and literals as SQL writes them."""
import calendar
import collections
import random
import re
import struct
from decimal import Decimal

ZONE = "America/New_York"  # with hours that are there twice, and not at all

Column = collections.namedtuple("Column", "kind type values")  # values: as SQL's types mean them, see `encode`

TEXTS = ["", "a", "abc", "ABC", " ab ", "a_b", "a%b", "straße", "ΑΣΣ", "İ", "ä", "日本", "😀", "a😀b", "aa-bb-cc", "a,b,,c", "1", "TRUE", "\t",
         "it's", "a\\b", "ŉ", "A1b2", "aab", "e\u0301", "12-34"]
NUMBER_TEXTS = ["0", "12", "-7", " 12 ", "+5", "1.5", "-0.5", "1e3", "1E-2", "127", "128", "-129", "32768", "2147483648", "9223372036854775808", "abc",
                "", ".5", "5.", "NaN", "Infinity", "1.5f", "1e400", "0x10", "1_000", "12%", "--1", "1,5", "99999999999999999999999999999999999999.5",
                "-0", "00012", "１２", "1d", "4.9E-324"]
DATE_TEXTS = ["2024-01-31", "2024-02-29", "2023-02-29", "2024-01-31 23:59:59", "2024-01-31 12:34:56.789", "2024-1-5", "1969-12-31 23:59:59.5", "abc", "",
              "2024-03-10 02:30:00", "2024-11-03 01:30:00", "2024-01-31T10:00:00", "0000-01-01", "9999-12-31 23:59:59.999999999", "12:34:56", "24:00:00",
              "10000-01-01", " 2024-01-31 ", "2024-01-31 1:2:3", "2024-13-01", "20240131123456", "31.01.24", "2024-01-31 10:00", "12:34", "-0001-01-01",
              "2024-01-31 10:00:00Z"]
JSON_TEXTS = ['{"a":1}', '{"a":"x"}', '{"a":null}', '{"a":[1,2]}', '{"a":{"b":true}}', "[1,2,3]", "[]", "{}", "null", '"x"', "1", "", "{", '{"a":1} x',
              '{"a":1e9999}', '{"a":1.0}', '{"a":100000000000000000000}', '{"a":1,"a":2}', '{"a":"\\ud83d"}', '{"a":"\\u0041"}', "{'a':1}", '[{"a":1},{"a":2}]',
              '{"c":{"d":"e"}}', '{"a":1}//', '\ufeff{"a":1}', '{"a":1.10}', '{"a":1E2}', '{"ä":"ü"}', '{"a":-0}', '{"a":[{"b":1}]}', "[1", "tru", '{"a":false}']
BOOLEAN_TEXTS = ["true", "TRUE", "t", "yes", "y", "1", "0", "f", "no", "n", "false", "False", " true ", "on", "", "abc"]

INTEGERS = [0, 1, -1, 2, 7, -5, 10, 100, 127, -128, 13]


def integers(bits):
    most = 2 ** (bits - 1)
    return INTEGERS + [most - 1, -most, most // 2, most - 2, -most + 1]


DOUBLES = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 0.1, 1e-3, 1e7, 123456.789, 1e20, 1e300, 5e-324, 1.7976931348623157e308, float("nan"), float("inf"),
           float("-inf"), 2147483648.5, 9.2e18, 1e-10, 0.30000000000000004]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 0.1, 1.5, 2.5, 16777217.0, 1e-3, 1e7, 3.4028234663852886e38, 1.401298464324817e-45, float("nan"), float("inf"), 33554432.0,
          0.3, 1e10]


def decimals(precision, scale):
    one = 10 ** scale
    most = 10 ** precision - 1
    out = [0, 1, -1, most, -most, most // 2, 5 * one // 10, -5 * one // 10, 15 * one // 10, 25 * one // 10, -25 * one // 10, one, -one, 7 * one, 12 * one + 3]
    return [value for value in out if abs(value) <= most]


def seconds(year, month=1, day=1, hour=0, minute=0, second=0):
    """Since 1970 on the wall clock; years before 1 and past 9999 too."""
    cycles, of_cycle = divmod(year - 2000, 400)
    return calendar.timegm((2000 + of_cycle, month, day, hour, minute, second)) + cycles * 146097 * 86400


DAYS = [seconds(*day) // 86400 for day in [(1970,), (1969, 12, 31), (2024, 2, 29), (2024, 1, 31), (2023, 12, 31), (2000,), (1900, 3, 1), (1582, 10, 4), (1582, 10, 15),
                                           (1, 1, 1), (9999, 12, 31), (2024, 3, 10), (2024, 11, 3), (2021, 1, 3), (2020, 12, 31), (1883, 11, 18)]]
NANOS = 10 ** 9
MOMENTS = [0, -1, 999_999_999, -NANOS + 1] + [seconds(*moment) * NANOS + nanos for moment, nanos in [
    ((2024, 1, 31, 23, 59, 59), 999_999_999), ((2024, 2, 29, 12, 0, 0), 500_000_000), ((2024, 3, 10, 2, 30, 0), 0), ((2024, 3, 10, 7, 0, 0), 0),
    ((2024, 11, 3, 1, 30, 0), 0), ((2024, 11, 3, 5, 30, 0), 0), ((2024, 11, 3, 6, 30, 0), 1), ((1969, 12, 31, 12, 0, 0), 123_456_789), ((2000,), 0),
    ((1900, 1, 1, 0, 0, 0), 1_000), ((1700, 6, 15, 3, 4, 5), 678_900_000), ((2262, 1, 1), 0), ((2020, 12, 31, 23, 0, 0), 0)]]
FAR_MOMENTS = MOMENTS + [seconds(1) * NANOS, seconds(9999, 12, 31, 23, 59, 59) * NANOS + 999_999_999, seconds(1582, 10, 10) * NANOS]
CLOCKS = [0, 1, 59, 3600, 43200, 45296, 86399]
BYTES = [b"", b"a", b"abcd", b"\x00", b"\xff\xfe", "ä".encode(), b"\x80abc", b"\x00\x01\x02\x03", b"abc"]


def moments(precision, all_of):
    unit = 10 ** (9 - precision)
    return [value // unit * unit for value in all_of]


COLUMNS = {
    "bo": Column("bool", "BOOLEAN", [True, False]),
    "bn": Column("bool", "BOOLEAN", [False, True, True]),
    "i8": Column("i8", "TINYINT", integers(8)),
    "j8": Column("i8", "TINYINT", integers(8)),
    "i16": Column("i16", "SMALLINT", integers(16)),
    "j16": Column("i16", "SMALLINT", integers(16)),
    "i32": Column("i32", "INT", integers(32)),
    "j32": Column("i32", "INT", integers(32)),
    "i64": Column("i64", "BIGINT", integers(64)),
    "j64": Column("i64", "BIGINT", integers(64) + [1700000000, 1700000000123, 253402300800]),
    "f": Column("flt", "FLOAT", FLOATS),
    "g": Column("flt", "FLOAT", FLOATS),
    "d": Column("dbl", "DOUBLE", DOUBLES),
    "e": Column("dbl", "DOUBLE", DOUBLES),
    "n10": Column("dec", "DECIMAL(10, 2)", decimals(10, 2)),
    "n5": Column("dec", "DECIMAL(5, 0)", decimals(5, 0)),
    "n18": Column("dec", "DECIMAL(18, 18)", decimals(18, 18)),
    "n38": Column("dec", "DECIMAL(38, 0)", decimals(38, 0)),
    "m38": Column("dec", "DECIMAL(38, 10)", decimals(38, 10)),
    "s": Column("str", "STRING", TEXTS),
    "r": Column("str", "STRING", TEXTS),
    "v": Column("str", "VARCHAR(12)", [text for text in TEXTS if len(text) < 12]),
    "c": Column("str", "CHAR(5)", [text[:5].ljust(5) for text in TEXTS if len(text) < 6]),
    "sn": Column("numtext", "STRING", NUMBER_TEXTS),
    "sd": Column("datetext", "STRING", DATE_TEXTS),
    "sj": Column("json", "STRING", JSON_TEXTS),
    "sb": Column("booltext", "STRING", BOOLEAN_TEXTS),
    "x": Column("bin", "BYTES", BYTES),
    "y": Column("bin", "BINARY(4)", [value.ljust(4, b"\0")[:4] for value in BYTES]),
    "dt": Column("date", "DATE", DAYS),
    "du": Column("date", "DATE", DAYS),
    "t0": Column("time", "TIME(0)", [clock * NANOS for clock in CLOCKS]),
    "ts0": Column("ts", "TIMESTAMP(0)", moments(0, FAR_MOMENTS)),
    "ts3": Column("ts", "TIMESTAMP(3)", moments(3, FAR_MOMENTS)),
    "ts6": Column("ts", "TIMESTAMP(6)", moments(6, FAR_MOMENTS)),
    "ts9": Column("ts", "TIMESTAMP(9)", MOMENTS),
    "z3": Column("ltz", "TIMESTAMP_LTZ(3)", moments(3, FAR_MOMENTS)),
    "z9": Column("ltz", "TIMESTAMP_LTZ(9)", MOMENTS),
}


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


LITERALS = {
    "bool": ["TRUE", "FALSE"],
    "i8": ["CAST(1 AS TINYINT)", "CAST(-128 AS TINYINT)", "CAST(5 AS TINYINT)"],
    "i16": ["CAST(1 AS SMALLINT)", "CAST(32767 AS SMALLINT)"],
    "i32": ["1", "0", "-1", "2", "7", "2147483647", "-2147483648"],
    "i64": ["CAST(1 AS BIGINT)", "9223372036854775807", "2147483648", "-9223372036854775808", "3000000000"],
    "flt": ["CAST(1.5 AS FLOAT)", "CAST(0.1 AS FLOAT)", "CAST(1E10 AS FLOAT)"],
    "dbl": ["1E0", "0E0", "0.1E0", "2.5E0", "1E10", "1E-5", "1.5E308"],
    "dec": ["1.5", "0.1", "-2.5", "0.000", "123.456", "1.0", "99999999999999999999.5", "0.00000000001", "2.50"],
    "str": [quoted(text) for text in TEXTS],
    "bin": ["x'6869'", "x''", "x'ff00'", "x'61626364'"],
    "date": ["DATE '2024-01-31'", "DATE '1969-12-31'", "DATE '2024-02-29'", "DATE '0001-01-01'", "DATE '9999-12-31'"],
    "time": ["TIME '23:59:59'", "TIME '00:00:00'", "TIME '12:34:56'"],
    "ts": ["TIMESTAMP '2024-01-31 23:59:59.123'", "TIMESTAMP '1969-12-31 23:59:59.999'", "TIMESTAMP '2024-03-10 02:30:00'", "TIMESTAMP '2024-02-29 00:00:00'",
           "TIMESTAMP '2024-01-31 12:00:00.123456789'"],
    "ltz": ["CAST(TIMESTAMP '2024-01-31 23:59:59.123' AS TIMESTAMP_LTZ(3))", "CAST(TIMESTAMP '2024-11-03 01:30:00' AS TIMESTAMP_LTZ(3))", "TO_TIMESTAMP_LTZ(0, 3)"],
}

ROWS = 47


def rows():
    """One value or None for each column: each column goes through its values in an order of its own, so that they meet in many ways."""
    chance = random.Random("rows")
    columns = []
    for column in COLUMNS.values():
        filled = []
        while len(filled) < ROWS - 2:
            block = list(column.values)
            chance.shuffle(block)
            filled += block
        filled = filled[: ROWS - 2]
        filled.insert(chance.randrange(ROWS - 1), None)
        columns.append(filled + [None])  # the last row has nothing
    return list(zip(*columns))


def part(row, expression):
    """What an expression reads of an encoded row."""
    without_texts = re.sub(r"'(?:[^']|'')*'", "''", expression)
    return {name: value for name, value in zip(COLUMNS, row) if re.search(rf"\b{name}\b", without_texts)}


def encode(value, sql_type):
    """A value as the engines are told it: engines.py."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"={int(value)}"
    if isinstance(value, float):
        return "=" + (struct.pack(">f", min(max(value, -3.4028234663852886e38), 3.4028234663852886e38) if abs(value) < float("inf") else value).hex()
                      if sql_type == "FLOAT" else struct.pack(">d", value).hex())
    if isinstance(value, str):
        return "=" + value.encode().hex()
    if isinstance(value, bytes):
        return "=" + value.hex()
    return f"={value}"


def shown(field, sql_type):
    """An encoded value for people."""
    if field == "":
        return "NULL"
    if field == "-":
        return "left out"
    if field.startswith("!"):
        return "fails: " + field[1:]
    value = field[1:]
    base = sql_type.split("(")[0].split()[0]
    if base == "BOOLEAN":
        return "TRUE" if value == "1" else "FALSE"
    if base in ("FLOAT", "DOUBLE"):
        return repr(number(field, sql_type))
    if base == "DECIMAL":
        scale = int(sql_type.split(",")[1].split(")")[0])
        return format(Decimal(int(value)).scaleb(-scale), "f") if scale else value
    if base in ("CHAR", "VARCHAR", "STRING"):
        return ascii_quoted(bytes.fromhex(value).decode("utf-8", "backslashreplace"))
    if base in ("BINARY", "VARBINARY", "BYTES"):
        return f"x'{value}'"
    if base == "DATE":
        return date_text(int(value))
    if base == "TIME":
        return clock_text(int(value))
    if base in ("TIMESTAMP", "TIMESTAMP_LTZ"):
        days, rest = divmod(int(value), 86400 * NANOS)
        return f"{date_text(days)} {clock_text(rest)}"
    return value


def number(field, sql_type):
    if sql_type.startswith("FLOAT"):
        return struct.unpack(">f", bytes.fromhex(field[1:].rjust(8, "0")))[0]
    return struct.unpack(">d", bytes.fromhex(field[1:].rjust(16, "0")))[0]


def ascii_quoted(text):
    return "'" + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text) + "'"


def clock_text(nanos):
    whole, fraction = divmod(nanos, NANOS)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}" + (f".{fraction:09}".rstrip("0") if fraction else "")


def date_text(days):
    """The Gregorian date, also where datetime has none."""
    cycles, of_cycle = divmod(days - 11017, 146097)  # from 2000-03-01
    century = min(of_cycle // 36524, 3)
    of_century = of_cycle - century * 36524
    four = of_century // 1461
    of_four = of_century - four * 1461
    year = min(of_four // 365, 3)
    of_year = of_four - year * 365
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    full = 2000 + cycles * 400 + century * 100 + four * 4 + year + (month >= 10)
    return f"{full:04}-{(month + 2) % 12 + 1:02}-{day:02}"
