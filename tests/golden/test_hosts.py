# SPDX-License-Identifier: Apache-2.0
"""What osgen renders for the hosts on which httpd runs, and for those who watch them: hosts/TOPIC.yaml
says in its first line what it is for, and beside it is what comes of each target, TOPIC.keepalived-check
and so on; of keepalived, which is for each of two hosts, TOPIC.keepalived.HOST. What isn't there is
refused. keepalived, promtool, logrotate and bash look at it, where they are. GOLDEN_WRITE=1 writes."""

import os
import re
import shutil
import subprocess

import pytest
import yaml

import configtest
from test_golden import BUILD, HERE, OSGEN, PURPOSE, TARGETS, WRITE, name_of

TOPOLOGIES = sorted((HERE / "hosts").glob("*.yaml"))
HERE_TARGETS = TARGETS[TARGETS.index("keepalived"):]
FILES = sorted(path for path in (HERE / "hosts").iterdir() if path.suffix != ".yaml")
CHECK = "/usr/libexec/keepalived/openspecimen-check"


def hosts_of(case):
    return [host["name"] for host in yaml.safe_load(case.read_text()).get("pair", {}).get("hosts", [])]


def parts():
    """Every topology, target and host for which there is something to render, or to refuse."""
    for case in TOPOLOGIES:
        for target in HERE_TARGETS:
            hosts = hosts_of(case) if target == "keepalived" else []
            for host in hosts or [None]:
                yield case, target, host


def path_of(case, target, host):
    return case.with_name(".".join([case.stem, target, *([host] if host else [])]))


def of_target(target):
    return [path for path in FILES if path.name.split(".")[1] == target]


def render(case, target, *args):
    return subprocess.run([OSGEN, "render", target, *args, case.name], cwd=case.parent, text=True,
                          capture_output=True, timeout=60)


def needs(program, package):
    return pytest.mark.skipif(shutil.which(program) is None,
                              reason=f"{program} isn't installed; Debian has it in {package}")


def test_there_are_files_of_every_target():
    assert [target for target in HERE_TARGETS if not of_target(target)] == []
    expected = {path_of(*part) for part in parts()}
    assert [path.name for path in FILES if path not in expected] == []


@pytest.mark.parametrize("case, target, host", parts(), ids=lambda value: name_of(value)
                         if hasattr(value, "stem") else value or "")
def test_a_target_renders_as_expected_or_is_refused(case, target, host):
    assert PURPOSE.match(case.read_bytes().splitlines()[0])
    run = render(case, target, *(["--host", host] if host else []))
    path = path_of(case, target, host)
    if WRITE and run.returncode == 0:
        path.write_text(run.stdout)
    if path.exists():
        assert run.returncode == 0, run.stderr
        assert run.stdout == path.read_text()
    else:
        assert (run.returncode, run.stdout) == (3, "")
        assert "osgen: " in run.stderr


@pytest.mark.parametrize("case, args, told", [
    ("pair", ["keepalived"],
     "each host has its own keepalived.conf: say --host lb1.example.org or --host lb2.example.org"),
    ("pair", ["keepalived", "--host", "lb1"],
     "the hosts of pair.yaml are lb1.example.org and lb2.example.org; there is no lb1"),
    ("alone", ["keepalived"],
     "alone.yaml has one balancer host: a second one is told of by pair:"),
    ("alone", ["--host", "lb1"],
     "alone.yaml has one balancer host: a second one is told of by pair:"),
    ("alone", ["keepalived-check"],
     "alone.yaml has one balancer host: a second one is told of by pair:"),
    ("silent", ["prometheus"], "Prometheus reads the status page, and in silent.yaml it is off"),
    ("silent", ["prometheus-alerts"],
     "Prometheus reads the status page, and in silent.yaml it is off"),
    ("silent", ["logrotate"],
     "\"/srv/openspecimen/[1].log\" can't be written for logrotate, which takes it for a pattern"),
    ("six", ["logrotate"],
     "the logs of six.yaml are rotated by the distribution's own rules")])
