# SPDX-License-Identifier: Apache-2.0
"""What osgen says of itself to man, bash and zsh: those read it, and find every command, option and
key in it."""

import os
import pty
import re
import select
import shutil
import subprocess
import time

import pytest

from test_golden import HERE, OSGEN, ROOT, TARGETS

PAGES = {"osgen": "1", "osgen-topology": "5"}


def osgen(*args):
    run = subprocess.run([OSGEN, *args], text=True, capture_output=True, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


def commands():
    return re.findall(r"^  (\w+) +\w", osgen("help").split("options:")[0], re.M)


def options(command):
    """The long options of COMMAND's page, without its --help."""
    found = re.findall(r"^  (?:-\w, |    )--(\w+)", osgen("help", command), re.M)
    assert found[-1] == "help"
    return found[:-1]


def formatted(page):
    """As somebody reads it, without fonts."""
    run = subprocess.run(["groff", "-man", "-Tascii", "-P-cbou", "-rLL=100n"], text=True,
                         input=osgen("help", "--man", page), capture_output=True, check=True,
                         timeout=60)
    return run.stdout


@pytest.mark.parametrize("page", PAGES)
def test_groff_finds_nothing_wrong_with_a_manual_page(page):
    text = osgen("help", "--man", page)
    assert text.startswith(f".TH {page.upper()}".replace("-", "\\-") + f" {PAGES[page]} ")
    run = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=text, text=True,
                         capture_output=True, timeout=60)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc isn't installed")
@pytest.mark.parametrize("page", PAGES)
def test_mandoc_finds_nothing_wrong_with_a_manual_page(page):
    run = subprocess.run(["mandoc", "-Tlint"], input=osgen("help", "--man", page), text=True,
                         capture_output=True, timeout=60)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_the_manual_has_every_command_and_option():
    text = formatted("osgen")
    assert len(commands()) >= 5
    for command in commands():
        part = re.search(rf"^   {command}\n(.*?)(?=^ ? ?\S|^   \S)", text, re.M | re.S).group(1)
        for option in options(command):
            assert re.search(rf"^       (-\w, )?--{option}\b", part, re.M), f"{command} {option}"
    for target in TARGETS:
        assert re.search(rf"^              {target}\b", text, re.M)


def test_only_what_may_be_left_out_stands_in_brackets():
    for command in "diff", "try", "apply":
        assert osgen("help", command).startswith(f"usage: osgen {command} -o FILE ")
        assert f" osgen {command} --output FILE " in re.sub(" +", " ", formatted("osgen"))


def test_the_manual_of_topologies_has_every_key():
    keys = set()
    for source in (ROOT / "osgen/topology").glob("read_*.c"):
        keys |= set(re.findall(r'^\s*\{\.name = "(\w+)"', source.read_text(), re.M))
    vocabulary = (ROOT / "mod_os_balancer/core/vocabulary.h").read_text()
    keys |= set(re.findall(r'OSB_KEY_\w+ +"(\w+)"', vocabulary))
    text = formatted("osgen-topology")
    assert len(keys) >= 30
    assert [key for key in sorted(keys) if not re.search(rf"^       {key} \(", text, re.M)] == []
    assert "from 1 to 100" in text and "from 100ms to 60m; default 2s" in text


def test_the_example_of_the_manual_is_a_topology(tmp_path):
    example = re.search(r"^EXAMPLES\n(.*?)^SEE ALSO", formatted("osgen-topology"), re.M | re.S)
    text = re.sub("^       ", "", example.group(1), flags=re.M)
    (tmp_path / "topology.yaml").write_text(text)
    (tmp_path / "ajp.secret").write_text("hush, hush, hush, hush\n")
    (tmp_path / "ajp.secret").chmod(0o600)
    run = subprocess.run([OSGEN, "check", "--silence", "plain-http", "topology.yaml"], cwd=tmp_path,
                         timeout=60)
    assert run.returncode == 0


@pytest.mark.parametrize("args, told", [
    (["--man", "osgen.1"], '--man can\'t be "osgen.1"; did you mean osgen?'),
    (["--man", "httpd"], '--man can\'t be "httpd"; it is osgen or osgen-topology'),
    (["--completion", "fish"], '--completion can\'t be "fish"; it is bash or zsh'),
    (["--man", "osgen", "render"], "help shows one thing"),
    (["--man", "osgen", "--completion", "bash"], "help shows one thing")])
def test_what_is_no_page_is_told(args, told):
    run = subprocess.run([OSGEN, "help", *args], text=True, capture_output=True, timeout=60)
    assert (run.returncode, run.stdout) == (2, "")
    assert told in run.stderr


