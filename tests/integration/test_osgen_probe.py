# SPDX-License-Identifier: Apache-2.0
"""osgen probe before stand-ins in every state: what it shows, as a table, as JSON and to monitoring,
and the exit codes."""

import json
import os
import re
import resource
import subprocess

import pytest

from harness.httpd import BUILD, ROOT
from harness.terminal import Terminal
from harness.wait import wait_until

OSGEN = os.path.join(BUILD, "osgen")
UP = "OpenSpecimen answers"
# For checks that are answered, and for those that aren't.
PATIENCE, SILENCE = "10s", "600ms"


def instance(name, node, url=None, **more):
    url = url or node.url
    keys = {"name": name, "url": url, **more}
    if url.startswith("ajp:"):
        keys.setdefault("secret", node.secret)
    return keys


@pytest.fixture
def osgen(tmp_path):
    """Runs osgen probe on a topology of INSTANCES."""
    def run(instances, *args, timeout=PATIENCE, balance="", env=None, **options):
        # JSON is YAML.
        path = tmp_path / "topology.yaml"
        path.write_text("site: os.example.org\n"
                        f"instances: {json.dumps(instances)}\n{balance}")
        path.chmod(0o600)
        return subprocess.run([OSGEN, "probe", "-t", timeout, *args, path], text=True,
                              capture_output=True, timeout=60,
                              env={**os.environ, **(env or {})}, **options)
    return run


def table(run):
    """The lines of the table, each as its cells by their titles."""
    lines = run.stdout.splitlines()
    titles = re.findall(r"\S+", lines[0])
    return [dict(zip(titles, re.split(r" {2,}", line))) for line in lines[1:]]


# What is done to the node; its state, how far the check comes, and the cause.
STATES = {
    "up": (lambda node: None, "up", ("ok", "ok", "ok"), UP),
    "killed": (lambda node: node.kill(), "unreachable", ("refused", "-", "-"),
               "the connection is refused, nobody listens on its port"),
    "stopped": (lambda node: node.hang(), "starting", ("silent", "-", "-"),
                "it accepts connections, but not even its connector answers"),
    "without its database": (lambda node: node.control(db="refused"), "database-down",
                             ("ok", "ok", "500"),
                             "OpenSpecimen gets no connection to its database"),
    "before a silent database": (lambda node: node.control(db="hang"), "stalled",
                                 ("ok", "ok", "silent"),
                                 "OpenSpecimen answers, but not where it needs its database"),
    "undeployed": (lambda node: node.undeploy(), "not-deployed", ("ok", "404", "-"),
                   "Tomcat answers, but OpenSpecimen is not deployed or failed to start"),
    "with another secret": (lambda node: setattr(node, "secret", "another"), "forbidden",
                            ("ok", "403", "-"), "it answers 403: the AJP secret is wrong or "
                            "missing, or an access rule refuses us"),
    "another application": (lambda node: node.control(body="html"), "foreign",
                            ("ok", "foreign", "-"), "it answers 200, but not as OpenSpecimen does"),
    "failing": (lambda node: node.control(status=503), "failing", ("ok", "503", "503"),
                "it answers 503 STAND_IN_STATUS"),
}


@pytest.mark.parametrize("case", STATES)
def test_each_state_is_told_in_every_form(osgen, standins, case):
    spoil, state, rungs, cause = STATES[case]
    good, bad = standins
    spoil(bad)
    up = state == "up"
    timeout = SILENCE if "silent" in rungs else PATIENCE
    instances = [instance("lion", good), instance("tiger", bad)]

    run = osgen(instances, timeout=timeout)
    assert (run.returncode, run.stderr) == (0 if up else 1, "")
    lion, tiger = table(run)
    assert (lion["INSTANCE"], lion["STATE"], lion["CAUSE"]) == ("lion", "up", UP)
    assert lion["BUILD"].startswith("v12.2 ")
    assert (tiger["INSTANCE"], tiger["STATE"]) == ("tiger", state)
    assert (tiger["CONNECTOR"], tiger["WEBAPP"], tiger["DATABASE"]) == rungs
    assert tiger["MS"].isdigit()
    assert tiger["CAUSE"] == cause

    run = osgen(instances, "--json", timeout=timeout)
    assert (run.returncode, run.stderr) == (0 if up else 1, "")
    told = json.loads(run.stdout)
    assert (told["schema"], told["site"], told["up"], told["offered"]) == \
        (1, "os.example.org", 2 if up else 1, 2)
    seen = told["instances"][1]
    assert (seen["name"], seen["url"], seen["state"], seen["reason"]) == \
        ("tiger", bad.url, state, cause)
    assert (seen["connector"], seen["webapp"], seen["database"]) == rungs
    assert seen["last_check"]["good"] == up
    assert (seen["build"] or {}).get("version") == ("v12.2" if up else None)

    run = osgen(instances, "--nagios", timeout=timeout)
    assert run.stdout.count("\n") == 1
    words, figures = run.stdout.rstrip("\n").split(" | ")
    if up:
        assert (run.returncode, words) == (0, "OPENSPECIMEN OK - 2 of 2 up")
        assert re.fullmatch(r"up=2;2:;1:;0;2 'lion'=\d+ms;;;0 'tiger'=\d+ms;;;0", figures)
    else:
        assert (run.returncode, words) == \
            (1, f"OPENSPECIMEN WARNING - 1 of 2 up: tiger {state} ({cause})")
        assert re.fullmatch(r"up=1;2:;1:;0;2 'lion'=\d+ms;;;0 'tiger'=U", figures)


