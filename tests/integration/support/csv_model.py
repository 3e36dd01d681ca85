"""From message bodies to rows, written anew from what docs/formats.md says, slow and plain. What a job prints is read back
here too, so that rows are compared as values."""

import dataclasses
import datetime
import decimal
import re
import struct

decimal.getcontext().prec = 60

_INTEGERS = {"TINYINT": 8, "SMALLINT": 16, "INT": 32, "BIGINT": 64}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_EPOCH = datetime.datetime(1970, 1, 1)
_EPOCH_UNITS = {9: "seconds", 10: "seconds", 12: "milliseconds", 13: "milliseconds", 15: "microseconds", 16: "microseconds"}


class BadField(Exception):
    """A field that does not convert."""


class BadRecord(Exception):
    """A record that fails the job."""


@dataclasses.dataclass
class Layout:
    types: list  # as in the DDL: "INT", "DECIMAL(10, 2)", "TIMESTAMP(3)", …
    field: str = "\x01"
    line: str = "\n"
    quote: str = None
    length_check: str = "NONE"
    encoding: str = "utf-8"


def rows_of(body, layout):
    """The rows of one message."""
    text = body.decode(layout.encoding, "replace")
    rows = []
    for fields in _records(text, layout):
        wanted = len(layout.types)
        if layout.length_check == "EXCEPTION" and len(fields) != wanted:
            raise BadRecord(f"{len(fields)} fields")
        if layout.length_check == "SKIP" and len(fields) != wanted:
            continue
        if layout.length_check == "NONE" and len(fields) < wanted:
            continue
        missing = [None] * (wanted - len(fields))
        try:
            rows.append([_convert(field, kind) for field, kind in zip(fields[:wanted], layout.types)] + missing)
        except BadField:
            if layout.length_check == "EXCEPTION":
                raise BadRecord(fields) from None
    return rows


def _records(text, layout):
    """Lists of fields. Texts whose quotes are not well formed are not for this model."""
    at = 0
    lines = ["\r\n", "\n"] if layout.quote and layout.line == "\n" else [layout.line]
    while at < len(text):
        begin, fields, single = at, [], len(layout.types) == 1
        while True:
            if layout.quote and text.startswith(layout.quote, at):
                field, at = _quoted(text, at + 1, layout.quote)
            else:
                ends = [text.find(each, at) for each in lines + ([] if single else [layout.field])]
                end = min((each for each in ends if each >= 0), default=len(text))
                field, at = text[at:end], end
            fields.append(field)
            # Where both delimiters could begin, the line ends.
            found = next((each for each in lines if text.startswith(each, at)), None)
            if at >= len(text) or found:
                break
            at += len(layout.field)
        record = text[begin:at]
        at += len(found or "")
        if record:
            yield fields


def _quoted(text, at, quote):
    out = ""
    while True:
        end = text.index(quote, at)
        out += text[at:end]
        if not text.startswith(quote, end + 1):
            return out, end + 1
        out += quote
        at = end + 2


def _convert(text, kind):
    name, _, arguments = kind.partition("(")
    if name == "VARCHAR":
        return text
    if text == "":
        return None
    text = text.strip("".join(map(chr, range(0x21))))
    arguments = [int(each) for each in arguments.rstrip(")").split(",") if each]
    try:
        return _CONVERTERS[name](text, *arguments)
    except (ValueError, ArithmeticError):
        raise BadField(f"{text!r} as {kind}") from None


def _boolean(text):
    return {"true": True, "1": True, "false": False, "0": False}.get(text.lower()) if text.lower() in (
        "true", "1", "false", "0") else _refuse(text)


def _refuse(text):
    raise BadField(text)


def _integer(bits):
    def convert(text):
        if not re.fullmatch(r"[+-]?[0-9]+", text):
            raise BadField(text)
        value = int(text)
        if not -2 ** (bits - 1) <= value < 2 ** (bits - 1):
            raise BadField(text)
        return value
    return convert


