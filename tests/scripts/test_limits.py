"""docs/limits.md has every limit of the sources, with its value; a limit tells its unit and why it is so; those that depend on each other agree."""
import sys

import pytest
from doc_text import ROOT

sys.path.insert(0, str(ROOT / "tests"))
import limits  # noqa: E402

FILES = list(limits.sources())
CONSTANTS = [constant for name, text in FILES for constant in limits.in_file(text, name)]
TEXT = limits.PAGE.read_text()
CPP = "core/src/net/new.cpp"


def of(text, name=CPP):
    """What is wrong with this file, besides what is said of NO_LIMITS."""
    return [problem.split(": ", 1)[1] for problem in limits.problems([(name, text)]) if "NO_LIMITS has" not in problem]


def value(name, file=""):
    """Of one limit of the sources; times in nanoseconds."""
    found = [constant for constant in CONSTANTS if constant.name == name and file in constant.file]
    assert len(found) == 1, found
    return limits.Values(CONSTANTS).of(found[0]) * limits.UNITS_OF_TIME.get(found[0].unit, 1)


def test_every_limit_has_a_unit_a_name_and_a_reason():
    assert list(limits.problems(FILES)) == []


def test_the_page_has_every_limit_with_its_value():
    assert sorted(limits.differences(TEXT, FILES)) == []
    assert TEXT == limits.page(FILES), "tests/limits.py --write brings docs/limits.md up to date"
    assert len(limits.listed(TEXT)) > 150


def test_what_the_page_has_otherwise_is_found():
    row = next(line for line in TEXT.splitlines() if "`kMaxFrameBytes`" in line)
    assert list(limits.differences(TEXT.replace(row + "\n", ""), FILES)) == ["core/src/wire/command.h: kMaxFrameBytes is not in docs/limits.md"]
    assert list(limits.differences(TEXT.replace(row, row.replace("16 MiB", "17 MiB")), FILES)) == [
        "docs/limits.md: kMaxFrameBytes of core/src/wire/command.h is 17 MiB there and 16 MiB in the code"]
    assert list(limits.differences(TEXT.replace(row, row + "\n" + row.replace("kMaxFrameBytes", "kMaxSomeBytes")), FILES)) == [
        "docs/limits.md: kMaxSomeBytes of core/src/wire/command.h is gone"]


@pytest.mark.parametrize("line, problems", [
    ("constexpr std::size_t kMaxThingsBytes = 64 * 1024;  ///< more are refused", []),
    ("/// More are refused.\nconstexpr std::size_t kMaxThingsBytes = 64 * 1024;", []),
    ("constexpr std::size_t kMaxThingsBytes = 64 * 1024;", ["kMaxThingsBytes has no comment why, or what happens at it"]),
    ("constexpr std::size_t kMaxThings = 64;  ///< why", ["kMaxThings does not tell its unit (or is no limit: NO_LIMITS in tests/limits.py)"]),
    ("constexpr Milliseconds kPause{20};  ///< why", []),
    ("constexpr std::size_t kMaxThingsBytes = sizeof(Thing);  ///< why",
     ["kMaxThingsBytes cannot be reckoned from `sizeof(Thing)` (or is no limit: NO_LIMITS in tests/limits.py)"]),
    ("constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();", []),
    ("constexpr std::int64_t kUnknown = -1;", []),
    ("constexpr auto kPause = 20ms;", ["is it a limit? Write it as a constexpr of a type of numbers or times: constexpr auto kPause = 20ms;",
                                      "a limit without a name: constexpr auto kPause = 20ms;"]),
    ("  timer.set(now + std::chrono::seconds(5));", ["a limit without a name: timer.set(now + std::chrono::seconds(5));"]),
    ("  if (text.size() > 300) return;", ["a limit without a name: if (text.size() > 300) return;"]),
    ("  buffer.resize(64 * 1024);  // 2 * 1024", ["a limit without a name: buffer.resize(64 * 1024);"])])
def test_a_new_limit_is_noticed(line, problems):
    assert of(line + "\n") == problems


@pytest.mark.parametrize("line, name", [
    ("class New {\n    private static final long WAIT_MILLIS = 2_000;\n}", "WAIT_MILLIS"), ("class New {\n    static final int MOST = 7;\n}", "MOST")])
def test_also_in_java(line, name):
    assert any(name in problem for problem in of(line + "\n", "flink/common/src/main/java/New.java"))


@pytest.mark.parametrize("line, listed", [
    ("constexpr std::int64_t kBytes = std::int64_t{3} << 20;", "3 MiB"), ("constexpr double kSavedSeconds = 0.1;", "100 ms"),
    ("constexpr std::chrono::hours kWait{24 * 365};", "365 d"), ("constexpr nanoseconds kWait = std::chrono::microseconds(1);", "1 µs"),
    ("struct Timing {\n  Milliseconds wait{1'500};\n};", "1,500 ms"), ("constexpr int kRows = 4096;", "4,096 rows"),
    ("constexpr int kRows = 4096;\nconstexpr int kMostRows = kRows / 2;", "2,048 rows")])
def test_values_are_read(line, listed):
    assert [row[2] for row in limits.rows([("core/src/net/new.h", line + "\n")])][-1] == listed


def test_limits_of_places_that_do_not_see_each_other_agree():
    # One that begins is as patient in each engine.
    assert value("JobSpec::connect_patience") == value("kOpenPatience") == value("QueueEnumerator.PATIENCE_MILLIS")
    # The last commit of a run is tried again when a request of it got no answer.
    assert value("kLastCommitTimeout") > value("kControlTimeout")
    assert value("QueueSplitReader.COMMIT_MILLIS") >= value("kControlTimeout")
    # What one writer hands over at once is no more than a batch, and a batch fits into a frame.
    assert value("BatchingWriter.BATCH_BYTES") <= value("SinkOptions::batch_max_bytes") <= value("kMaxFrameBytes") - value("kHeaderBytes", "sink/batch.cpp")
    # Half a minute of answers, as its comment has it.
    assert value("RangeConfirmation::kAnswersBehindAnother") * value("Timing::out_of_range_pause") == 30 * 10**9
    # A queue's first pull is within its budget by any guess.
    assert value("PullPrediction::answer_bytes_") <= value("kQueueBudgetBytes")
    # Lines that may come again and again come once a minute everywhere.
    assert value("RepeatedLines::kInterval") == value("ProblemLog::kInterval") == value("DeserializingFormat.LOG_PAUSE_NANOS")
