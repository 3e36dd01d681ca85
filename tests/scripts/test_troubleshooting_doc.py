"""docs/troubleshooting.md: every message that it quotes is ours, word for word but for what varies."""
import re

import pytest
from doc_text import ROOT, sources_text

TEXT = (ROOT / "docs" / "troubleshooting.md").read_text()
OF_THE_SYSTEM = {"Connection refused", "File too large", "No space left on device"}  # words of the C library within our messages
SHORTEST = 8  # a part that tells nothing is none


def quoted(text):
    """The messages in the first column of tables."""
    rows = [row.split(" | ")[0] for row in re.findall(r"^\| (.*) \|$", text, re.MULTILINE)]
    return [message for row in rows for message in re.findall(r"`([^`]+)`", row)]


def parts(message):
    """What stands between that which varies; quotes and commas around it are of the text and may stay or go."""
    return [part.strip(" '") for part in message.split("…") if part.strip(" ';:,.?()")]


def not_said(messages, sources):
    return [part for message in messages for part in parts(message) if part not in sources and part not in OF_THE_SYSTEM]


def test_every_message_is_said_in_the_code():
    messages = quoted(TEXT)
    assert len(messages) >= 50
    assert not_said(messages, sources_text("core", "cli/src", "jni/src", "flink/common/src/main")) == []


def test_a_message_is_told_by_more_than_a_word():
    assert [message for message in quoted(TEXT) if max(map(len, parts(message))) < SHORTEST] == []


def test_no_message_stands_twice():
    messages = quoted(TEXT)
    assert sorted({message for message in messages if messages.count(message) > 1}) == []


@pytest.mark.parametrize("row, gone", [
    ("| `topic '…' does not exist: create it` | cause | `remedy` |", []), ("| `it never says … this` | x | y |", ["it never says", "this"]),
    ("| `cannot … the host` | `other` | |", ["the host"])])
def test_what_is_not_said_is_found(row, gone):
    assert not_said(quoted(row), 'fmt::format("topic \'{}\' does not exist: create it {}"); "cannot resolve"') == gone
