# SPDX-License-Identifier: Apache-2.0
"""What osgen render does to the file that it writes."""

import os
import pathlib
import shutil
import stat
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
OSGEN = ROOT / os.environ.get("BUILD", "build") / "osgen"
SITE = "site: os.example.org\ninstances: [ajp://127.0.0.1:8009]\n"
SECRET = SITE + "balance: {secret: hush-hush}\n"
NEXT = "osgen: site.conf is written; next come apachectl configtest and apachectl graceful\n"
OPEN = "warning: site.conf holds a secret and everybody can read it"


@pytest.fixture
def render(tmp_path):
    def run(text=SITE, out="site.conf", umask=0o022, program=OSGEN, **options):
        (tmp_path / "topology.yaml").write_text(text)
        (tmp_path / "topology.yaml").chmod(0o640 if text == SECRET else 0o644)
        args = [program, "render", "topology.yaml", *(["-o", out] if out else [])]
        return subprocess.run(args, cwd=tmp_path, text=True, timeout=60, umask=umask,
                              **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})
    return run


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_holds_what_standard_output_would(render, tmp_path):
    run = render()
    assert (run.returncode, run.stdout, run.stderr) == (0, "", NEXT)
    assert (tmp_path / "site.conf").read_text() == render(out=None).stdout
    assert sorted(os.listdir(tmp_path)) == ["site.conf", "topology.yaml"]


def test_a_dash_is_standard_output(render, tmp_path):
    dash, none = render(out="-"), render(out=None)
    assert (dash.returncode, dash.stderr) == (0, "")
    assert (dash.stdout, "") == (none.stdout, none.stderr)
    assert os.listdir(tmp_path) == ["topology.yaml"]


def test_a_port_that_httpd_may_not_listen_on_is_noted_when_the_file_is_written(render):
    note = "osgen: note: httpd's main configuration must have a Listen for each port of the site\n"
    text = SITE.replace("site: os.example.org", "site: {name: os.example.org, listen: 8080}")
    assert render(text).stderr == note + NEXT
    assert render(text).stderr == "osgen: site.conf is unchanged\n"
    assert render(text, out="-").stderr == ""


def test_an_unchanged_file_is_not_touched(render, tmp_path):
    render()
    before = (tmp_path / "site.conf").stat()
    run = render()
    after = (tmp_path / "site.conf").stat()
    assert run.returncode == 0
    assert run.stderr == "osgen: site.conf is unchanged\n"
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("text, umask, expected", [
    (SITE, 0o022, 0o644), (SITE, 0o077, 0o600), (SECRET, 0o022, 0o640), (SECRET, 0, 0o640),
    (SECRET, 0o077, 0o600)])
def test_a_new_file_is_private_if_it_holds_a_secret(render, tmp_path, text, umask, expected):
    assert render(text, umask=umask).stderr == NEXT
    assert mode(tmp_path / "site.conf") == expected


@pytest.mark.parametrize("kept", [0o600, 0o640, 0o644, 0o755])
def test_a_file_that_exists_keeps_its_mode(render, tmp_path, kept):
    target = tmp_path / "site.conf"
    target.write_text("# old\n")
    target.chmod(kept)
    assert render().returncode == 0
    assert mode(target) == kept
    assert "ServerName os.example.org" in target.read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_that_exists_keeps_its_owner(render, tmp_path):
    target = tmp_path / "site.conf"
    target.write_text("# old\n")
    os.chown(target, 12345, 23456)
    assert render().returncode == 0
    assert (target.stat().st_uid, target.stat().st_gid) == (12345, 23456)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_who_cannot_keep_the_owner_leaves_the_file_alone(render, tmp_path):
    target = tmp_path / "site.conf"
    target.write_text("# old\n")
    for parent in [tmp_path, *tmp_path.parents[:3]]:
        parent.chmod(0o777)
    # The build may lie where nobody else can go.
    osgen = shutil.copy(OSGEN, tmp_path.parent / "osgen")
    run = render(program=osgen, user=12345, group=12345, extra_groups=[])
    assert run.returncode == 3
    assert "can't be replaced with its owner kept: Operation not permitted" in run.stderr
    assert target.read_text() == "# old\n"
    assert sorted(os.listdir(tmp_path)) == ["site.conf", "topology.yaml"]


def test_a_secret_in_a_file_that_everybody_reads_is_warned_about(render, tmp_path):
    target = tmp_path / "site.conf"
    target.write_text("# old\n")
    target.chmod(0o644)
    assert OPEN in render(SECRET).stderr
    assert OPEN in render(SECRET).stderr, "and again when nothing changes"
    target.chmod(0o640)
    assert "warning" not in render(SECRET).stderr


def test_a_secret_to_a_standard_output_that_everybody_reads_is_warned_about(render, tmp_path):
    for permissions, warned in [(0o644, True), (0o600, False)]:
        with open(tmp_path / "out", "w", encoding="utf-8") as out:
            os.chmod(tmp_path / "out", permissions)
            run = render(SECRET, out=None, stdout=out)
        assert run.returncode == 0
        assert ("warning: standard output is a file that everybody can read, and it gets a secret\n"
                in run.stderr) == warned
        assert "hush-hush" not in run.stderr
    assert "hush-hush" in (tmp_path / "out").read_text()


