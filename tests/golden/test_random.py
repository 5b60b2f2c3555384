# SPDX-License-Identifier: Apache-2.0
"""Whatever osgen accepts, httpd accepts: topologies at random, many in one configuration. RANDOM_SEED
gives those of a run that failed."""

import json
import os
import pathlib
import random
import subprocess

import configtest

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / os.environ.get("BUILD", "build")
SEED = int(os.environ.get("RANDOM_SEED", random.randrange(10 ** 9)))
TOPOLOGIES = 2400
TOGETHER = 200

# What httpd's reader of configurations might take for something else.
ODD = ['a b', '"', "'", "\\", 'a\\"', "#x", "%{HTTP_HOST}", "%h", "$1", "$", "</Proxy>", "</VirtualHost>",
       "<Location />", "ä€", "=", "a=b", ",", ";", "a\\", "{}", "&", "^$", "!", "env=x", "-", "%zz", "|"]


class Dice:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def odd(self):
        return "".join(self.random.choice(ODD) for _ in range(self.random.randint(1, 4)))

    def one(self, *values):
        return self.random.choice(values)

    def some(self, **keys):
        """Each key or not, with a value made by its function."""
        return {key: make() for key, make in keys.items() if self.random.random() < 0.4}

    def file(self):
        return self.one("", "/etc/", "conf/") + "f" + self.odd() + ".pem"

    def switch(self):
        return self.one("on", "off", True, False, "yes")

    def networks(self):
        return self.random.sample(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1", "all",
                                   "host.example.org"], self.random.randint(1, 4))

    def users(self):
        return self.one(self.file, lambda: "ldap://ldap.example.org/dc=" + self.odd(),
                        lambda: f"ldaps://l.example.org:636/o={self.odd()}?uid?sub?(a={self.odd()})",
                        lambda: "ldap://l/o=x?uid")()

    def tls(self):
        if self.random.random() < 0.2:
            return {"managed": {"contact": "a.b+c@example.org", "agreement": "accepted",
                                **self.some(authority=lambda: self.one(
                                    "letsencrypt-test", "https://ca.example.org:8443/acme/a-b_c"))}}
        return {"certificate": self.file(), **self.some(
            key=self.file, chain=self.file, hsts=lambda: self.one("off", "1d", "3650d"),
            protocols=lambda: self.one("TLSv1.2", ["TLSv1.3"], ["TLSv1.2", "TLSv1.3"]),
            redirect=self.switch)}

    def access(self):
        return self.some(allow=self.networks, users=self.users,
                         satisfy=lambda: self.one("any", "all")) or self.networks()

    def site(self, number):
        return {"name": f"s{number}.example.org", **self.some(
            aliases=lambda: self.one([f"*.s{number}.example.org"], f"a_{number}.example.org"),
            listen=lambda: self.one(8080, "*:443", ["192.0.2.1:8443", "[2001:db8::1]:444", 8443]),
            context=lambda: self.one("/os", "/a.b/c-d_e~f"), tls=self.tls, access=self.access,
            root=lambda: self.one("redirect", "off"), log=self.file, error_log=self.file,
            max_upload=lambda: self.one(1024, "100M", "1g", self.random.randint(1024, 2 ** 30)),
            saml=self.switch)}

    def secret(self):
        return self.odd()[:63]

    def instance(self, number):
        url = self.one("ajp://10.0.0.{}:8009", "http://node{}.example.org", "https://10.0.1.{}/os",
                       "ajp://[2001:db8::{}]").format(number + 1)
        more = self.some(weight=lambda: self.random.randint(1, 100), standby=self.switch,
                         disabled=self.switch, lbset=lambda: self.random.randint(0, 99), name=lambda: self.one("n{}", "A.b_{}").format(number))
        if url.startswith("ajp:"):
            more |= self.some(secret=self.secret)
        return {"url": url, **more}

    def balance(self):
        return self.some(
            method=lambda: self.one("byrequests", "bytraffic", "bybusyness", "least-time"),
            name=lambda: self.one("b", "os-1.x"), sticky=lambda: self.one("on", "off", "os-node", "R.1"),
            timeout=lambda: self.one("1s", "2m"), connect_timeout=lambda: self.one("250ms", "3s"),
            warmup=lambda: ["/", "/rest/x"], failover=lambda: self.one("on", "off", {"retries": 2}),
            health=lambda: self.one("on", "off", {"interval": "1s", "rise": 3}),
            retry=lambda: self.one("0s", "6s", "2m"), growth=lambda: self.random.randint(1, 100),
            maxattempts=lambda: self.one(0, 3), nofailover=self.switch,
            skew=lambda: self.one("warn", "eject", "Ignore"))

    def admin(self):
        return self.some(allow=self.networks, users=self.users,
                         satisfy=lambda: self.one("any", "all"),
                         manager=lambda: self.one("off", "/m"), status=lambda: self.one("off", "/s"),
                         server_status=lambda: self.one("off", "/x"), extended_status=self.switch)

    def server(self):
        """The same for all sites: httpd has one of each."""
        return self.some(state_file=lambda: "state/a b", notify=lambda: "/bin/true") or "state/a b"

    def raw(self):
        return self.one("# x " + self.odd() + "\n", f"# {self.odd()}\\\n</VirtualHost>\n",
                        "<If true>\n  Header set X-A b\n</iF>\n", "Header set X-A \\\nb\n")

    def topology(self, number):
        return {"site": self.site(number),
                "instances": [self.instance(i) for i in range(self.random.randint(1, 4))],
                **self.some(balance=self.balance, admin=self.admin, server=self.server, raw=self.raw)}


def render(directory, topology):
    (directory / "topology.yaml").write_text(json.dumps(topology))
    return subprocess.run([BUILD / "osgen", "render", "topology.yaml"], cwd=directory, text=True,
                          capture_output=True, timeout=60, check=False)


def test_what_osgen_accepts_httpd_accepts(tmp_path):
    dice = Dice(SEED)
    accepted = [run.stdout for run in (render(tmp_path, dice.topology(number))
                                       for number in range(TOPOLOGIES)) if run.returncode == 0]
    assert len(accepted) > TOPOLOGIES / 4, f"only {len(accepted)}, RANDOM_SEED={SEED}"
    conf = tmp_path / "all.conf"
    for first in range(0, len(accepted), TOGETHER):
        conf.write_text("".join(accepted[first:first + TOGETHER]))
        run = configtest.run(tmp_path, conf, BUILD / "mod_os_balancer.so")
        assert run.stderr == "Syntax OK\n", f"{run.stderr}RANDOM_SEED={SEED}"
