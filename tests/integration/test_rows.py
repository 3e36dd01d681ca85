"""What a job reads out of generated CSV, against a slow reader of our own that shares no code with it."""

import random

import pytest

from support.csv_model import Layout, comparable, printed_row, rows_of
from support.runner import run, table

ALL_TYPES = ["BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL(12, 3)", "DECIMAL(38, 18)", "DATE",
             "TIME(0)", "TIMESTAMP(3)", "TIMESTAMP(6)", "VARCHAR"]
MESSAGES = 250


class Generator:
    """Bodies in a layout, most fields good, some bad, empty, at the limits or in odd notation."""

    def __init__(self, layout, seed, alphabet="abc xyz.-_'012", bad=0.02):
        self._layout, self._random, self._alphabet, self._bad = layout, random.Random(seed), alphabet, bad

    def body(self):
        layout, choose = self._layout, self._random
        records = [self._record() for _ in range(choose.choice((1, 1, 2, 3, 8)))]
        line = "\r\n" if layout.quote and layout.line == "\n" and choose.random() < 0.3 else layout.line
        text = line.join(records)
        if choose.random() < 0.3:
            text += line
        if choose.random() < 0.05:
            text = layout.line + text
        if choose.random() < 0.02:
            text = ""
        return text.encode(layout.encoding)

    def _record(self):
        choose = self._random
        if choose.random() < 0.03:
            return ""
        fields = [self._field(kind) for kind in self._layout.types]
        if choose.random() < 0.08:
            fields += [self._maybe_quoted(self._text())] * choose.randint(1, 2)
        elif choose.random() < 0.08:
            fields = fields[:choose.randint(1, len(fields))]
        return self._layout.field.join(fields)

    def _field(self, kind):
        choose = self._random
        name, _, arguments = kind.partition("(")
        if choose.random() < 0.05:
            return ""
        if choose.random() < self._bad:
            return self._maybe_quoted(choose.choice(("x", "1 2", "--1", "1e", "0x10", "99999999999999999999999999999999999999999",
                                                     "2024-02-30", "25:00:00", "tru", "1.2.3", "+-5", "é")))
        text = getattr(self, "_" + {"TINYINT": "integer", "SMALLINT": "integer", "INT": "integer", "BIGINT": "integer",
                                    "FLOAT": "float", "DOUBLE": "float", "VARCHAR": "text"}.get(name, name.lower()))(
            *([kind] if name in ("TINYINT", "SMALLINT", "INT", "BIGINT", "DECIMAL") else []))
        if name not in ("VARCHAR",) and choose.random() < 0.05:
            text = choose.choice((" ", "  ")) + text + choose.choice(("", " "))
        return self._maybe_quoted(text)

    def _maybe_quoted(self, text):
        quote = self._layout.quote
        if not quote:
            return text
        special = any(each in text for each in (quote, self._layout.field, self._layout.line))
        if special or self._random.random() < 0.2:
            return quote + text.replace(quote, quote * 2) + quote
        return text

    def _text(self):
        choose = self._random
        alphabet = self._alphabet + ((self._layout.quote + self._layout.field + self._layout.line) if self._layout.quote else "")
        text = "".join(choose.choice(alphabet) for _ in range(choose.randint(0, 12)))
        return text.replace(", ", ",")

    def _boolean(self):
        return self._random.choice(("true", "false", "TRUE", "False", "1", "0"))

    def _integer(self, kind):
        bits = {"TINYINT": 8, "SMALLINT": 16, "INT": 32, "BIGINT": 64}[kind]
        limit = 2 ** (bits - 1)
        value = self._random.choice((0, 1, -1, limit - 1, -limit, self._random.randrange(-limit, limit),
                                     self._random.randrange(-100, 100)))
        if self._random.random() < self._bad:
            value = self._random.choice((limit, -limit - 1))
        return self._random.choice(("", "", "", "+" if value >= 0 else "", "00" if value >= 0 else "")) + str(value)

    def _float(self):
        choose = self._random
        value = choose.choice((0.0, choose.uniform(-1000, 1000), choose.uniform(-1, 1) * 10.0 ** choose.randint(-30, 30)))
        return choose.choice((repr(value), f"{value:.3f}", f"{value:e}", str(int(value)), f"{value:.1E}"))

    def _decimal(self, kind):
        choose = self._random
        whole = choose.randrange(10 ** choose.randint(0, 11))
        digits = "".join(choose.choice("0123456789") for _ in range(choose.randint(0, 20)))
        return choose.choice(("", "-", "+")) + choose.choice((f"{whole}.{digits}", str(whole), f"{whole}.{digits}e-2", f"{whole}e1"))

    def _date(self):
        return f"{self._random.randint(1, 9999):04d}-{self._random.randint(1, 12):02d}-{self._random.randint(1, 28):02d}"

    def _time(self):
        choose = self._random
        text = f"{choose.randint(0, 23):02d}:{choose.randint(0, 59):02d}"
        return text + choose.choice(("", f":{choose.randint(0, 59):02d}", f":{choose.randint(0, 59):02d}.{choose.randint(0, 999):03d}"))

    def _timestamp(self):
        choose = self._random
        if choose.random() < 0.2:
            return choose.choice((str(choose.randrange(10 ** choose.randint(8, 18))), self._date().replace("-", ""),
                                  f"{self._date()}{choose.randrange(24):02d}5959".replace("-", "")))
        return self._date() + choose.choice((" ", "T")) + self._time()


