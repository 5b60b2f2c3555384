# SPDX-License-Identifier: Apache-2.0
"""osgen's command line: help, versions, what isn't understood, and files that can't be read."""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
OSGEN = ROOT / os.environ.get("BUILD", "build") / "osgen"
SITE = "site: os.example.org\ninstances: [ajp://127.0.0.1:8009]\n"
COMMANDS = ["init", "adopt", "render", "check", "explain", "diff", "try", "apply", "probe", "graph",
            "schema", "help"]
PAGES = sorted((pathlib.Path(__file__).parent / "pages").glob("*.txt"))


@pytest.fixture
def osgen(tmp_path):
    (tmp_path / "topology.yaml").write_text(SITE)

    def run(*args, **options):
        return subprocess.run([OSGEN, *args], cwd=tmp_path, text=True, capture_output=True,
                              timeout=60, **options)
    return run


def test_the_version_is_the_projects(osgen):
    header = (ROOT / "mod_os_balancer/core/vocabulary.h").read_text()
    version = re.search(r'OSB_VERSION "(.+)"', header).group(1)
    for option in ("--version", "-V"):
        run = osgen(option)
        assert (run.returncode, run.stdout, run.stderr) == (0, f"osgen {version}\n", "")


def test_help_lists_every_command(osgen):
    page = osgen("--help")
    assert page.returncode == 0
    assert page.stderr == ""
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\w", page.stdout, re.M)
    assert osgen("help").stdout == osgen("-h").stdout == page.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_page(osgen, command):
    page = osgen("help", command)
    assert page.returncode == 0
    assert page.stdout.startswith(f"usage: osgen {command}")
    assert "--help" in page.stdout
    assert osgen(command, "--help").stdout == page.stdout
    assert osgen(command, "-h").stdout == page.stdout


def test_the_readme_has_every_option_of_apply(osgen):
    page = osgen("help", "apply").stdout
    readme = (ROOT / "README.md").read_text()
    options = re.findall(r"^  (?:-\w, |    )(--[\w-]+)", page, re.M)
    assert len(options) > 5
    for option in options:
        assert option == "--help" or option == "--output" or f"`{option}" in readme


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_says_what_it_is_to_say(osgen, page):
    """GOLDEN_WRITE=1 writes it instead."""
    shown = osgen("help", page.stem).stdout
    if os.environ.get("GOLDEN_WRITE") == "1":
        page.write_text(shown)
    assert shown == page.read_text()


def test_there_are_pages():
    assert {path.stem for path in PAGES} >= {"init", "adopt", "probe", "check", "explain", "diff",
                                             "try", "apply"}


