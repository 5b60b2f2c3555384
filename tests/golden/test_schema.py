# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema that osgen writes for editors, held against osgen itself: it accepts whatever
osgen accepts, and refuses what nobody may write."""

import copy
import json
import re
import subprocess

import jsonschema
import pytest
import yaml

from test_examples import EXAMPLES
from test_golden import CASES, OSGEN, name_of
from test_targets import GOOD, TOPOLOGIES


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, by which editors read: "on" is a text."""
    yaml_implicit_resolvers = {}


for tag, pattern, first in (("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
                            ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
                            ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
                            ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
                             list("-+0123456789."))):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value, 0)
                     if node.value.startswith("0x") else int(node.value.replace("0o", "0"), 10))

READERS = {"1.1": yaml.SafeLoader, "1.2": Core}


@pytest.fixture(scope="module")
def schema():
    run = subprocess.run([OSGEN, "schema"], text=True, capture_output=True, check=True, timeout=60)
    assert run.stderr == ""
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def validator(schema):
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def read(path, reader="1.2"):
    return yaml.load(path.read_text(encoding="utf-8-sig"), READERS[reader])


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("case", [*GOOD, *TOPOLOGIES, *EXAMPLES], ids=name_of)
def test_what_osgen_accepts_is_accepted(case, reader, validator):
    validator.validate(read(case, reader))