def test_what_is_missing_is_told(case, args, told):
    run = subprocess.run([OSGEN, "render", *args, f"{case}.yaml"], cwd=HERE / "hosts", text=True,
                         capture_output=True, timeout=60)
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr.splitlines()[-1] == f"osgen: {told}"


def test_a_relative_log_is_none_of_logrotates(tmp_path):
    case = tmp_path / "topology.yaml"
    case.write_text("site: {name: a, log: logs/a.log}\ninstances: [ajp://localhost]\n")
    run = render(case, "logrotate")
    assert run.stderr == \
        'osgen: logrotate wants names from the root, and "logs/a.log" is relative\n'


def test_that_hosts_may_be_asked_for_by_their_names_is_told(tmp_path):
    for case, told in (("pair", True), ("six", True), ("alone", False)):
        run = render(HERE / f"hosts/{case}.yaml", "prometheus", "-o", tmp_path / case)
        assert ("note: the hosts are asked by their addresses" in run.stderr) == told


def interface():
    """The name of one that is there, best of one that stays."""
    names = [name for name in os.listdir("/sys/class/net") if name != "lo"]
    if not names:
        pytest.skip("keepalived takes no loopback, and there is nothing else")
    return min(names, key=lambda name: not os.path.exists(f"/sys/class/net/{name}/device"))


# keepalived wants to see interfaces and scripts, and 2.2.7 ends itself when -t looks at a script that
# isn't root's: so these are changed for it.
@needs("keepalived", "keepalived")
@pytest.mark.parametrize("path", of_target("keepalived"), ids=lambda path: path.name)
def test_keepalived_takes_it(path, tmp_path):
    text = path.read_text()
    assert text.count(f'"{CHECK} ') == text.count("user nobody") == 2
    text = text.replace(CHECK, "/bin/true").replace("user nobody", "user root")
    text = re.sub(r"\b(interface|dev) \S+", rf"\1 {interface()}", text)
    conf = tmp_path / "keepalived.conf"
    for change, code in ((lambda text: text, 0),
                         (lambda text: text.replace("advert_int", "advert_nit"), 5)):
        conf.write_text(change(text))
        run = subprocess.run(["keepalived", "-t", "-f", conf], text=True, capture_output=True,
                             timeout=60)
        assert run.returncode == code, run.stderr
        assert (run.stderr == "") == (code == 0)


def test_the_two_hosts_of_a_pair_name_each_other():
    files = {path.name: path.read_text() for path in of_target("keepalived")}
    own = {name: re.search(r"unicast_src_ip (\S+)", text)[1] for name, text in files.items()}
    peer = {name: re.search(r"unicast_peer \{\s+(\S+)\s+\}", text)[1] for name, text in files.items()}
    for one, other in (("pair.keepalived.lb1.example.org", "pair.keepalived.lb2.example.org"),
                       ("six.keepalived.a", "six.keepalived.b")):
        assert (own[one], own[other]) == (peer[other], peer[one])
        shared = [re.sub(r"(unicast_src_ip|unicast_peer \{\n|priority|interface|dev|router_id|fall|rise"
                         r"|keepalived.conf of) +\S+", "", files[name]) for name in (one, other)]
        assert shared[0] == shared[1]


