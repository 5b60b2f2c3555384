# SPDX-License-Identifier: Apache-2.0
"""Network namespaces of a test's own: hosts on one wire, with nothing of it on this machine's network.
What is in them dies with them."""

import json
import os
import shutil
import subprocess
import uuid


def ip(*args):
    return subprocess.run(["ip", *args], check=True, capture_output=True, text=True,
                          timeout=60).stdout


def why_not():
    """Why there can be none here, or None."""
    if os.geteuid() != 0:
        return "only root makes network namespaces"
    if shutil.which("ip") is None:
        return "ip isn't installed"
    name = f"osb-{uuid.uuid4().hex[:8]}"
    try:
        ip("netns", "add", name)
        ip("-n", name, "link", "add", "br0", "type", "bridge")
    except subprocess.CalledProcessError as error:
        return f"network namespaces aren't allowed here: {error.stderr.strip()}"
    finally:
        subprocess.run(["ip", "netns", "delete", name], capture_output=True)
    return None


class Host:
    """One on the wire, with one interface, eth0."""

    def __init__(self, name, addresses):
        self.name = name
        self.addresses = addresses
        self.prefix = ("ip", "netns", "exec", name)

    def make(self, lan, plug):
        ip("netns", "add", self.name)
        ip("link", "add", "eth0", "netns", self.name, "type", "veth", "peer", "name", plug, "netns", lan)
        ip("-n", lan, "link", "set", plug, "master", "br0", "up")
        self.plug = (lan, plug)
        ip("-n", self.name, "link", "set", "lo", "up")
        ip("-n", self.name, "link", "set", "eth0", "up")
        for address in self.addresses:
            ip("-n", self.name, "address", "add", address, "dev", "eth0",
               *(["nodad"] if ":" in address else []))

    def delete(self):
        ip("netns", "delete", self.name)

    def pull(self):
        """Pulls its plug."""
        lan, plug = self.plug
        ip("-n", lan, "link", "set", plug, "down")

    def has(self, address):
        """Does it have ADDRESS now?"""
        links = json.loads(ip("-n", self.name, "-j", "address", "show", "dev", "eth0"))
        return any(info.get("local") == address for info in links[0]["addr_info"])

    def cut(self, address):
        """It reaches ADDRESS no more."""
        ip("-n", self.name, "route", "add", "unreachable", address)

    def mend(self, address):
        ip("-n", self.name, "route", "delete", "unreachable", address)


class Lan:
    """A wire and the hosts on it, by their names: ADDRESSES has those of each, with their networks."""

    def __init__(self, addresses):
        self.mark = uuid.uuid4().hex[:8]
        self.switch = f"osb-{self.mark}-switch"
        self.hosts = {name: Host(f"osb-{self.mark}-{name}", own) for name, own in addresses.items()}
        self.made = []

    def __enter__(self):
        try:
            ip("netns", "add", self.switch)
            ip("-n", self.switch, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
            ip("-n", self.switch, "link", "set", "br0", "up")
            for number, host in enumerate(self.hosts.values()):
                self.made.append(host)
                host.make(self.switch, f"plug{number}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        for name in [*(host.name for host in self.made), self.switch]:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)