def mappings(value):
    """Every mapping in VALUE, itself too."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from mappings(inner)


def test_an_unknown_key_is_refused_wherever_it_stands(validator):
    full = read([path for path in EXAMPLES if path.stem == "full"][0])
    count = len(list(mappings(full)))
    assert count >= 9
    for number in range(count):
        topology = copy.deepcopy(full)
        list(mappings(topology))[number]["xyzzy"] = "a"
        assert not validator.is_valid(topology), number


def test_every_key_that_osgen_knows_is_described(schema):
    def properties(part):
        for inner in mappings(part):
            if isinstance(inner.get("properties"), dict) and "type" in inner:
                assert inner["additionalProperties"] is False
                yield from inner["properties"].items()

    found = dict(properties(schema))
    assert len(found) >= 30
    assert [name for name, part in found.items() if not part.get("description")] == []


@pytest.mark.parametrize("text", [
    "site: os.example.org", "instances: [ajp://h]", "[]", "", "site",
    "{site: {}, instances: [ajp://h]}", "{site: [a], instances: [ajp://h]}",
    "{site: a b, instances: [ajp://h]}", "{site: a, instances: []}",
    "{site: a, instances: ajp://h}", "{site: a, instances: [ftp://h]}",
    "{site: a, instances: [{name: h}]}", "{site: a, instances: [{url: ajp://h, weight: 0}]}",
    "{site: a, instances: [{url: ajp://h, weight: 101}]}",
    "{site: a, instances: [{url: ajp://h, standby: maybe}]}",
    "{site: a, instances: [{url: ajp://h, peer_url: ajp://h}]}",
    "{site: a, instances: [ajp://h], balance: fastest}",
    "{site: a, instances: [ajp://h], balance: {timeout: 5}}",
    "{site: a, instances: [ajp://h], balance: {health: {rise: none}}}",
    "{site: a, instances: [ajp://h], balance: {failover: {budget: 20}}}",
    "{site: a, instances: [ajp://h], balance: {warmup: [x]}}",
    "{site: a, instances: [ajp://h], balance: {warmup: {a: b}}}",
    "{site: a, instances: [ajp://h], balance: }",
    "{site: a, instances: [ajp://h], admin: {status: status}}",
    "{site: a, instances: [ajp://h], admin: []}",
    "{site: a, instances: [ajp://h], peers: [a]}",
    "{site: a, instances: [ajp://h], capacity: {max_threads: 0}}",
    "{site: {name: a, saml: perhaps}, instances: [ajp://h]}",
    "{site: {name: a, root: nowhere}, instances: [ajp://h]}",
    "{site: {name: a, log: '|cat'}, instances: [ajp://h]}",
    "{site: {name: a, max_upload: 1023}, instances: [ajp://h]}",
    "{site: {name: a, max_upload: 1MB}, instances: [ajp://h]}",
    "{site: {name: a, access: {satisfy: some}}, instances: [ajp://h]}",
    "{site: {name: a, access: [a b]}, instances: [ajp://h]}",
    "{site: {name: a, tls: {certificate: /}}, instances: [ajp://h]}",
    "{site: {name: a, tls: {certificate: /a, hsts: 6m}}, instances: [ajp://h]}",
    "{site: {name: a, tls: {certificate: /a, protocols: [TLSv1.1]}}, instances: [ajp://h]}",
    "{site: {name: a.b, tls: {managed: {contact: a@b.c, agreement: no}}}, instances: [ajp://h]}",
    "{site: {name: a.b, tls: {managed: {contact: a@b.c, agreement: accepted, authority: me}}},"
    " instances: [ajp://h]}",
    "{site: a, instances: [ajp://h], balance: {sticky: a b}}",
    "{site: a, instances: [ajp://h], balance: {skew: kill}}",
    "{site: a, instances: [ajp://h], balance: {retry: 5}}",
    "{site: a, instances: [{url: ajp://h, lbset: 100}]}",
    "{site: a, instances: [ajp://h], server: {notify: '|cat'}}",
    "{site: a, instances: [ajp://h], admin: {extended_status: maybe}}",
    "{site: a, instances: [ajp://h], admin: {users: '|cat'}}",
    "{site: a, instances: [ajp://h], silence: one-membr}",
    "{site: a, instances: [ajp://h], silence: []}"])
def test_what_neither_takes(text, validator, tmp_path):
    assert not validator.is_valid(yaml.load(text, Core))
    (tmp_path / "topology.yaml").write_text(text)
    run = subprocess.run([OSGEN, "check", "topology.yaml"], cwd=tmp_path, capture_output=True,
                         timeout=60)
    assert run.returncode == 3


# Plain scalars: as an editor reads them they are texts, numbers, switches, nothing.
SCALARS = ["on", "Off", "YES", "true", "False", "~", "null", "0", "1", "7", "007", "100", "101",
           "one-member", "8080", "65535", "0x10", "1.5", "1e3", "-1", "10.0.0.5", "a", "A.b-c_d", "a.b.", "-a",
           "xn--a", "*.a", "/", "/a", "/a/b.c~d", "/a/", "//a", "/.a", "'/a?b=%20'", "'/a,/b'", "2s",
           "500ms", "1m", "90s", "61m", "20%", "0%", "101%", "'*'", "'*:80'", "10.0.0.5:80",
           "'[::1]:80'", "ajp://a", "ajp://[::1]:80/a", "http://a:1/", "https://a.b/c", "ajp://a/b c",
           "byrequests", "ByTraffic", "least-time", "all", "192.0.2.0/24", "2001:db8::/32", "a@b.c",
           "a b", "ü", "'${a}'", "'a\"b'", "''", "10.0.0.10/24",
           "redirect", "any", "warn", "eJect", "0s", "TLSv1.2", "tlsV1.3", "Accepted", "letsencrypt-TEST", "180d", "0d", "007d",
           "ldap://l/o=a/", "/a/b.htpasswd", "a/", "'|a'", "'${PATH}'", "'${NOWHERE}'", "'2001:db8::10/64'", "'2001:DB8::A'", "eth0.100", "9", "254", "255"]

BASE = {"site": {"name": "a"}, "instances": [{"url": "ajp://h"}],
        "balance": {"health": {}, "failover": {}}, "admin": {}, "server": {}, "peers": {}, "capacity": {},
        "pair": {"hosts": [{"name": "a", "address": "10.0.0.2", "interface": "eth0"},
                           {"name": "b", "address": "10.0.0.3", "interface": "eth0"}],
                 "address": "10.0.0.10"}}
# What BASE is, for keys that stand in other places.
TLS = {"certificate": "/a"}
MANAGED = {"managed": {"contact": "a@b.c", "agreement": "accepted"}}
# Where a key stands.
PLACES = [("site",), ("site", "access"), ("site", "tls"), ("site", "tls", "managed"), ("instances", 0), ("balance",), ("balance", "health"), ("balance", "failover"),
          ("admin",), ("server",), ("peers",), ("capacity",), ("pair",), ("pair", "hosts", 0), ()]


def base_of(place):
    base = copy.deepcopy(BASE)
    if "access" in place:
        base["site"]["access"] = {"allow": "10.0.0.0/8"}
    if "tls" in place:
        base["site"] |= {"name": "a.b", "tls": copy.deepcopy(MANAGED if "managed" in place else TLS)}
    return base


def inside(value, place):
    for step in place:
        value = value[step]
    return value


def keys_at(schema, place):
    """The keys of the mapping at PLACE."""
    part = schema
    for step in place:
        if step == 0:
            part = part["items"]
        else:
            part = part["properties"][step]
        alternatives = part.get("anyOf", [part])
        part = [one for one in alternatives if one.get("type") in ("object", "array")][-1]
    return sorted(part["properties"])


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
def test_a_value_that_osgen_takes_is_never_refused(place, schema, validator, tmp_path):
    """Every key with every kind of scalar, by itself and in a list."""
    taken, refused = 0, []
    for key in keys_at(schema, place):
        for scalar in [text for one in SCALARS for text in (one, f"[{one}]")]:
            topology = base_of(place)
            inside(topology, place)[key] = "@here@"
            text = json.dumps(topology).replace('"@here@"', scalar)
            (tmp_path / "topology.yaml").write_text(text)
            run = subprocess.run([OSGEN, "check", "topology.yaml"], cwd=tmp_path, text=True,
                                 capture_output=True, timeout=60)
            if run.returncode != 3:
                taken += 1
                if not validator.is_valid(yaml.load(text, Core)):
                    refused.append(f"{key}: {scalar}")
    assert taken >= 2
    assert refused == []


def test_cases_that_osgen_refuses_for_their_shape_are_refused(validator):
    for name in ("100-no-site", "101-no-instances", "107-unknown-keys", "112-empty-lists",
                 "113-no-url", "115-bad-names", "119-bad-urls"):
        case = [case for case in CASES if case.stem == name][0]
        assert not validator.is_valid(read(case)), name


def test_the_schema_goes_to_a_file_too(tmp_path, schema):
    for told in ("written", "unchanged"):
        run = subprocess.run([OSGEN, "schema", "-o", "s.json"], cwd=tmp_path, text=True,
                             capture_output=True, timeout=60)
        assert (run.returncode, run.stdout, run.stderr) == (0, "", f"osgen: s.json is {told}\n")
    assert json.loads((tmp_path / "s.json").read_text()) == schema
