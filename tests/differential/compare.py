"""What two answers have to do with each other."""
import math
import re
import struct

import values

EQUAL = "equal"
LAST_BITS = "equal but for last bits"
VALUE = "another value"
NATIVE_FAILS = "native fails at run time"
FLINK_FAILS = "Flink fails at run time"
ANOTHER_TYPE = "another type"
ANOTHER_LENGTH = "text or bytes of another declared length"
FLINK_REFUSES = "taken natively, refused by Flink"
NATIVE_REFUSES = "refused natively"
BREAKS = "native breaks"
NO_ANSWER = "Flink has no operator to ask, or breaks"
WARNED = "differs, and the native engine says so when it plans"
LIMIT = "a time beyond the native engine's years"

DIFFERENCES = [BREAKS, VALUE, NATIVE_FAILS, FLINK_FAILS, LAST_BITS, ANOTHER_TYPE, FLINK_REFUSES]  # the worst first
MAY_BE_WARNED_OF = [VALUE, NATIVE_FAILS, FLINK_FAILS]
YEARS = "290000 years away from 1970"  # which the error says
ULPS = 4
TEXTS = re.compile(r"(VAR)?(CHAR|BINARY)")


def verdict(flink, native):
    """The worst of all rows, and the rows that have it, if it is one of rows."""
    if native.why == "DIED" or native.why.startswith("DuckDB does not take the plan") or "INTERNAL Error" in native.why:
        return BREAKS, []
    if flink.why == "DIED" or "the plan has no operator for rows" in flink.why:
        return NO_ANSWER, []
    if flink.refused:
        if native.refused:
            return EQUAL, []
        if all(value.startswith("!") for value in native.values):
            return EQUAL, []
        return FLINK_REFUSES, []
    if native.refused:
        return (ANOTHER_TYPE if native.type and "Query schema" in native.why else NATIVE_REFUSES), []
    verdicts = [value_verdict(a, b, flink.type) for a, b in zip(flink.values, native.values)]
    for each in [*DIFFERENCES, LIMIT]:
        if each in verdicts:
            return WARNED if native.why and each in MAY_BE_WARNED_OF else each, [row for row, one in enumerate(verdicts) if one == each]
    types = plain(flink.type), plain(native.type)
    if types[0] == types[1]:
        return EQUAL, []
    return (ANOTHER_LENGTH if TEXTS.match(types[0]) and TEXTS.match(types[1]) else ANOTHER_TYPE), []


def value_verdict(flink, native, sql_type):
    if flink == native:
        return EQUAL
    if flink.startswith("!"):
        return EQUAL if native.startswith("!") else FLINK_FAILS
    if native.startswith("!"):
        if YEARS in native:
            return LIMIT
        return BREAKS if "INTERNAL Error" in native else NATIVE_FAILS
    if flink == "-" or native == "-":
        return VALUE
    if flink and native and sql_type.split()[0] in ("FLOAT", "DOUBLE"):
        a, b = values.number(flink, sql_type), values.number(native, sql_type)
        if math.isnan(a) and math.isnan(b):
            return EQUAL
        if math.isfinite(a) and math.isfinite(b) and abs(ordinal(flink, sql_type) - ordinal(native, sql_type)) <= ULPS:
            return LAST_BITS
    if sql_type.split("(")[0].split()[0] in ("CHAR", "VARCHAR", "STRING") and flink and written(flink) == written(native):
        return EQUAL
    return VALUE


def written(field):
    """A text as a message gets it: what is no UTF-8, which Flink carries along, is U+FFFD there."""
    return bytes.fromhex(field[1:]).decode("utf-8", "replace")


def ordinal(field, sql_type):
    """Neighbouring numbers have neighbouring ones; 0 and -0 are as far apart as can be told."""
    number = values.number(field, sql_type)
    form = (">f", ">i", 0x7FFFFFFF) if sql_type.startswith("FLOAT") else (">d", ">q", 0x7FFFFFFFFFFFFFFF)
    bits = struct.unpack(form[1], struct.pack(form[0], number))[0]
    return bits if bits >= 0 else -(bits & form[2]) - ULPS - 1


def plain(sql_type):
    sql_type = sql_type.replace(" NOT NULL", "").replace("(2147483647)", "")
    return {"STRING": "VARCHAR", "BYTES": "VARBINARY", "CHAR(0)": "VARCHAR"}.get(sql_type, sql_type)
