# SPDX-License-Identifier: Apache-2.0
"""What `make demo` runs: two nodes and a balancer on this machine, until Ctrl-C.

NODES=tomcat takes real Tomcats in place of the C stand-ins; PORT is where to listen, or near it."""

import os
import shutil
import signal
import sys
import tempfile

from harness.httpd import BUILD
from harness.ports import free_port, is_taken
from harness.site import Site
from harness.standin import Standin
from harness.tomcat import Tomcat

KINDS = {"standin": Standin, "tomcat": Tomcat}

# What those who try the things below make httpd write: a member's change of state, and mod_proxy's
# words on one that refuses a connection, breaks it off or keeps silent; and those of the manager
# page on being opened by its address, without a Referer.
ALLOWED = (r"os_balancer: \S+ member \S+: [\w-]+ -> [\w-]+: ",
           r"AH00957: AJP: attempt to connect to ", r"AH00959: ap_proxy_connect_backend disabling ",
           r"AH00896: failed to make connection to backend: ", r"AH01030: ajp_ilink_receive\(\)",
           r"AH00992: ajp_read_header: ", r"AH00878: read response failed from ",
           r"AH00893: dialog to ", r"AH00897: cping/cpong failed to ",
           r"AH01167: balancer://\S+: All workers are in error state",
           r"AH10187: ignoring params in balancer-manager cross-site access")

TEXT = """
  The site         http://localhost:{port}/openspecimen/
  Its status       http://localhost:{port}/balancer-status   (?format=json for programs)
  httpd's manager  http://localhost:{port}/balancer-manager

  The topology     {topology}
  as osgen has it  {conf}
  The log          {log}

Things to try, each with an eye on the status page:
  node 2's database goes away   curl '{control}?db=refused'
  it only hangs                 curl '{control}?db=hang'
  and all is well again         curl '{control}?db=ok'
  the webapp is undeployed      curl '{control}?deployed=off'    (=on deploys it)
  node 2 hangs                  kill -STOP {pid}                 (kill -CONT {pid} wakes it)
  node 2 ends for good          kill {pid}
  which node answers?           curl http://localhost:{port}/openspecimen/rest/ng/echo

Ctrl-C ends it all.
"""


def choose_port(wanted):
    if not is_taken(wanted):
        return wanted
    port = free_port()
    print(f"Port {wanted} is taken; this demo listens on {port}.")
    return port


def start(root, stack):
    kind = os.environ.get("NODES", "standin")
    if kind not in KINDS:
        sys.exit(f"NODES={kind} is not one of: {', '.join(KINDS)}")
    nodes = [KINDS[kind](os.path.join(root, f"os{number}"), node=f"os{number}")
             for number in (1, 2)]
    for node in nodes:
        stack.append(node)
        node.start()
    site = Site(os.path.join(root, "balancer"), nodes, name="localhost", health="on",
                port=choose_port(int(os.environ.get("PORT", "8080"))))
    stack.append(site)
    site.httpd.expect(*ALLOWED)
    site.start()
    site.wait_until_up()
    return site


def show(site):
    node = site.nodes[1]
    print(TEXT.format(port=site.httpd.port, topology=site.topology, conf=site.conf,
                      log=site.httpd.error_log, pid=node.pid,
                      control=f"http://127.0.0.1:{node.control_port}/standin/control"), flush=True)


def main():
    # A shell that runs this in the background has it ignore SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.makedirs(BUILD, exist_ok=True)
    root = tempfile.mkdtemp(prefix="demo-", dir=BUILD)
    stack = []
    try:
        show(start(root, stack))
        while True:
            signal.pause()
    except KeyboardInterrupt:
        print()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for part in reversed(stack):
            part.stop()
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