def _double(text):
    if not _NUMBER.fullmatch(text):
        raise BadField(text)
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise BadField(text)
    return value


def _float(text):
    return struct.unpack("<f", struct.pack("<f", _double(text)))[0]  # OverflowError is an ArithmeticError


def _decimal(text, precision, scale):
    if not _NUMBER.fullmatch(text):
        raise BadField(text)
    value = decimal.Decimal(text).quantize(decimal.Decimal(1).scaleb(-scale), decimal.ROUND_HALF_UP)
    if abs(value) >= decimal.Decimal(10) ** (precision - scale):
        raise BadField(text)
    return value


def _digits(text):
    return text.isascii() and text.isdigit()


def _cut(value, precision):
    step = 10 ** (6 - precision)
    return value.replace(microsecond=value.microsecond // step * step)


def _date(text):
    if _digits(text) and len(text) == 8:
        return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise BadField(text)
    return datetime.date.fromisoformat(text)


def _time(text, precision=0):
    if _digits(text) and len(text) == 6:
        return datetime.time(int(text[:2]), int(text[2:4]), int(text[4:]))
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?", text):
        raise BadField(text)
    return _cut(_clock(text), precision)


def _clock(text):
    whole, _, fraction = text.partition(".")
    parts = [int(each) for each in whole.split(":")] + [0]
    return datetime.time(parts[0], parts[1], parts[2], int(fraction.ljust(6, "0") or 0))


def _timestamp(text, precision=6):
    if _digits(text):
        if len(text) in _EPOCH_UNITS:
            return _cut(_EPOCH + datetime.timedelta(**{_EPOCH_UNITS[len(text)]: int(text)}), precision)
        if len(text) not in (8, 14, 17):
            raise BadField(text)
        clock = datetime.time()
        if len(text) > 8:
            clock = datetime.time(int(text[8:10]), int(text[10:12]), int(text[12:14]), int(text[14:] or 0) * 1000)
        return _cut(datetime.datetime.combine(_date(text[:8]), clock), precision)
    found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)", text)
    if not found:
        raise BadField(text)
    return _cut(datetime.datetime.combine(datetime.date.fromisoformat(found[1]), _clock(found[2])), precision)


_CONVERTERS = {"BOOLEAN": _boolean, "FLOAT": _float, "DOUBLE": _double, "DECIMAL": _decimal, "DATE": _date, "TIME": _time,
               "TIMESTAMP": _timestamp, **{name: _integer(bits) for name, bits in _INTEGERS.items()}}


def printed_row(line, types):
    """The values of a row that `print` wrote; texts must not hold ", "."""
    if not (line.startswith("+I[") and line.endswith("]")):
        raise ValueError(f"not a row: {line!r}")
    fields = line[3:-1].split(", ")
    if len(fields) != len(types):
        raise ValueError(f"{len(fields)} values, not {len(types)}: {line!r}")
    return [_printed(field, kind) for field, kind in zip(fields, types)]


def _printed(text, kind):
    name = kind.partition("(")[0]
    if text == "null" and name != "VARCHAR":
        return None
    if name == "VARCHAR":
        return None if text == "null" else text
    if name == "BOOLEAN":
        return {"true": True, "false": False}[text]
    if name == "FLOAT":
        return struct.unpack("<f", struct.pack("<f", float(text)))[0]
    if name == "DECIMAL":
        value = decimal.Decimal(text)
        return (value, -value.as_tuple().exponent)
    if name in ("DATE", "TIME", "TIMESTAMP"):
        return {"DATE": datetime.date, "TIME": datetime.time, "TIMESTAMP": datetime.datetime}[name].fromisoformat(text)
    return float(text) if name == "DOUBLE" else int(text)


def comparable(row, types):
    """A row of `rows_of` as `printed_row` gives it."""
    return [(value, int(kind.rstrip(")").split(",")[1])) if kind.startswith("DECIMAL") and value is not None else value
            for value, kind in zip(row, types)]
