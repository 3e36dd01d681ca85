"""Differences that docs/sql.md lists under "without a word": what a fresh seed finds of them is told, and fails nothing."""
import re

import compare

LISTED = [  # what the least expression has, which verdicts, and why
    (r"CAST\(NULL AS|CASE WHEN (FALSE|TRUE)|NULLIF\((.+), \2\)|IF\((FALSE|TRUE),", compare.MAY_BE_WARNED_OF, "a NULL that is known when the query is planned"),
    (r"TO_TIMESTAMP\(\w+, '", [compare.VALUE], "TO_TIMESTAMP by a pattern keeps nanoseconds in Flink"),
    (r"WHERE .*\(?\b(\w+) (=|<>|<|<=|>|>=) \1\b", [compare.VALUE], "a column compared with itself in WHERE"),
    (r"FROM_BASE64", [compare.VALUE], "FROM_BASE64 of what is no UTF-8"),
]
REFUSED = [  # what Flink says of it
    (r"Year out of range", "a time past the year 9999 that is known when the query is planned"),
    (r"Unsupported call: ATAN2", "ATAN2 of a DECIMAL with another type"),
]


def why(found):
    """Why a difference is none to be mended; nothing when it is."""
    if found.verdict == compare.LAST_BITS:
        return "last digits of logarithms and angles"
    text = found.node.text()
    if found.verdict == compare.FLINK_REFUSES:
        return next((reason for pattern, reason in REFUSED if re.search(pattern, found.flink.why)), None)
    return next((reason for pattern, verdicts, reason in LISTED if found.verdict in verdicts and re.search(pattern, text)), None)