CASES = {
    "every type, commas": (Layout(ALL_TYPES, field=","), {}),
    "default delimiters": (Layout(ALL_TYPES), {}),
    "short records skipped, long ones too": (Layout(["INT", "VARCHAR", "DOUBLE"], field=",", length_check="SKIP"), {}),
    "short records padded": (Layout(["BIGINT", "VARCHAR", "BOOLEAN", "DATE"], field=",", length_check="PAD"), {}),
    "delimiters of several characters": (Layout(["INT", "VARCHAR", "VARCHAR"], field="||", line="\r\n"),
                                         {"alphabet": "ab|x\r7"}),
    "a tab, lines that end in a word": (Layout(["VARCHAR", "SMALLINT"], field="\t", line="END"), {"alphabet": "ENDab"}),
    "one column takes the whole record": (Layout(["VARCHAR"], field=","), {"alphabet": "a,b;"}),
    "quotes": (Layout(["VARCHAR", "INT", "VARCHAR"], field=",", line=";", quote='"'), {"alphabet": "ab'"}),
    "quotes of another kind, padded": (Layout(["VARCHAR", "DOUBLE", "VARCHAR"], field="|", line=";", quote="'",
                                              length_check="PAD"), {"alphabet": 'ab"'}),
    "GBK": (Layout(["VARCHAR", "INT", "VARCHAR"], field=",", encoding="gbk"), {"alphabet": "中文字符a1"}),
    "UTF-16LE": (Layout(["VARCHAR", "BIGINT"], field=",", encoding="utf-16-le"), {"alphabet": "aé中😀ö"}),
    "ISO-8859-1": (Layout(["VARCHAR", "INT"], field="§", encoding="iso-8859-1"), {"alphabet": "aäöüß¿"}),
    "UTF-8 beyond the first plane": (Layout(["VARCHAR", "INT"], field="→", line="¶"), {"alphabet": "aé中😀"}),
}
ENCODINGS = {"utf-16-le": "UTF-16LE", "iso-8859-1": "ISO-8859-1", "gbk": "GBK"}
ESCAPES = str.maketrans({"\n": "\\n", "\t": "\\t", "\r": "\\r", "\x01": "\\u0001"})


def declaration(types):
    return ", ".join(f"c{i} {kind}" for i, kind in enumerate(types))


def options_of(layout):
    options = {"fieldDelimiter": layout.field.translate(ESCAPES), "lineDelimiter": layout.line.translate(ESCAPES),
               "lengthCheck": layout.length_check, "encoding": ENCODINGS.get(layout.encoding, "UTF-8")}
    if layout.quote:
        options["quoteCharacter"] = layout.quote
    return options


