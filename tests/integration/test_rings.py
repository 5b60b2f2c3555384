# SPDX-License-Identifier: Apache-2.0
"""The rings of the code: who may include whom, read off the dependency files that the compiler
wrote. A guard that finds nothing to check fails."""

import os
import pathlib
import subprocess

import pytest

from harness.httpd import apxs

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / os.environ.get("BUILD", "build")
HTTPD = pathlib.Path(apxs("INCLUDEDIR"))

# A ring's directory, the rings that it may include, and the foreign libraries. The C library is
# open to everybody.
RINGS = {
    "core": ("mod_os_balancer/core", {"core"}, {"jansson"}),
    "probe": ("mod_os_balancer/probe", {"probe", "core"}, {"curl"}),
    "glue": ("mod_os_balancer", {"glue", "probe", "core"}, {"httpd", "apr"}),
    "osgen": ("osgen", {"osgen", "probe", "core"}, {"yaml"}),
}

# How a foreign library's headers are known: a directory that they lie in, or their names.
LIBRARIES = {
    "httpd": lambda path: path.parent == HTTPD,
    "apr": lambda path: path.name.startswith(("apr_", "apr.h", "apu")),
    "curl": lambda path: path.parent.name == "curl",
    "yaml": lambda path: path.name == "yaml.h",
    "jansson": lambda path: path.name in ("jansson.h", "jansson_config.h"),
}

# What would make core's answers depend on more than its arguments.
IMPURE = {"time", "clock_gettime", "gettimeofday", "localtime", "rand", "random", "getenv",
          "socket", "connect", "send", "recv", "poll", "open", "fopen", "read", "write",
          "printf", "puts", "getaddrinfo", "pthread_create", "strtok", "setlocale"}

SOURCES = (".c", ".h", ".py", ".sh", ".java", ".xml", ".ini", ".properties")
OTHER_SOURCES = ("Makefile", ".clang-format", ".clang-tidy", ".gitignore", ".ci/run")


# The rooms of osgen: what a folder may include of the other ones. The commands, in osgen itself,
# may include all of it.
ROOMS = {
    "base": set(),
    "problem": {"base"},
    "yaml": {"base", "problem"},
    "topology": {"base", "problem", "yaml"},
    "lint": {"base", "problem", "topology"},
    "emit": {"base", "problem", "topology"},
    "ask": {"base", "problem", "yaml", "topology"},
    "change": {"base", "problem", "topology", "emit"},
    "adopt": {"base", "problem", "yaml", "topology", "emit"},
    "apply": {"base", "problem", "topology", "emit", "change"},
    "describe": {"base", "problem", "yaml", "topology"},
}
# The tables of commands and options are read by those who describe the command line.
OF_COMMANDS = {pathlib.Path("osgen/command.h")}


def ring_of(path):
    for ring, (directory, _, _) in RINGS.items():
        if path.parent == pathlib.Path(directory) or \
                (ring == "osgen" and path.parent.parent == pathlib.Path(directory)):
            return ring
    return None


def library_of(path):
    for library, is_its in LIBRARIES.items():
        if is_its(path):
            return library
    return None


def dependencies(file):
    """What the first rule of a .d file depends on; the rules after it are empty ones, of -MP."""
    rule = file.read_text().replace("\\\n", " ").splitlines()[0]
    return [pathlib.Path(os.path.normpath(word)) for word in rule.split(":", 1)[1].split()]


def product():
    """Each source of the product with all that it includes."""
    found = {}
    for source in sorted((*ROOT.glob("mod_os_balancer/**/*.c"), *ROOT.glob("osgen/**/*.c"))):
        name = source.relative_to(ROOT)
        file = (BUILD / "obj" / name).with_suffix(".d")
        assert file.exists(), f"{name} isn't built: make tests"
        assert ring_of(name), f"{name} lies in no ring"
        found[name] = dependencies(file)
        assert name in found[name], f"{file} isn't about {name}"
    return found


def test_every_ring_is_there():
    assert {ring_of(source) for source in product()} == set(RINGS)


@pytest.mark.parametrize("ring", RINGS)
def test_includes_only_what_lies_further_in(ring):
    _, own, foreign = RINGS[ring]
    wrong = []
    for source, headers in product().items():
        if ring_of(source) != ring:
            continue
        for header in headers:
            library = None if not header.is_absolute() else library_of(header)
            if (not header.is_absolute() and ring_of(header) not in own) or \
                    (library and library not in foreign):
                wrong.append(f"{source} includes {header}")
    assert not wrong


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_osgen_includes_only_those_below_it(room):
    mine = pathlib.Path("osgen") / room
    sources = {source: headers for source, headers in product().items() if source.parent == mine}
    assert sources
    allowed = {pathlib.Path("osgen") / name for name in ROOMS[room] | {room}}
    wrong = [f"{source} includes {header}" for source, headers in sources.items()
             for header in headers
             if header.parts[0] == "osgen" and header.parent not in allowed
             and header not in OF_COMMANDS]
    assert not wrong


def test_every_folder_of_osgen_is_a_room():
    assert {folder.name for folder in (ROOT / "osgen").iterdir() if folder.is_dir()} == set(ROOMS)


@pytest.mark.parametrize("library", ["curl", "yaml", "jansson"])
def test_one_foreign_library_is_known_to_one_file(library):
    users = [source for source, headers in product().items()
             if any(library_of(header) == library for header in headers if header.is_absolute())]
    assert len(users) == 1, users


def core_objects():
    objects = sorted((BUILD / "obj/mod_os_balancer/core").glob("*.o"))
    assert objects
    return objects


def test_core_knows_no_clock_no_socket_and_no_file():
    listing = subprocess.run(["nm", "--undefined-only", "--just-symbols", *core_objects()],
                             check=True, capture_output=True, text=True).stdout
    assert "json_loadb" in listing
    assert not IMPURE & {word.split("@")[0] for word in listing.split()}


def test_core_keeps_nothing_between_calls():
    """No variable outlives a call: what is there is constant."""
    for file in core_objects():
        listing = subprocess.run(["size", "-A", file], check=True, capture_output=True,
                                 text=True).stdout
        sizes = dict(line.split()[:2] for line in listing.splitlines() if line.startswith("."))
        assert (sizes[".data"], sizes[".bss"]) == ("0", "0"), file


def own_files():
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [ROOT / name for name in listing if (ROOT / name).is_file() and
            (name.endswith(SOURCES) or name in OTHER_SOURCES)]


def test_every_source_names_its_licence_first():
    """In the first line, or the second where the first is #! or <?xml."""
    files = own_files()
    assert ROOT / "Makefile" in files and len(files) > 20
    without = []
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()[:2] or [""]
        first = lines[-1] if lines[0].startswith(("#!", "<?xml")) else lines[0]
        if "SPDX-License-Identifier: Apache-2.0" not in first:
            without.append(str(file.relative_to(ROOT)))
    assert not without
