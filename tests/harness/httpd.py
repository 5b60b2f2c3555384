# SPDX-License-Identifier: Apache-2.0
"""A real httpd of a test's own: its configuration, its ports, its processes, its log."""

import functools
import glob
import os
import pwd
import re
import shutil
import signal
import subprocess

from .ports import free_port
from .process import Process
from .server import Server
from .wait import wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))

# Of the httpd that is tested with: the environment's, or the first that there is.
APXS = (os.environ["APXS"],) if os.environ.get("APXS") else ("apxs", "apxs2")

MPMS = ("event", "worker", "prefork")

# What a site with osgen's configuration has; those that are linked into httpd are left out.
SITE_MODULES = ("alias", "authn_core", "authz_core", "authz_host", "unixd", "log_config", "headers",
                "setenvif", "watchdog", "slotmem_shm", "status", "proxy", "proxy_ajp",
                "proxy_http", "proxy_balancer", "lbmethod_byrequests", "lbmethod_bytraffic",
                "lbmethod_bybusyness")

BASE = """\
ServerRoot "{root}"
PidFile "{root}/httpd.pid"
DefaultRuntimeDir "{root}"
ErrorLog "{root}/error.log"
ErrorLogFormat "[%l] [pid %P] %M"
LogLevel {log_level}
ServerName test.invalid
Listen {listen}
Timeout 60
GracefulShutdownTimeout 5
{user}
{modules}
{extra}
"""

# mod_proxy_balancer marks the level at the start of a line, [warn], or [proxy:warn] by module.
LINE = re.compile(r"^\[(?:[\w.-]+:)?(emerg|alert|crit|error|warn)\] \[pid (\d+)\] (.*)$")

# A child that crashed; httpd tells of it at level notice only.
CRASH = re.compile(r"child pid \d+ exit signal ")

# httpd's event MPM ends its children under the feet of connections that are just being closed; with
# or without our module, a few ends in a hundred that come right after a request log one of these. The
# memory of such a child is in disorder: the C library may notice that first.
EVENT_END = re.compile(r"AH0309[23]|child pid \d+ exit signal (Segmentation fault|Abort)")

# Of children that are deaf, as below.
WORKER_END = re.compile(r"AH00045: child process \d+ still did not exit, sending a SIGTERM")


def apxs(*query):
    for name in APXS:
        if shutil.which(name):
            return subprocess.run([name, "-q", *query], check=True, capture_output=True,
                                  text=True).stdout.strip()
    raise AssertionError("no apxs")


def binary():
    return os.path.join(apxs("SBINDIR"), apxs("PROGNAME"))


@functools.cache
def patch_level():
    """The NN of httpd 2.4.NN."""
    told = subprocess.run([binary(), "-v"], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"Apache/2\.4\.(\d+)", told)[1])


def linked_modules():
    """Names of the modules that are part of the program, "watchdog" for mod_watchdog.c."""
    listing = subprocess.run([binary(), "-l"], check=True, capture_output=True, text=True).stdout
    return set(re.findall(r"mod_(\w+)\.c", listing))


def load_module(name):
    return f'LoadModule {name}_module "{apxs("LIBEXECDIR")}/mod_{name}.so"'


def load_modules(names, mpm="event", flavour=""):
    """LoadModule lines. Ours comes first, as the alphabet has it on Debian; FLAVOUR names the build
    it is taken from, "asan" or "clang", if not the usual one; None leaves it out."""
    wanted = [f"mpm_{mpm}", *names]
    linked = linked_modules()
    lines = [load_module(name) for name in wanted if name not in linked]
    if flavour is not None:
        module = os.path.join(BUILD, flavour, "mod_os_balancer.so")
        lines.insert(0, f'LoadModule os_balancer_module "{module}"')
    return "\n".join(lines)