@needs("bash", "bash")
@pytest.mark.parametrize("path", of_target("keepalived-check"), ids=lambda path: path.name)
def test_bash_takes_the_check(path):
    run = subprocess.run(["bash", "-n", path], text=True, capture_output=True, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("path", of_target("keepalived-httpd"), ids=lambda path: path.name)
def test_httpd_takes_its_part(path, tmp_path):
    run = configtest.run(tmp_path, path, BUILD / "mod_os_balancer.so")
    assert run.stderr == "Syntax OK\n", run.stderr


@pytest.mark.parametrize("path", of_target("prometheus") + of_target("prometheus-alerts"),
                         ids=lambda path: path.name)
def test_what_prometheus_gets_is_yaml_of_texts(path):
    def texts(value):
        if isinstance(value, (dict, list)):
            for inner in value.values() if isinstance(value, dict) else value:
                yield from texts(inner)
        else:
            yield value

    document = yaml.safe_load(path.read_text())
    assert list(document) == ["groups" if "alerts" in path.name else "scrape_configs"]
    assert [value for value in texts(document) if not isinstance(value, str)] == []


def metrics():
    """The names that the module has for its metrics."""
    source = (HERE.parents[1] / "mod_os_balancer/core/render_prometheus.c").read_text()
    return {f"os_balancer_{name}" for name in re.findall(r'\{"(\w+)", "(?:gauge|counter)"', source)}


@pytest.mark.parametrize("path", of_target("prometheus-alerts"), ids=lambda path: path.name)
def test_alerts_go_by_metrics_that_there_are(path):
    assert len(metrics()) >= 20
    used = set(re.findall(r"\bos_balancer_\w+", path.read_text()))
    assert len(used) >= 8 and used <= metrics()


@needs("promtool", "prometheus")
@pytest.mark.parametrize("path", of_target("prometheus") + of_target("prometheus-alerts"),
                         ids=lambda path: path.name)
def test_prometheus_takes_it(path):
    kind = "rules" if "alerts" in path.name else "config"
    run = subprocess.run(["promtool", "check", kind, path], text=True, capture_output=True, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "SUCCESS" in run.stdout


def rule_test(job):
    """What promtool shall see fire, of the alerts of a pair, for what two hosts tell for five minutes."""
    member = 'server="os.example.org",balancer="balancer://os-cluster",member="ajp://{}"'

    def series(name, host, value, labels=""):
        labels = f'job="{job}",instance="{host}"' + ("," + labels if labels else "")
        return {"series": f"{name}{{{labels}}}", "values": f"{value}x20"}

    told = [series("up", "lb1", 1), series("up", "lb2", 0), series("os_balancer_members_serving", "lb1", 0)]
    for host, lion in (("lb1", 0), ("lb2", 1)):
        told += [series("os_balancer_member_up", host, lion, member.format("lion")),
                 series("os_balancer_member_withdrawn", host, 0, member.format("lion")),
                 series("os_balancer_member_up", host, 0, member.format("tiger")),
                 series("os_balancer_member_withdrawn", host, 1, member.format("tiger")),
                 series("os_balancer_checker_silence_seconds", host, 6 * lion),
                 series("os_balancer_checker_running", host, 1)]
    fired = {"BalancerSilent": 1, "BothBalancersSilent": 0, "ServesNobody": 1, "InstanceOut": 1,
             "BalancersDisagree": 1, "ChecksStopped": 1, "DatabaseAway": 0}
    return told, fired


@needs("promtool", "prometheus")
def test_alerts_fire_for_what_they_are_meant_for(tmp_path):
    path = HERE / "hosts/pair.prometheus-alerts"
    told, fired = rule_test("openspecimen-os.example.org")
    rules = {rule["alert"] for rule in yaml.safe_load(path.read_text())["groups"][0]["rules"]}
    for name, count in fired.items():
        assert f"OpenSpecimen{name}" in rules
        query = f'count(ALERTS{{alertname="OpenSpecimen{name}",alertstate="firing"}}) or vector(0)'
        test = {"rule_files": [str(path)], "evaluation_interval": "15s", "tests": [
            {"interval": "15s", "input_series": told, "promql_expr_test": [
                {"expr": query, "eval_time": "5m", "exp_samples": [{"labels": "{}", "value": count}]}]}]}
        (tmp_path / "test.yml").write_text(yaml.safe_dump(test))
        run = subprocess.run(["promtool", "test", "rules", "test.yml"], cwd=tmp_path, text=True,
                             capture_output=True, timeout=60)
        assert run.returncode == 0, name + run.stdout + run.stderr


@needs("logrotate", "logrotate")
@pytest.mark.parametrize("path", of_target("logrotate"), ids=lambda path: path.name)
def test_logrotate_takes_it(path, tmp_path):
    logs = re.findall(r'^"(.*)"$', path.read_text(), re.M)
    run = subprocess.run(["logrotate", "-d", "-s", tmp_path / "state", path], text=True,
                         capture_output=True, timeout=60)
    assert (run.returncode, "error" in run.stderr.lower().replace("error.log", "")) == (0, False)
    assert [log for log in logs if f"considering log {log}\n" not in run.stderr] == []
