"""Past differences from Flink: those that are mended stay so, those that are not yet are marked."""
import known
import pytest
import values

CASES = known.read()


@pytest.fixture(scope="module")
def answers():
    return known.answers(CASES)


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number]["expression"])
def test_native_says_what_flink_said(answers, number):
    case = CASES[number]
    differs, said = answers[number]
    assert differs == case["differs"], f"Flink {values.shown(case['flink'], case['type'])}, native {said}"
