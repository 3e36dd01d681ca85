"""rocketlink run --flink, with tables that need no RocketMQ."""

import contextlib
import http.server
import re
import signal
import threading
import urllib.error
import urllib.request

import pytest

from support.runner import Job, run

SOURCE = "CREATE TEMPORARY TABLE src (a INT) WITH ('connector' = 'datagen', 'fields.a.kind' = 'sequence', 'fields.a.start' = '1', 'fields.a.end' = '{}'{});\n"
SINK = "CREATE TEMPORARY TABLE sink (a INT) WITH ('connector' = 'print', 'print-identifier' = '{}');\n"


def tables(mark, rows=5, **options):
    more = "".join(f", '{name}' = '{value}'" for name, value in options.items())
    return SOURCE.format(rows, more) + SINK.format(mark)


def test_each_insert_is_a_job_and_a_statement_set_is_one(flink):
    sql = (tables(f"two-{flink.line}") + "INSERT INTO sink SELECT a FROM src;\n"
           "EXECUTE STATEMENT SET BEGIN INSERT INTO sink SELECT a + 10 FROM src; INSERT INTO sink SELECT a + 20 FROM src; END;")
    finished = flink.run(sql)
    submitted = [row.split()[1] for row in finished.rows if row.endswith(" submitted")]
    assert len(submitted) == 2
    for job in submitted:
        assert any(row.startswith(f"job {job} (insert-into") and "FINISHED" in row for row in finished.rows), finished.out
    flink.wait_printed([f"two-{flink.line}> +I[{number}]" for number in (1, 5, 11, 15, 21, 25)])


def test_a_signal_leaves_the_job_running(flink):
    job = Job(tables("long", 1_000_000, **{"rows-per-second": "5"}) + "INSERT INTO sink SELECT a FROM src;", "--flink", flink.gateway)
    job.wait_until(lambda: any(": RUNNING" in row for row in job.rows), 180)
    ident = job.rows[0].split()[1]
    job.signal(signal.SIGINT)
    finished = job.wait()
    assert finished.code == 0
    assert f"  {ident}" in finished.rows and "The jobs go on" in finished.out
    assert flink.status(ident) == "RUNNING"
    flink.cancel(ident)


@pytest.mark.parametrize("statement, place, words", [
    ("INSERT INTO sink\n  SELECT b FROM src;", "standard input:4:10: ", "Flink: Column 'b' not found in any table"),
    ("INSERT INTO nowhere SELECT a FROM src;", "standard input:3:1: ", "Flink: Cannot find table"),
    ("SELECT a FROM src;", "standard input:3:1: ", "a query's rows have nowhere to go"),
])
def test_what_flink_does_not_take_has_a_place(flink, statement, place, words):
    log = flink.run(tables("none") + statement, expect=2).log
    assert place in log and words in log and "\tat " not in log


def test_a_failed_job_is_told_with_its_cause(flink):
    sql = (tables("bad") + "SET 'restart-strategy.type' = 'none';\nINSERT INTO sink SELECT CAST('x' || CAST(a AS VARCHAR) AS INT) FROM src;")
    finished = flink.run(sql, expect=1)
    assert " failed: " in finished.log and "'x1'" in finished.log


def test_secrets_are_put_in_and_kept_out_of_errors(flink):
    sql = tables("${secret_values.mark}") + "INSERT INTO sink SELECT a FROM src;"
    flink.run(sql, "--secret", f"mark=it's {flink.line}")
    flink.wait_printed([f"it's {flink.line}> +I[5]"])
    log = flink.run("CREATE TEMPORARY TABLE t (a INT) WITH ('connector' = '${secret_values.mark}');\n"
                    "INSERT INTO t SELECT 1;", "--secret", "mark=hidden-word", expect=2).log
    assert "hidden-word" not in log and "'${secret_values.mark}'" in log


@pytest.mark.parametrize("flags, words", [
    (["--bounded"], "--bounded is for this machine, not for --flink: put 'scan.bounded.mode' = 'latest'"),
    (["--commit-interval", "1 s"], "--commit-interval is for this machine"),
    (["--stats"], "--stats is for this machine"),
])
def test_flags_of_the_native_engine_are_refused(flags, words):
    assert words in run("SET 'a' = 'b';", "--flink", "http://127.0.0.1:1", *flags, expect=2).log


def test_a_gateway_that_is_away_is_named():
    assert "http://127.0.0.1:1 cannot be reached" in run("SET 'a' = 'b';", "--flink", "http://127.0.0.1:1", expect=1).log


def test_a_query_is_refused_before_anything_is_submitted():
    sql = tables("none") + "INSERT INTO sink SELECT a FROM src;\nSELECT a FROM src;"
    log = run(sql, "--flink", "http://127.0.0.1:1", expect=2).log
    assert "standard input:4:1: " in log and "a query's rows have nowhere to go" in log


@contextlib.contextmanager
def gateway_alone(gateway):
    """A gateway that knows of a JobManager where none can be reached: its address, and what is posted to it."""
    posted = []

    class Passing(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def _pass(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            posted.append(body.decode())
            request = urllib.request.Request(gateway + self.path, method=self.command, data=body or None,
                                             headers={"Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    status, text = answer.status, answer.read()
            except urllib.error.HTTPError as error:
                status, text = error.code, error.read()
            text = re.sub(rb'"rest\.port":"\d+"', b'"rest.port":"1"', text)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_DELETE = _pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", posted
    server.shutdown()
    server.server_close()


def test_without_the_jobmanager_the_gateway_tells_the_status(flink):
    with gateway_alone(flink.gateway) as (gateway, posted):
        finished = run(tables(f"alone-{flink.line}") + "INSERT INTO sink SELECT a FROM src;", "--flink", gateway, timeout=400)
    assert any("FINISHED" in row for row in finished.rows), finished.out
    assert any("SHOW JOBS" in body for body in posted)
    flink.wait_printed([f"alone-{flink.line}> +I[5]"])
