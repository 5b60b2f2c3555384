# SPDX-License-Identifier: Apache-2.0
"""What osgen apply works on, without an httpd: a program that is called like apachectl, and a status
page that shows the members of whatever file was reloaded last."""

import http.server
import json
import os
import re
import threading
import time

from .wait import wait_until

SCRIPT = """\
#!/bin/sh
cd '{root}' || exit 9
if [ "$1" = -t ]; then
    cat includes
    exit 0
fi
echo "$1" >>calls
: >"entered-$1"
while [ -e "hang-$1" ]; do sleep 0.02; done
if [ "$1" = configtest ] && [ -e refused ]; then
    if [ -s refused ]; then cmp -s refused '{conf}' && exit 1; else [ -e '{conf}' ] || exit 1; fi
fi
if [ -e "refuse-$1" ]; then
    cat "refuse-$1" >&2
    exit 1
fi
[ "$1" = graceful ] || exit 0
cp '{conf}' live 2>/dev/null || rm -f live
echo >>reloads
"""

BALANCER = re.compile(r"balancer://[a-z0-9-]+")
MEMBER = re.compile(r"^\s*BalancerMember (\S+)", re.M)


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.server.reloads.page()
        self.send_response(self.server.reloads.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Reloads:
    """Lies in ROOT; CONF is the file that is reloaded. NAME is the site's."""

    def __init__(self, root, conf, name="os.example.org"):
        self.root, self.conf, self.name = os.fspath(root), os.fspath(conf), name
        # What the status page answers, and of its members by URL: the state, and whether it serves.
        self.status = 200
        self.states = {}
        self.hidden = set()
        # Members that it shows though the file has them not.
        self.left = set()
        # Whether anybody is checked any more.
        self.checked = True
        # Whether the old children answer on and on.
        self.stuck = False
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
        self._server.reloads = self
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.control = os.path.join(self.root, "apachectl")
        os.makedirs(self.root, exist_ok=True)
        self.include(self.control, self.conf)
        with open(self.control, "w", encoding="utf-8") as out:
            out.write(SCRIPT.format(root=self.root, conf=self.conf))
            os.fchmod(out.fileno(), 0o755)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        for action in ("configtest", "graceful", "start"):
            self.let_go(action)
        self._server.shutdown()
        self._server.server_close()

    def _path(self, name):
        return os.path.join(self.root, name)

    def _read(self, name):
        try:
            with open(self._path(name), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return None

    @property
    def calls(self):
        """What it was called for so far, in order."""
        return (self._read("calls") or "").split()

    @property
    def live(self):
        """What the file held at the last reload; None: there was none."""
        return self._read("live")

    def bar(self, text):
        """The file that httpd refuses; None: that there is none."""
        with open(self._path("refused"), "w", encoding="utf-8") as out:
            out.write(text or "")

    def run(self, text):
        """As if httpd ran with TEXT."""
        with open(self._path("live"), "w", encoding="utf-8") as out:
            out.write(text)

    def include(self, *paths):
        """What httpd says of which files its configuration consists."""
        with open(self._path("includes"), "w", encoding="utf-8") as out:
            out.write("Included configuration files:\n")
            out.writelines(f"{'  ' * depth}  ({depth or '*'}) {path}\n"
                           for depth, path in enumerate(paths))

    def refuse(self, action, words="no\n"):
        with open(self._path("refuse-" + action), "w", encoding="utf-8") as out:
            out.write(words)

    def take(self, action):
        os.unlink(self._path("refuse-" + action))

    def hang(self, action):
        with open(self._path("hang-" + action), "w", encoding="utf-8"):
            pass

    def wait_until_in(self, action):
        wait_until(lambda: os.path.exists(self._path("entered-" + action)), 10,
                   "the call of " + action)

    def let_go(self, action):
        try:
            os.unlink(self._path("hang-" + action))
        except FileNotFoundError:
            pass

    def page(self):
        """The status page's JSON, with a member's default port left out as httpd does."""
        # Of the next second already: a check counts as one of the new configuration from then on.
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ",
                           time.gmtime(time.time() + 1 if self.checked else 0))
        members = []
        for url in (*MEMBER.findall(self.live or ""), *self.left):
            state, serves = self.states.get(url, ("up", True))
            if url not in self.hidden:
                members.append({**({"url": url.replace(":8009/", "/")} if url else {}), "state": state,
                                "serves": serves, "reason": "as it is",
                                "last_check": {"at": at, "good": state == "up"}})
        balancer = {"name": (BALANCER.search(self.live or "") or ["balancer://os-cluster"])[0],
                    "server": f"{self.name}:{self.port}",
                    "members": members}
        reloads = 0 if self.stuck else len(self._read("reloads") or "")
        checker = {"pid": 1000 + reloads, "beat_ms": 1}
        return json.dumps({"checker": checker, "balancers": [balancer]}).encode()
