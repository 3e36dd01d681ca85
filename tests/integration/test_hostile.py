"""What hostile peers send costs no more memory than docs/architecture.md says, one case after the other in one process."""

from support.hostile import TABLES, HostileBroker, costs, too_dear
from support.runner import table
from support.target import unique


def test_memory_keeps_to_its_bounds(release_run, relayed, start):
    topics = {name: unique(name) for name in TABLES}
    broker = HostileBroker(relayed.relay, topics.values())
    script = "".join(relayed.source(topics[name], columns, name=f"{name}_in",
                                    options={"scan.partition-discovery.interval": "300 ms", **options})
                     + table(f"{name}_out", columns.replace(" METADATA", ""), {"connector": "blackhole"})
                     + f"INSERT INTO {name}_out SELECT * FROM {name}_in;\n" for name, (columns, options) in TABLES.items())
    jobs = []

    def keep_running():
        if jobs and jobs[-1].running:
            return
        if jobs:
            ended = jobs[-1].wait()
            assert ended.code == 1 and "damaged message set" in ended.log, (ended.code, ended.log[-2000:])
        jobs.append(start(script, "--commit-interval", "100"))

    keep_running()
    grown = costs(broker, topics, lambda: [jobs[-1].pid], keep_running)
    assert not too_dear(grown)
