"""The statements that docs/flink.md shows, on real Flinks."""

import re

from support.cluster import ROOT
from support.waiting import wait_until


def test_the_statements_of_the_documentation_run(flink, mq5, tmp_path):
    [job_script, other_table] = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "flink.md").read_text(), re.DOTALL)
    for topic in ("orders", "totals"):
        mq5.client.create_topic(topic, 4)
    script = (job_script + other_table).replace("namesrv:9876", mq5.endpoint).replace("s3://bucket/checkpoints", f"file://{tmp_path}")
    mq5.client.send("orders", "1,north,12.34")
    [job] = flink.submit(script)
    flink.wait_running(job)
    queue = mq5.client.queues("orders")[0]

    def committed():
        return mq5.client.committed("orders-by-shop", "orders", queue) == 1

    wait_until(committed)  # a checkpoint, after ten seconds
    flink.cancel(job)