def _user():
    """httpd, started by root, becomes somebody else."""
    if os.getuid() != 0:
        return ""
    for name in ("www-data", "apache", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return f"User #{entry.pw_uid}\nGroup #{entry.pw_gid}"
    raise AssertionError("no user for httpd")


class Httpd(Server):
    def __init__(self, root, mpm="event", modules=SITE_MODULES, log_level="info", flavour="",
                 env=None, port=None, prefix=()):
        """PREFIX stands before httpd's own command line: in which namespace it runs."""
        self.prefix = prefix
        self.root = os.fspath(root)
        self.port = port or free_port()
        self.mpm = mpm
        self.flavour = flavour
        self.env = env or {}
        self.modules = modules
        self.log_level = log_level
        self.error_log = os.path.join(self.root, "error.log")
        self.conf = os.path.join(self.root, "httpd.conf")
        self._expected = []
        self._judged = 0  # how much of the log earlier stops judged, in characters
        self._process = None
        os.makedirs(self.root, exist_ok=True)

    def configure(self, extra):
        """Writes httpd.conf, with EXTRA after what every server needs."""
        text = BASE.format(root=self.root, listen=f"127.0.0.1:{self.port}", extra=extra,
                           user=_user(), log_level=self.log_level,
                           modules=load_modules(self.modules, self.mpm, self.flavour))
        with open(self.conf, "w", encoding="utf-8") as out:
            out.write(text)

    def configtest(self):
        """The exit code and the words of `httpd -t`."""
        done = subprocess.run([binary(), "-f", self.conf, "-t"], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def start(self):
        open(self.error_log, "a", encoding="utf-8").close()
        before = self._resumed()
        self._process = Process([*self.prefix, binary(), "-f", self.conf, "-DFOREGROUND"],
                                os.path.join(self.root, "stderr.log"), env=self.env)
        wait_until(lambda: self._resumed() > before or not self._process.running, 20,
                   "httpd's start")
        assert self._process.running, self._process.output() + self.log()

    @property
    def pid(self):
        return self._process.pid

    @property
    def running(self):
        return self._process.running

    @property
    def deaf(self):
        """Whether a child's end takes some seconds: before httpd 2.4.62 nobody wakes the listener of
        the worker MPM."""
        return self.mpm == "worker" and patch_level() < 62

    def _resumed(self):
        """How often httpd began to serve: once for the start and for each graceful restart."""
        return self.log().count("resuming normal operations")

    def graceful(self):
        """`apachectl graceful`: children finish their requests."""
        self._reload(signal.SIGUSR1)

    def restart(self):
        """`apachectl restart`: children end at once."""
        served = len(self.log())
        self._reload(signal.SIGHUP)
        self._judge(served)

    def _reload(self, number):
        before = self._resumed()
        self._process.signal(number)
        wait_until(lambda: self._resumed() > before, 20, "a restart")

    def children(self):
        """Process ids of the children."""
        ids = []
        for path in glob.glob(f"/proc/{self.pid}/task/*/children"):
            with open(path, encoding="ascii") as children:
                ids += [int(word) for word in children.read().split()]
        return ids

    def log(self):
        with open(self.error_log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def stderr(self):
        """What httpd wrote before it had a log."""
        with open(os.path.join(self.root, "stderr.log"), encoding="utf-8") as log:
            return log.read()

    def transitions(self):
        """The module's lines about changes of state, in order."""
        return [line for line in self.log().splitlines()
                if "os_balancer: " in line and " -> " in line]

    def expect(self, *patterns):
        """Lines of the error log, at level warn or above or about a crash, that are right in this
        test."""
        self._expected += [re.compile(pattern) for pattern in patterns]

    def unexpected(self, log):
        """The lines of LOG that no test should see."""
        lines = []
        for line in log.splitlines():
            bad = LINE.match(line) or CRASH.search(line)
            if bad and not any(pattern.search(line) for pattern in self._expected):
                lines.append(line)
        return lines

    def _unexpected_at_the_end(self, log):
        """The same for what is logged once it was told to end."""
        return [line for line in self.unexpected(log) if not EVENT_END.search(line)
                and not (self.deaf and WORKER_END.search(line))]

    def stop(self):
        """Ends httpd, and fails if it leaves a process or an unexpected line behind."""
        if self._process is None:
            return
        children = self.children() if self._process.running else []
        served = len(self.log())
        self._process.stop()
        self._process = None
        wait_until(lambda: not any(os.path.exists(f"/proc/{child}") for child in children), 10,
                   "the end of httpd's children")
        self._judge(served)

    def _judge(self, served):
        """Fails if the log has a line that it shouldn't; SERVED: how long it was when the children
        were told to end."""
        log = self.log()
        lines = self.unexpected(log[self._judged:served])
        lines += self._unexpected_at_the_end(log[served:])
        self._judged = len(log)
        assert not lines, "unexpected in the error log:\n" + "\n".join(lines)

    def stop_daemon(self):
        """Ends an httpd that somebody else started by this configuration, if there is one."""
        pid_file = os.path.join(self.root, "httpd.pid")
        if os.path.exists(pid_file):
            subprocess.run([binary(), "-f", self.conf, "-k", "stop"], check=True, timeout=60,
                           capture_output=True)
            wait_until(lambda: not os.path.exists(pid_file), 20, "the end of httpd")

    def kill(self):
        """SIGKILL to httpd and all of its children, as when the power fails."""
        self._process.kill()
        self._process = None