def test_an_http_instance_is_asked_without_cping(osgen, standins):
    good, bad = standins
    bad.hang()
    run = osgen([instance("lion", good, good.http_url), instance("tiger", bad, bad.http_url)],
                timeout=SILENCE)
    lion, tiger = table(run)
    assert (lion["STATE"], lion["CONNECTOR"]) == ("up", "ok")
    assert (tiger["STATE"], tiger["CONNECTOR"], tiger["WEBAPP"], tiger["DATABASE"]) == \
        ("starting", "ok", "silent", "silent")
    assert tiger["CAUSE"] == "it accepts connections, but answers no request"


def test_all_are_asked_side_by_side(osgen, standins):
    """Three silences take no longer than one."""
    bad = standins[0]
    bad.hang()
    run = osgen([instance(f"n{number}", bad, f"ajp://127.0.0.1:{bad.ajp_port}/c{number}")
                 for number in (1, 2, 3)], "--json", timeout="1s")
    times = [one["last_check"]["latency_ms"] for one in json.loads(run.stdout)["instances"]]
    assert min(times) >= 900
    assert sum(times) >= 2700
    begun = osgen([instance("lion", standins[1])])
    assert begun.returncode == 0


def test_when_nobody_is_up_it_is_critical(osgen, standins):
    for node in standins:
        node.undeploy()
    run = osgen([instance("lion", standins[0]), instance("tiger", standins[1])], "--nagios")
    assert run.returncode == 2
    assert run.stdout.startswith("OPENSPECIMEN CRITICAL - 0 of 2 up: lion not-deployed (")


def test_monitoring_is_told_the_first_of_many_that_are_bad(osgen, standins):
    standins[0].kill()
    many = [instance(f"os{i}", standins[0], url=f"{standins[0].url}{i}") for i in range(7)]
    run = osgen(many, "--nagios")
    assert run.returncode == 2
    assert re.match(r"OPENSPECIMEN CRITICAL - 0 of 7 up: os0 .+, os4 unreachable \([^)]+\) and 2 more \|",
                    run.stdout), run.stdout


def test_a_database_that_fails_for_all_is_told_as_one_cause(osgen, standins):
    for node in standins:
        node.control(db="refused")
    instances = [instance("lion", standins[0]), instance("tiger", standins[1])]
    run = osgen(instances)
    assert run.returncode == 1
    assert run.stdout.splitlines()[-1] == ("It is the database: no instance gets an answer from it. "
                                           "Look at the database server, not at the nodes.")
    assert json.loads(osgen(instances, "--json").stdout)["shared_cause"] is True
    run = osgen(instances, "--nagios")
    assert run.returncode == 2
    assert run.stdout.startswith(
        "OPENSPECIMEN CRITICAL - 0 of 2 up, it is the database: lion database-down (")