@pytest.fixture
def place(tmp_path):
    """Where there are files of all kinds to be completed."""
    for name in ("one.yaml", "two.yml", "three.conf", "a blank.yaml"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    return tmp_path


BASH = """
source /dev/stdin
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_osgen
printf '%s\\n' "${COMPREPLY[@]}"
"""

TOPOLOGIES = {"a blank.yaml", "folder", "one.yaml", "two.yml"}
FILES = TOPOLOGIES | {"three.conf"}

# What stands on the command line, the last word being completed, and what that may become.
LINES = [
    ([""], lambda: set(commands())),
    (["re"], lambda: {"render"}),
    (["--"], lambda: {"--help", "--version"}),
    (["render", ""], lambda: TOPOLOGIES | set(TARGETS)),
    (["render", "t"], lambda: {"tomcat", "two.yml"}),
    (["render", "node", ""], lambda: TOPOLOGIES),
    (["render", "--"], lambda: {"--target", "--host", "--output", "--help"}),
    (["render", "--target", ""], lambda: set(TARGETS)),
    (["render", "-t", "t"], lambda: {"tomcat"}),
    (["render", "--output", ""], lambda: FILES),
    (["render", "-t", "node", "o"], lambda: {"one.yaml"}),
    (["check", "--h"], lambda: {"--help"}),
    (["check", "--silence", "pla"], lambda: {"plain-password", "plain-port-443", "plain-http",
                                          "plain-member", "plain-ldap"}),
    (["check", "--silence", "host-lookup", "--sil"], lambda: {"--silence"}),
    (["explain", "duplicate-r"], lambda: {"duplicate-route"}),
    (["explain", "OSG020"], lambda: {f"OSG020{number}" for number in range(1, 7)}),
    (["help", ""], lambda: set(commands())),
    (["help", "--man", ""], lambda: set(PAGES)),
    (["help", "--completion", "z"], lambda: {"zsh"}),
]


def line_id(value):
    return " ".join(value) if isinstance(value, list) else ""


@pytest.mark.parametrize("words, expected", LINES + [
    (["render", "--target", "=", "n"], lambda: {"node"}),
    (["render", "--target", "="], lambda: set(TARGETS)),
    (["frobnicate", ""], lambda: {""})], ids=line_id)
def test_bash_completes(words, expected, place):
    run = subprocess.run(["bash", "--norc", "-c", BASH, "bash", "osgen", *words], cwd=place,
                         input=osgen("help", "--completion", "bash"), text=True,
                         capture_output=True, timeout=60)
    assert run.stderr == ""
    assert set(run.stdout.splitlines()) == expected()


# Its line editor tells when it waits for keys; ^T completes and tells what was found, ^U forgets the
# line. Functions of completion add what they find by compadd, but for calls that fill arrays (-O, -A).
ZSHRC = """
fpath=({functions} $fpath)
autoload -Uz compinit && compinit -D -u
compadd() {{
  if [[ ${{@[1,(i)(-|--)]}} == *-(O|A|D)\\ * ]]; then
    builtin compadd "$@"
  else
    typeset -a found
    builtin compadd -A found "$@"
    print -lr -- ${{(Q)found}} >>{said}
    builtin compadd "$@"
  fi
}}
tell() {{ _main_complete; print -r -- "{end}" >>{said} }}
zle -C tell list-choices tell
bindkey '^T' tell '^U' kill-whole-line
zle-line-init() {{ print -r -- "{end}" >>{said} }}
zle -N zle-line-init
"""


class Zsh:
    """An interactive zsh, since only that completes, on a terminal of its own."""
    END = "that is all"

    def __init__(self, place, home):
        self.said = home / "said"
        (home / "_osgen").write_text(osgen("help", "--completion", "zsh"))
        (home / ".zshrc").write_text(ZSHRC.format(functions=home, said=self.said, end=self.END))
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(place)
            os.environ.update(TERM="dumb", HOME=str(home), ZDOTDIR=str(home), LC_ALL="C")
            os.execvp("zsh", ["zsh", "-i"])
        self._listen()

    def _listen(self):
        """What it told."""
        deadline, shown = time.monotonic() + 20, b""
        while not self.said.exists() or self.END not in self.said.read_text().splitlines():
            assert time.monotonic() < deadline, f"zsh shows {shown!r}"
            if select.select([self.terminal], [], [], 0.02)[0]:
                shown += os.read(self.terminal, 65536)
        told = set(self.said.read_text().splitlines()) - {self.END, ""}
        self.said.unlink()
        return told

    def complete(self, words):
        """What the last of WORDS may become."""
        os.write(self.terminal, " ".join(["\x15osgen", *words]).encode() + b"\x14")
        return self._listen()

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


@pytest.fixture
def zsh(place, tmp_path_factory):
    shell = Zsh(place, tmp_path_factory.mktemp("zsh"))
    yield shell
    shell.close()


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh isn't installed")
def test_zsh_completes(zsh):
    for words, expected in LINES:
        assert zsh.complete(words) == expected(), words
