"""The smallest expressions that differ, for many differences at once: all that could be smaller is asked together."""
import collections
import re

import compare
import grammar
import values

INTERVAL, COMPARISON = re.compile(r"INTERVAL '[^']*'"), re.compile(r" (=|<>|<=?|>=?) ")
MOST_ROUNDS = 8
MOST_COLUMNS, MOST_LITERALS = 2, 1  # that are tried in the place of an operand

Found = collections.namedtuple("Found", "node verdict row flink native")


def look(pair, nodes):
    """A Found for each node, equal ones too."""
    answers = pair.ask([node.text() for node in nodes])
    return [judged(pair.rows, node, flink, native) for node, (flink, native) in zip(nodes, answers)]


def judged(rows, node, flink, native):
    """With the least of the rows that show the verdict."""
    verdict, showing = compare.verdict(flink, native)
    row = min(showing, key=lambda number: sum(map(len, values.part(rows[number], node.text()).values())), default=None)
    return Found(node, verdict, row, flink, native)


def smaller(node):
    """What may show the same and is smaller: what is within it, and itself with less in the place of an operand."""
    out = [part for part in node.below() if part.text() not in values.COLUMNS]
    for index, part in node.operands():
        if not part.leaf:
            columns, literals = grammar.leaves(part.kind)
            out += [node.with_operand(index, less) for less in columns[:MOST_COLUMNS] + literals[:MOST_LITERALS]]
            out += [node.with_operand(index, less) for less in part.below() if less.kind == part.kind and not less.leaf]
    return out


def shrink(pair, differences, say=lambda text: None):
    """By verdict and cause: the least Found, and of how many of `differences` that is what is left. Those that have become alike go on as one."""
    open_ones, done = merged((found, 1) for found in differences), {}
    for number in range(MOST_ROUNDS):
        proposals = [smaller(found.node) for found, _ in open_ones.values()]
        say(f"shrinking, round {number + 1}: {len(open_ones)} differences, {sum(map(len, proposals))} smaller expressions")
        looks = iter(look(pair, [node for each in proposals for node in each]))
        still, ended = [], list(done.values())
        for (found, count), proposed in zip(open_ones.values(), proposals):
            same = [each for each in (next(looks) for _ in proposed) if each.verdict == found.verdict]
            if same:
                still.append((min(same, key=size), count))
            else:
                ended.append((found, count))
        open_ones, done = merged(still), merged(ended)
        if not open_ones:
            break
    return merged([*done.values(), *open_ones.values()])


def merged(counted):
    groups = {}
    for found, count in counted:
        key = found.verdict, signature(found.node)
        least, before = groups.get(key, (found, 0))
        groups[key] = min(least, found, key=size), before + count
    return groups


def size(found):
    return found.node.size(), len(found.node.text())


def signature(node):
    """What a difference is put down to: the expression with types for its columns and literals, and any interval or comparison for another."""
    return "".join(COMPARISON.sub(" <cmp> ", INTERVAL.sub("INTERVAL '…'", part)) if isinstance(part, str) else f"<{part.kind}>" if part.leaf else f"({signature(part)})" for part in node.parts)
