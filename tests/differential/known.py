"""Differences that were found: known.jsonl has one a line, with the row that showed it and Flink's value. `differs` says whether the native
engine gives another one yet; a line whose difference is mended, or refused by name now, loses that mark and must stay so."""
import json
from pathlib import Path

import compare
import engines
import values

FILE = Path(__file__).resolve().parent / "known.jsonl"


def read():
    return [json.loads(line) for line in FILE.read_text().splitlines()] if FILE.exists() else []


def write(cases):
    FILE.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases))


def add(found_and_rows):
    cases = read()
    there = {case["expression"] for case in cases}
    for found, row in found_and_rows:
        if found.node.text() not in there:
            cases.append({"differs": True, "expression": found.node.text(), "row": row, "type": found.flink.type, "flink": found.flink.values[found.row]})
    write(cases)


def answers(cases):
    """For each case whether the native engine gives another value, and what it says."""
    rows = [[case["row"].get(name, "") for name in values.COLUMNS] for case in cases]
    native = engines.Engine(engines.native_command(), rows)
    try:
        found = native.ask([(case["expression"], engines.sink_type(case["type"]), number) for number, case in enumerate(cases)])
    finally:
        native.end()
    return [differs(case, answer) for case, answer in zip(cases, found)]


def differs(case, answer):
    if answer.refused:
        return answer.why == "DIED", answer.why
    value = answer.values[0]
    return compare.value_verdict(case["flink"], value, case["type"]) not in (compare.EQUAL, compare.LAST_BITS), values.shown(value, case["type"])


def replay(update):
    cases = read()
    wrong = 0
    for case, (now, said) in zip(cases, answers(cases)):
        if now != case["differs"]:
            wrong += 1
            print(f"{case['expression']}: Flink {values.shown(case['flink'], case['type'])}, native {said}; " +
                  ("it is in known.jsonl as one that differs, and does no longer" if case["differs"] else "this was mended once"))
            case["differs"] = now
    if update:
        write(cases)
    print(f"{len(cases)} known, {sum(case['differs'] for case in cases)} of them differ yet")
    return 1 if wrong and not update else 0