def test_different_builds_are_a_finding(osgen, standins):
    instances = [instance("lion", standins[0]), instance("tiger", standins[1])]
    standins[1].control(build="v12.3")
    run = osgen(instances)
    assert run.returncode == 1
    assert [row["STATE"] for row in table(run)[:2]] == ["up", "up"]
    assert run.stdout.count("; another build than most") == 1
    assert run.stdout.splitlines()[-1].startswith("Instances run different builds: ")
    told = json.loads(osgen(instances, "--json").stdout)
    assert told["skewed"] is True
    assert sorted(one["skewed"] for one in told["instances"]) == [False, True]
    run = osgen(instances, "--nagios")
    assert run.returncode == 1
    assert "OPENSPECIMEN WARNING - 2 of 2 up: " in run.stdout
    assert "(another build than most)" in run.stdout


def test_a_disabled_instance_is_shown_and_not_counted(osgen, standins):
    good, bad = standins
    bad.kill()
    instances = [instance("lion", good), instance("tiger", bad, disabled="on")]
    run = osgen(instances)
    assert run.returncode == 0
    assert table(run)[1]["CAUSE"].endswith("nobody listens on its port; disabled")
    told = json.loads(osgen(instances, "--json").stdout)
    assert (told["offered"], told["up"], told["instances"][1]["disabled"]) == (1, 1, True)
    run = osgen(instances, "--nagios")
    assert run.returncode == 0
    assert run.stdout.startswith("OPENSPECIMEN OK - 1 of 1 up | up=1;1:;1:;0;1 ")


def test_the_context_and_the_site_are_those_of_the_module(osgen, standins):
    node = standins[0]
    url = f"ajp://127.0.0.1:{node.ajp_port}/another"
    assert osgen([instance("lion", node, url)]).returncode == 1
    balance = "balance: {health: {context: /openspecimen}}\n"
    assert osgen([instance("lion", node, url)], balance=balance).returncode == 0


def test_an_authority_is_sought_at_the_server_root(osgen, standins, tmp_path):
    """There is no TLS at the port, so that an authority that was found leads to that finding."""
    url = f"https://127.0.0.1:{standins[0].http_port}"
    balance = "balance: {health: {tls_ca: no-such-file.pem}}\n"
    run = osgen([instance("lion", None, url)], balance=balance)
    told = ('tls_ca "no-such-file.pem" begins at httpd\'s ServerRoot, and it isn\'t there in the '
            "usual ones; --server-root says which it is")
    assert (run.returncode, run.stdout, run.stderr) == (3, "", f"osgen: {told}\n")
    run = osgen([instance("lion", None, url)], "--nagios", balance=balance)
    assert (run.returncode, run.stdout) == (3, f"OPENSPECIMEN UNKNOWN - {told}\n")
    authority = tmp_path / "no-such-file.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=authority",
                    "-keyout", tmp_path / "key", "-out", authority], check=True,
                   capture_output=True)
    run = osgen([instance("lion", None, url)], "--server-root", tmp_path, balance=balance)
    assert run.returncode == 1
    assert table(run)[0]["CAUSE"].startswith("the TLS handshake fails")


def test_what_this_host_lacks_is_not_held_against_an_instance(osgen, standins, tmp_path):
    url = f"https://127.0.0.1:{standins[0].http_port}"
    balance = "balance: {health: {tls_ca: /nowhere/authority.pem}}\n"
    run = osgen([instance("lion", None, url)], balance=balance)
    assert run.returncode == 3
    assert table(run)[0]["STATE"] == "unverified"
    assert table(run)[0]["CAUSE"].startswith("this host could not ask it: ")
    told = json.loads(osgen([instance("lion", None, url)], "--json", balance=balance).stdout)
    assert told["instances"][0]["last_check"] is None
    run = osgen([instance("lion", None, url)], "--nagios", balance=balance)
    assert run.returncode == 3
    assert run.stdout.startswith("OPENSPECIMEN UNKNOWN - 0 of 1 up: lion (this host could not ask")


def test_a_few_descriptors_suffice_for_many_instances(osgen, standins):
    node = standins[0]
    instances = [instance(f"n{number}", node, f"ajp://127.0.0.1:{node.ajp_port}/c{number}")
                 for number in range(100, 200)]
    run = osgen(instances, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32)))
    assert run.returncode == 1
    assert [row["STATE"] for row in table(run)] == ["not-deployed"] * 100
    assert [row["INSTANCE"] for row in table(run)] == [one["name"] for one in instances]