def test_a_symbolic_link_stays_and_its_target_changes(render, tmp_path):
    (tmp_path / "available").mkdir()
    target = tmp_path / "available" / "real.conf"
    target.write_text("# old\n")
    (tmp_path / "site.conf").symlink_to("available/real.conf")
    assert render().returncode == 0
    assert os.readlink(tmp_path / "site.conf") == "available/real.conf"
    assert "ServerName os.example.org" in target.read_text()
    assert os.listdir(tmp_path / "available") == ["real.conf"]


def by_its_name(tmp_path, victim):
    return victim


def by_another_path(tmp_path, victim):
    return tmp_path / ".." / tmp_path.name / victim


def by_a_symbolic_link(tmp_path, victim):
    (tmp_path / "link").symlink_to(victim)
    return "link"


def by_a_hard_link(tmp_path, victim):
    (tmp_path / "link").hardlink_to(tmp_path / victim)
    return "link"


@pytest.mark.parametrize("way", [by_its_name, by_another_path, by_a_symbolic_link, by_a_hard_link])
@pytest.mark.parametrize("victim, what", [
    ("topology.yaml", "the topology itself"), ("common", "a secret_file of the topology"),
    ("own", "a secret_file of the topology")])
def test_what_is_read_is_not_written_over(render, tmp_path, way, victim, what):
    for name in ("common", "own"):
        (tmp_path / name).write_text(f"hush-{name}\n")
        (tmp_path / name).chmod(0o600)
    text = ("site: os.example.org\nbalance: {secret_file: common}\n"
            "instances: [ajp://192.0.2.11, {url: ajp://192.0.2.12, secret_file: own}]\n")
    (tmp_path / "topology.yaml").write_text(text)
    out = way(tmp_path, victim)
    before = {path.name: (path.lstat().st_ino, path.read_bytes()) for path in tmp_path.iterdir()}
    run = render(text, out=out)
    after = {path.name: (path.lstat().st_ino, path.read_bytes()) for path in tmp_path.iterdir()}
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr == f"osgen: {out} is {what} and is not written over\n"
    assert after == before


def test_a_topology_behind_standard_input_is_not_written_over(tmp_path):
    path = tmp_path / "topology.yaml"
    path.write_text(SITE)
    with open(path, encoding="utf-8") as topology:
        run = subprocess.run([OSGEN, "render", "-o", path, "-"], stdin=topology, text=True,
                             capture_output=True, timeout=60, check=False)
    assert run.returncode == 3
    assert "is the topology itself and is not written over" in run.stderr
    assert path.read_text() == SITE


def test_a_link_to_nothing_is_refused(render, tmp_path):
    (tmp_path / "site.conf").symlink_to("missing/real.conf")
    run = render()
    assert run.returncode == 3
    assert run.stderr == "osgen: site.conf can't be followed: No such file or directory\n"


def test_a_directory_is_refused(render, tmp_path):
    (tmp_path / "site.conf").mkdir()
    run = render()
    assert (run.returncode, run.stderr) == (3, "osgen: site.conf is a directory\n")


def test_a_missing_directory_is_refused(render):
    run = render(out="missing/site.conf")
    assert run.returncode == 3
    assert "missing/site.conf can't be written: No such file or directory" in run.stderr


def test_a_device_is_not_replaced_by_a_file(render, tmp_path):
    os.mkfifo(tmp_path / "site.conf")
    run = render()
    assert run.returncode == 3
    assert "site.conf is not a regular file; for standard output leave -o out\n" in run.stderr
    assert stat.S_ISFIFO((tmp_path / "site.conf").stat().st_mode)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_cannot_be_written_is_told(render, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    run = render(out="closed/site.conf")
    assert run.returncode == 3
    assert "can't be written: Permission denied" in run.stderr


def test_a_full_disk_under_standard_output_is_an_error(render):
    with open("/dev/full", "w", encoding="utf-8") as full:
        run = render(out=None, stdout=full)
    assert run.returncode == 3
    assert "standard output can't be written: No space left on device" in run.stderr


def test_a_file_that_can_grow_no_further_is_left_alone(render, tmp_path):
    def limit():
        import resource
        import signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    target = tmp_path / "site.conf"
    target.write_text("# old\n")
    run = render(preexec_fn=limit)
    assert run.returncode == 3
    assert "site.conf can't be written: File too large" in run.stderr
    assert target.read_text() == "# old\n"
    assert sorted(os.listdir(tmp_path)) == ["site.conf", "topology.yaml"]


def test_the_same_topology_gives_the_same_bytes_anywhere(render, tmp_path):
    first = render(out=None).stdout
    other = tmp_path / "deep" / "er"
    other.mkdir(parents=True)
    (other / "topology.yaml").write_text(SITE)
    again = subprocess.run([OSGEN, "render", other / "topology.yaml"], text=True, cwd="/",
                           env={"TZ": "Asia/Tokyo", "LC_ALL": "C"}, capture_output=True,
                           check=True, timeout=60)
    assert again.stdout == first