@pytest.mark.parametrize("args, told", [
    ([], "which command? osgen --help shows them all"),
    (["rendre"], "there is no command rendre; did you mean render?"),
    (["frobnicate"], "there is no command frobnicate; osgen --help shows them all"),
    (["--frobnicate"], "there is no command --frobnicate"),
    (["help", "frobnicate"], "there is no command frobnicate; osgen help shows them all"),
    (["help", "render", "--completion=bash"],
     "help shows one thing: the page of a command, --man or --completion"),
    (["render"], "render needs a TOPOLOGY"),
    (["render", "a", "b"], '--target can\'t be "a"; it is httpd, tomcat, node, '),
    (["render", "tomcat", "a", "b"], 'render takes one TOPOLOGY, and "b" is another'),
    (["graph", "a", "b"], 'graph takes one TOPOLOGY, and "b" is another'),
    (["render", "tomcta", "topology.yaml"], '--target can\'t be "tomcta"; did you mean tomcat?'),
    (["render", "tomcat"], "render tomcat needs a TOPOLOGY behind it"),
    (["render", "tomcat", ""], "render needs a TOPOLOGY, and an empty one is none"),
    (["render", "tomcat", "topology.yaml", "-t", "node"], "--target is given twice"),
    (["render", "-x", "topology.yaml"], "render has no option -x"),
    (["render", "--outptu=x", "topology.yaml"], "render has no option --outptu=x"),
    (["render", "--ouput", "x", "topology.yaml"],
     "render has no option --ouput; did you mean --output?"),
    (["render", "topology.yaml", "-o"], "--output needs FILE behind it"),
    (["render", "-o", "", "topology.yaml"], "--output needs FILE, and what is behind it is empty"),
    (["render", ""], "render needs a TOPOLOGY, and an empty one is none"),
    (["render", "--output=", "topology.yaml"], "--output needs FILE, and what is behind it"),
    (["render", "-o", "a", "--output=b", "topology.yaml"], "--output is given twice"),
    (["check", "-o", "x", "topology.yaml"], "check has no option -o"),
    (["check", "--silence"], "--silence needs NAME behind it"),
    (["check", "--json", "--json", "topology.yaml"], "--json is given twice"),
    (["check", *(257 * ["--silence=one-member"])], "--silence is given more than 256 times"),
    (["explain", "a", "b"], 'explain takes one CODE, and "b" is another'),
    (["diff", "topology.yaml"],
     "diff needs -o FILE, the file in place; osgen diff --help shows more"),
    (["diff", "-o", "-", "topology.yaml"], "diff needs -o FILE, the file in place"),
    (["apply", "topology.yaml"],
     "apply needs -o FILE, the file in place; osgen apply --help shows more"),
    (["apply", "-o", "-", "topology.yaml"], "apply needs -o FILE, the file in place"),
    (["apply", "-o", "x"], "apply needs a TOPOLOGY"),
    (["apply", "-o", "x", "-t", "soon", "topology.yaml"],
     '--timeout: "soon" is not a duration from 100ms to 60m'),
    (["apply", "--confirm", "-o", "x"], "apply has no option --confirm"),
    (["try", "topology.yaml"], "try needs -o FILE, the file in place"),
    (["try", "-o", "x"], "try needs a TOPOLOGY"),
    (["try", "--confirm", "-o", "x", "topology.yaml"], "--confirm takes no TOPOLOGY"),
    (["probe"], "probe needs a TOPOLOGY"),
    (["probe", "a", "b"], 'probe takes one TOPOLOGY, and "b" is another'),
    (["probe", "--json=on", "topology.yaml"], "--json takes no value"),
    (["probe", "-i", "1s", "topology.yaml"], "--interval is between the rounds of --watch"),
    (["probe", "-w", "-i", "1ms", "topology.yaml"],
     '--interval: "1ms" is not a duration from 100ms to 60m'),
    (["probe", "-t", "soon", "topology.yaml"],
     '--timeout: "soon" is not a duration from 100ms to 1m'),
    (["init"], "init needs a HOST"),
    (["init", *map(str, range(257))], "init takes at most 256 HOSTs"),
    (["init", "os1", "os 2"], '"os 2" is not a host name'),
    (["init", "os1:8009"],
     '"os1:8009" has a port: with one it is to be a whole URL, such as ajp://os1:8009'),
    (["init", "os1/openspecimen"], '"os1/openspecimen" is neither a host nor a whole URL'),
    (["init", "[os1]"], '"[os1]" is not an IPv6 address in brackets'),
    (["init", "10.0.1"], '"10.0.1" is not an IPv4 address'),
    (["init", "ftp://os1"], '"ftp://os1" is not a member\'s URL'),
    (["init", "os1", "os2", "os1"], "os1 is named twice"),
    (["init", "os1", "ajp://OS1"], "ajp://OS1 is named twice"),
    (["init", "-s", "*.example.org", "os1"], '--site: "*.example.org" is not a host name'),
    (["init", "-t", "1s", "os1"], "--timeout is for the questions of --probe"),
    (["init", "-p", "-t", "1h", "os1"], '--timeout: "1h" is not a duration from 100ms to 1m'),
    (["init", "--secret-file", "a\nb", "os1"], "--secret-file: a topology can't hold this name"),
    (["adopt"], "adopt needs a FILE.conf"),
    (["adopt", "a.conf", "b.conf"], 'adopt takes one FILE.conf, and "b.conf" is another'),
    (["adopt", "-s", "*.example.org", "a.conf"], '--site: "*.example.org" is not a host name'),
    (["adopt", "--secret-file", "a\nb", "a.conf"],
     "--secret-file: a topology can't hold this name"),
    (["render", "-t", "tomcta", "topology.yaml"],
     '--target can\'t be "tomcta"; did you mean tomcat?'),
    (["render", "--target=nginx", "topology.yaml"],
     '--target can\'t be "nginx"; it is httpd, tomcat, node, cluster, keepalived, keepalived-check, '
     'keepalived-httpd, prometheus, prometheus-alerts or logrotate'),
    (["render", "-t", "", "topology.yaml"], "--target needs TARGET, and what is behind it is empty"),
    (["render", "-t", "tomcat", "node", "topology.yaml"],
     'render takes one TOPOLOGY, and "topology.yaml" is'),
    (["graph", "--mermaid=x", "topology.yaml"], "--mermaid takes no value"),
    (["schema", "topology.yaml"], 'schema takes nothing but options, not "topology.yaml"'),
])
def test_what_is_not_understood_is_told(osgen, tmp_path, args, told):
    run = osgen(*args)
    assert run.returncode == 2
    assert run.stdout == ""
    assert told in run.stderr
    assert os.listdir(tmp_path) == ["topology.yaml"]