def read(target, topic, layout):
    columns = declaration(layout.types)
    source = table("src", columns, target.source_options(topic, **options_of(layout)))
    return run(source + table("out", columns, {"connector": "print"}) + "INSERT INTO out SELECT * FROM src;", "--bounded")


@pytest.mark.parametrize("name", CASES)
def test_rows_of_generated_messages_equal_those_of_an_independent_reader(mq5, name):
    layout, settings = CASES[name]
    generator = Generator(layout, seed=name, **settings)
    bodies = [generator.body() for _ in range(MESSAGES)]
    topic = mq5.topic(queues=1)
    for begin in range(0, MESSAGES, 50):
        mq5.client.send_batch(topic, bodies[begin:begin + 50])
    expected = [comparable(row, layout.types) for body in bodies for row in rows_of(body, layout)]
    assert len(expected) > MESSAGES / 2, "the generator makes too few good rows"

    printed = [printed_row(line, layout.types) for line in read(mq5, topic, layout).rows]

    assert printed == expected


def test_bytes_that_are_not_valid_in_the_encoding_become_the_replacement_character(mq5):
    bodies = [b"a\xffb,1", b"\xc3,2", b"\xe4\xb8,3", b"ok\xf0\x9f\x98,4", b"\xc0\xaf,5"]
    layout = Layout(["VARCHAR", "INT"], field=",")
    topic = mq5.topic(queues=1)
    mq5.client.send_batch(topic, bodies)

    printed = [printed_row(line, layout.types) for line in read(mq5, topic, layout).rows]

    assert printed == [row for body in bodies for row in rows_of(body, layout)]


@pytest.mark.parametrize("body, problem", [("1,x,extra", "3"), ("1", "1"), ("one,x", "one")])
def test_exception_fails_the_job_at_a_record_of_the_wrong_length_or_type(mq5, body, problem):
    topic = mq5.topic(queues=1)
    mq5.client.send_batch(topic, ["7,good", body])
    sql = (mq5.source(topic, "a INT, b VARCHAR", options={"lengthCheck": "EXCEPTION"})
           + table("out", "a INT, b VARCHAR", {"connector": "print"}) + "INSERT INTO out SELECT * FROM src;")

    failed = run(sql, "--bounded", expect=1)

    assert topic in failed.log and problem in failed.log


def test_column_error_debug_logs_every_bad_field_with_its_place(mq5):
    topic = mq5.topic(queues=1)
    mq5.client.send_batch(topic, ["1,a", "first,b", "second,c", "4,d\nthird,e"])
    group = {"columnErrorDebug": "true"}

    loud = run(mq5.source(topic, "a INT, b VARCHAR", options=group) + table("out", "a INT, b VARCHAR", {"connector": "print"})
               + "INSERT INTO out SELECT * FROM src;", "--bounded")
    quiet = run(mq5.source(topic, "a INT, b VARCHAR") + table("out", "a INT, b VARCHAR", {"connector": "print"})
                + "INSERT INTO out SELECT * FROM src;", "--bounded")

    assert loud.rows == quiet.rows == ["+I[1, a]", "+I[4, d]"]
    for text in ("first", "second", "third"):
        lines = [line for line in loud.log.splitlines() if text in line]
        assert len(lines) == 1 and topic in lines[0] and "INT" in lines[0], loud.log
    assert sum(text in quiet.log for text in ("first", "second", "third")) <= 1, "without it, one a minute at most"


def test_an_empty_message_is_a_row_of_a_binary_table_and_none_of_a_csv_table(mq5):
    topic = mq5.topic(queues=1)
    mq5.client.send_batch(topic, ["", "x"])

    def rows(columns, query):
        return run(mq5.source(topic, columns) + table("out", "v VARCHAR", {"connector": "print"})
                   + f"INSERT INTO out SELECT {query} FROM src;", "--bounded").rows

    assert rows("b VARBINARY", "CAST(b AS VARCHAR)") == ["+I[]", "+I[x]"]
    assert rows("b VARCHAR", "b") == ["+I[x]"]
    assert rows("`queue-offset` BIGINT METADATA", "CAST(`queue-offset` AS VARCHAR)") == ["+I[0]", "+I[1]"]
