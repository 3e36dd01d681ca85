"""The smallest expressions that differ, for many differences at once: all that could be smaller is asked together."""
import collections

import compare
import grammar

MOST_ROUNDS = 8

Found = collections.namedtuple("Found", "node verdict row flink native")


def look(pair, nodes):
    """A Found for each node, equal ones too."""
    answers = pair.ask([node.text() for node in nodes])
    return [Found(node, *compare.verdict(flink, native), flink, native) for node, (flink, native) in zip(nodes, answers)]


def smaller(node):
    """What may show the same and is smaller: the operands, and itself with an operand made a column or literal."""
    out = [part for part in node.below() if not part.leaf]
    for index, part in node.operands():
        if not part.leaf:
            columns, literals = grammar.leaves(part.kind)
            out += [node.with_operand(index, plain) for plain in columns + literals]
            out += [node.with_operand(index, below) for below in part.below() if below.kind == part.kind and not below.leaf]
    return out


def shrink(pair, differences, say=lambda text: None):
    """The Founds of `differences`, each as small as it gets with the same verdict."""
    open_ones, done = list(differences), []
    for number in range(MOST_ROUNDS):
        proposals = [smaller(found.node) for found in open_ones]
        say(f"shrinking, round {number + 1}: {len(open_ones)} differences, {sum(map(len, proposals))} smaller expressions")
        looks = iter(look(pair, [node for each in proposals for node in each]))
        still = []
        for found, proposed in zip(open_ones, proposals):
            same = [each for each in (next(looks) for _ in proposed) if each.verdict == found.verdict]
            if same:
                still.append(min(same, key=lambda each: (each.node.size(), len(each.node.text()))))
            else:
                done.append(found)
        open_ones = still
        if not open_ones:
            break
    return done + open_ones


def cause(found):
    """What a difference is put down to: the smallest expression, with types for its columns and literals."""
    return signature(found.node)


def signature(node):
    return "".join(part if isinstance(part, str) else f"<{part.kind}>" if part.leaf else f"({signature(part)})" for part in node.parts)