@pytest.mark.parametrize("args, told", [
    (["--json"], "--json and --nagios are two formats; one of them is enough"),
    (["--watch"], "--nagios is asked once; whoever runs it repeats it"),
    (["-t", "soon"], '--timeout: "soon" is not a duration from 100ms to 1m'),
])
def test_monitoring_is_told_in_its_own_form_what_is_not_understood(osgen, args, told):
    run = osgen("probe", "--nagios", *args, "topology.yaml")
    assert run.returncode == 3
    assert run.stdout.startswith(f"OPENSPECIMEN UNKNOWN - {told}")
    assert told in run.stderr


def test_monitoring_is_told_that_a_topology_is_bad(osgen, tmp_path):
    (tmp_path / "bad.yaml").write_text("site: [\n")
    run = osgen("probe", "--nagios", "bad.yaml")
    assert (run.returncode, run.stdout) == \
        (3, "OPENSPECIMEN UNKNOWN - the topology can't be used; osgen check says why\n")
    assert osgen("probe", "bad.yaml").returncode == 3


@pytest.mark.parametrize("args", [
    ["-o", "x.conf", "topology.yaml"], ["topology.yaml", "-o", "x.conf"], ["-ox.conf", "topology.yaml"],
    ["--output", "x.conf", "topology.yaml"], ["--output=x.conf", "topology.yaml"],
    ["-o", "x.conf", "--", "topology.yaml"]])
def test_options_are_taken_in_every_usual_form(osgen, tmp_path, args):
    assert osgen("render", *args).returncode == 0
    assert (tmp_path / "x.conf").exists()


def test_a_name_that_begins_with_a_dash_stands_behind_two(osgen, tmp_path):
    (tmp_path / "-site.yaml").write_text(SITE)
    assert osgen("render", "--", "-site.yaml").returncode == 0


def test_standard_input_is_a_topology_too(osgen):
    run = osgen("render", "-", input=SITE)
    assert run.returncode == 0
    assert 'from "<stdin>"' in run.stdout
    assert osgen("check", "-", input="site: [\n").stderr.startswith("<stdin>:")


def make_nothing(path):
    """a file that isn't there"""


def make_directory(path):
    """a directory"""
    path.mkdir()


def make_fifo(path):
    """a pipe that nobody writes to"""
    os.mkfifo(path)


def make_large(path):
    """a file of more than four megabytes"""
    path.write_text("#" * 4194305)


def make_many(path):
    """a list without end"""
    path.write_text(f"instances: [{400000 * 'a,'}]")