def test_a_watch_knows_a_hang_from_a_start(standins, tmp_path):
    node = standins[0]
    path = tmp_path / "topology.yaml"
    path.write_text("site: os.example.org\n"
                    f"instances: {json.dumps([instance('lion', node)])}\n")
    path.chmod(0o600)
    with subprocess.Popen([OSGEN, "probe", "--watch", "--json", "-i", "100ms", "-t", "300ms", path],
                          text=True, stdout=subprocess.PIPE) as watch:
        def next_state():
            return json.loads(watch.stdout.readline())["instances"][0]["state"]
        try:
            assert next_state() == "up"
            node.hang()
            wait_until(lambda: next_state() == "hung", 20, "the hang")
            node.resume()
            wait_until(lambda: next_state() == "up", 20, "its end")
            node.kill()
            wait_until(lambda: next_state() == "unreachable", 20, "the node's end")
        finally:
            watch.terminate()


def test_a_watch_ends_when_nobody_reads_it(standins, tmp_path):
    path = tmp_path / "topology.yaml"
    path.write_text("site: os.example.org\n"
                    f"instances: {json.dumps([instance('lion', standins[0])])}\n")
    path.chmod(0o600)
    with subprocess.Popen([OSGEN, "probe", "--watch", "-i", "100ms", path], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as watch:
        try:
            assert re.fullmatch(r"os\.example\.org at \S+Z, every 100ms\n", watch.stdout.readline())
            watch.stdout.close()
            assert watch.wait(20) == 3
            assert watch.stderr.read() == \
                "osgen: standard output can't be written: Broken pipe\n"
        finally:
            watch.kill()


@pytest.fixture
def terminal(standins, tmp_path):
    """osgen probe of an instance that is up and of one that hangs, on a terminal."""
    good, bad = standins
    bad.hang()
    path = tmp_path / "topology.yaml"
    instances = [instance("lion", good), instance("tiger", bad)]
    path.write_text(f"site: os.example.org\ninstances: {json.dumps(instances)}\n")
    path.chmod(0o600)

    def run(*args, **options):
        return Terminal([OSGEN, "probe", "-t", SILENCE, *args, path], **options)
    return run


def test_on_a_terminal_the_table_fills_in_as_answers_come(terminal):
    shown = terminal(rows=24, columns=150)
    assert shown.code == 1
    states = [[line.split()[1] for line in screen[1:3]] for screen in shown.screens]
    assert states[0] == ["...", "..."]
    assert ["up", "..."] in states
    assert states[-1] == ["up", "starting"]
    assert len(shown.screens[-1]) == 3
    assert "\x1b[1;32mup\x1b[0m" in shown.bytes
    assert "\x1b[1;31mstarting\x1b[0m" in shown.bytes


def test_lines_that_a_terminal_wraps_are_written_over_too(terminal):
    shown = terminal(rows=24, columns=40)
    assert sum("INSTANCE" in line for line in shown.screens[-1]) == 1
    assert sum("lion" in line for line in shown.screens[-1]) == 1
    assert "".join(shown.screens[-1]).endswith("not even its connector answers")


@pytest.mark.parametrize("why, options", [
    ("a terminal that is too low", {"rows": 3, "columns": 150}),
    ("one that can't move its cursor", {"rows": 24, "columns": 150, "env": {"TERM": "dumb"}}),
])
def test_the_table_is_shown_once_on(terminal, why, options):
    shown = terminal(**options)
    assert shown.bytes.count("INSTANCE") == 1
    assert "\x1b[J" not in shown.bytes


def test_colour_is_only_for_terminals_that_want_it(terminal):
    shown = terminal(rows=24, columns=150, env={"NO_COLOR": "1"})
    assert "\x1b[J" in shown.bytes
    assert not re.search(r"\x1b\[[\d;]*m", shown.bytes)


def blurred(text):
    """With every time alike, and the blanks that hang on its length."""
    text = re.sub(r"(?m)^(lion.*?) +\d+ ", r"\1 MS ", text)
    text = re.sub(r"(?m)^(tiger.*?-) +\d+ ", r"\1 MS ", text)
    return re.sub(r"=\d+ms", "=MS", text)


def test_the_readme_shows_what_is_shown(osgen, standins):
    good, bad = standins
    bad.undeploy()
    instances = [instance("lion", good), instance("tiger", bad)]
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        examples = re.findall(r"^\$ osgen probe (.*)/etc/openspecimen/topology.yaml\n((?:.+\n)+?)```",
                              file.read(), re.M)
    assert len(examples) == 2
    for options, shown in examples:
        assert blurred(osgen(instances, *options.split()).stdout) == blurred(shown)
