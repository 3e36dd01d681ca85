"""Differences that docs/sql.md lists under "without a word": what a fresh seed finds of them is told, and fails nothing."""
import re

import compare

LISTED = [  # what the least expression has, which verdicts, and why
    (r"CAST\(NULL AS|CASE WHEN (FALSE|TRUE)|NULLIF\((.+), \2\)|IF\((FALSE|TRUE),", compare.MAY_BE_WARNED_OF, "a NULL that is known when the query is planned"),
    (r"TO_TIMESTAMP\(\w+, '", [compare.VALUE], "TO_TIMESTAMP by a pattern keeps nanoseconds in Flink"),
    (r"FROM_BASE64", [compare.VALUE], "FROM_BASE64 of what is no UTF-8"),
]


def why(found):
    """Why a difference is none to be mended; nothing when it is."""
    if found.verdict == compare.LAST_BITS:
        return "last digits of logarithms and angles"
    text = found.node.text()
    return next((reason for pattern, verdicts, reason in LISTED if found.verdict in verdicts and re.search(pattern, text)), None)