@pytest.mark.parametrize("make, told", [
    (make_nothing, "input.yaml: can't be read: No such file or directory"),
    (make_directory, "input.yaml: can't be read: it is a directory"),
    (make_fifo, "input.yaml: can't be read: it is not a regular file"),
    (make_large, "input.yaml: is larger than 4194304 bytes, the most that is read"),
    (make_many, "more than 400000 values, which no topology has"),
], ids=lambda value: getattr(value, "__doc__", None))
def test_what_cannot_be_read_leaves_the_output_alone(osgen, tmp_path, make, told):
    make(tmp_path / "input.yaml")
    (tmp_path / "site.conf").write_text("# old\n")
    run = osgen("render", "-o", "site.conf", "input.yaml")
    assert run.returncode == 3
    assert told in run.stderr
    assert (tmp_path / "site.conf").read_text() == "# old\n"
    assert osgen("check", "input.yaml").returncode == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(osgen, tmp_path):
    (tmp_path / "topology.yaml").chmod(0)
    run = osgen("check", "topology.yaml")
    assert run.returncode == 3
    assert "can't be read: Permission denied" in run.stderr


def test_a_good_topology_is_told_to_be_good(osgen, tmp_path):
    (tmp_path / "topology.yaml").write_text(
        "site: os\ninstances: [ajp://127.0.0.1:8009, ajp://127.0.0.2:8109]\n")
    run = osgen("check", "topology.yaml")
    assert (run.returncode, run.stdout) == (0, "")
    assert run.stderr == "osgen: topology.yaml has no problems\n"


def test_the_name_of_the_topology_cannot_leave_its_comment(osgen, tmp_path):
    names = {"a\nListen 99.yaml": 'from "a?Listen 99.yaml".', "b\\": 'from "b\\".',
             "c\033[31m.yaml": 'from "c?[31m.yaml".'}
    for name, shown in names.items():
        (tmp_path / name).write_text(SITE)
        run = osgen("render", name)
        assert run.returncode == 0
        assert shown in run.stdout.splitlines()[0]
        assert run.stdout.splitlines()[1] == "#"


def test_a_relative_secret_file_is_beside_the_topology(osgen, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "topology.yaml").write_text(SITE + "balance: {secret_file: key}\n")
    (tmp_path / "sub" / "key").write_text("from-the-file\n")
    (tmp_path / "sub" / "key").chmod(0o600)
    run = osgen("render", "sub/topology.yaml")
    assert run.returncode == 0
    assert "secret=from-the-file" in run.stdout
    (tmp_path / "absolute.yaml").write_text(
        SITE + f"balance: {{secret_file: {tmp_path}/sub/key}}\n")
    assert "secret=from-the-file" in osgen("render", "absolute.yaml").stdout


def test_ten_thousand_instances_are_rendered_quickly(osgen, tmp_path):
    lines = [f"  - {{name: n{i}, url: 'ajp://10.1.{i // 250}.{i % 250}:8009', weight: 3}}"
             for i in range(10000)]
    text = "\n".join(["site: os.example.org", "instances:", *lines, ""])
    (tmp_path / "large.yaml").write_text(text)
    run = osgen("render", "large.yaml")
    assert run.returncode == 0, run.stderr[:500]
    assert run.stdout.count("BalancerMember") == 10000


def test_colour_is_only_for_terminals_that_want_it(osgen, tmp_path):
    (tmp_path / "bad.yaml").write_text("site: [\n")
    outputs = {}
    for wish in (("", "xterm"), ("1", "xterm"), ("", "dumb")):
        leader, follower = os.openpty()
        subprocess.run([OSGEN, "check", "bad.yaml"], cwd=tmp_path, stderr=follower, timeout=60,
                       env={**os.environ, "NO_COLOR": wish[0], "TERM": wish[1]}, check=False)
        os.close(follower)
        outputs[wish] = os.read(leader, 65536)
        os.close(leader)
    assert [wish for wish, output in outputs.items() if b"\x1b[" in output] == [("", "xterm")]
    assert "\x1b" not in osgen("check", "bad.yaml").stderr
