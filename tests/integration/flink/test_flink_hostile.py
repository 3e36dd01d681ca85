"""What hostile peers send costs a TaskManager no more native memory than docs/architecture.md says."""

import pytest

from support.flink import CHECKPOINTS, FOR_EVER, LINES, Flink
from support.hostile import MIB, TABLES, HostileBroker, costs, too_dear
from support.target import unique

# All of the heap and of what else the JVM has set apart is resident from the start, so that what grows is native.
JVM = "-Xms512m -Xmx512m -XX:+AlwaysPreTouch"
ARRAYS = 2 * 64 * MIB  # a body that goes to Java as it is, and its array


@pytest.mark.parametrize("line", LINES)
def test_memory_keeps_to_its_bounds(release_run, tmp_path, relayed, line):
    topics = {name: unique(name) for name in TABLES}
    broker = HostileBroker(relayed.relay, topics.values())
    flink = Flink(tmp_path / "flink", line, "--taskmanagers", "1", "--conf", f"env.java.opts.taskmanager={JVM}")
    script = CHECKPOINTS + FOR_EVER
    inserts = ""
    for name, (columns, options) in TABLES.items():
        script += relayed.source(topics[name], columns, name=f"{name}_in", options={"scan.partition-discovery.interval": "300 ms", **options})
        script += f"CREATE TEMPORARY TABLE {name}_out ({columns.replace(' METADATA', '')}) WITH ('connector' = 'blackhole');\n"
        inserts += f"INSERT INTO {name}_out SELECT * FROM {name}_in;\n"
    script += f"EXECUTE STATEMENT SET BEGIN\n{inserts}END;\n"
    jobs = []

    def keep_running():
        if not jobs or flink.status(jobs[-1]) == "FAILED":
            jobs.extend(flink.submit(script))

    try:
        keep_running()
        pids = [flink.facts["PID_TASKMANAGER_1"]]
        grown = costs(broker, topics, lambda: pids, keep_running)
        assert not too_dear(grown, ARRAYS)
    finally:
        flink.remove()
