# SPDX-License-Identifier: Apache-2.0
"""What osgen apply and try say, from the first word to the last, against tests/golden/words. There is
a function here for each file there. GOLDEN_WRITE=1 writes what is said instead of comparing."""

import os
import pathlib
import re

import pytest

from harness.change import wait_for_end, wait_for_trial
from harness.httpd import ROOT

WORDS = pathlib.Path(ROOT, "tests", "golden", "words")
ONE, THREE = "ajp://10.0.0.1:8009/openspecimen", "ajp://10.0.0.3:8009/openspecimen"


def applied(one):
    return one.change(code=0).stderr


def first_file(one):
    one.conf.unlink()
    return one.change(code=0).stderr


def unchanged(one):
    one.change(code=0)
    return one.change(code=0).stderr


def nothing_to_try(one):
    one.change(code=0)
    return one.change("try", code=0).stderr


def planned(one):
    return one.change("try", "--dry-run", code=0).stderr


def confirmed(one):
    process = one.begin("try")
    wait_for_trial(one)
    one.confirm(code=0)
    return wait_for_end(process)[1]


def unconfirmed(one):
    return one.change("try", "--timeout", "300ms", code=1).stderr


def refused(one):
    one.reloads.refuse("configtest", "AH00526: Syntax error on line 30 of site.conf:\n"
                                     "BalancerMember Worker secret length exceeds: secret=hush\n")
    return one.change(code=1).stderr


def not_reloaded(one):
    one.reloads.refuse("graceful", "httpd: could not reload\n")
    one.reloads.refuse("start", "httpd: could not start\n")
    return one.change(code=3).stderr


def not_shown(one):
    one.reloads.hidden = {THREE}
    return one.change("apply", "--timeout", "500ms", code=1).stderr


def not_begun_anew(one):
    one.reloads.stuck = True
    return one.change("apply", "--timeout", "500ms", code=1).stderr


def no_balancer(one):
    one.reloads.name = "www.example.org"
    return one.change("apply", "--timeout", "500ms", code=1).stderr


def still_shown(one):
    one.change(code=0)
    one.write(["ajp://10.0.0.1:8009"])
    one.reloads.left = {THREE}
    return one.change("apply", "--timeout", "500ms", code=1).stderr


def not_checked(one):
    one.reloads.checked = False
    return one.change("apply", "--timeout", "500ms", code=0).stderr


def one_is_disabled(one):
    one.write(["ajp://10.0.0.1:8009", "{url: 'ajp://10.0.0.3:8009', disabled: yes}"])
    return one.change(code=0).stderr


def secret_for_everybody(one):
    one.write(["ajp://10.0.0.1:8009"], "balance: {secret: hush-hush-hush-hush}\nadmin: [127.0.0.1]\n")
    one.conf.chmod(0o644)
    return one.change(code=0).stderr


def no_page(one):
    one.reloads.status = 404
    return one.change("apply", "--timeout", "500ms", code=1).stderr


def nobody_serves(one):
    one.reloads.states = {ONE: ("forbidden", False), THREE: ("unreachable", False)}
    return one.change(code=1).stderr


def one_cannot_serve(one):
    one.reloads.states = {THREE: ("unreachable", False)}
    return one.change(code=0).stderr


def interrupted(one):
    process = one.begin("try")
    wait_for_trial(one)
    process.signal(15)
    return wait_for_end(process)[1]


def cut_off(one):
    process = one.begin("try")
    wait_for_trial(one)
    process.kill()
    return one.confirm(code=1).stderr + one.change(code=0).stderr


def seen_meanwhile(one):
    """What others are told who look while a change is made."""
    one.reloads.hang("configtest")
    process = one.begin("apply")
    one.reloads.wait_until_in("configtest")
    said = one.change("apply", "--dry-run", code=0).stderr
    said += one.osgen("diff", "-o", one.conf, one.topology).stderr
    one.reloads.let_go("configtest")
    wait_for_end(process)
    return said


def held(one):
    process = one.begin("try")
    wait_for_trial(one)
    said = one.change(code=3).stderr
    one.confirm(code=0)
    wait_for_end(process)
    return said.replace(f"process {process.pid}", "process 1234")


def not_admitted(one):
    one.write(["ajp://10.0.0.1:8009"], "admin: [10.0.0.5]\n")
    return one.change(code=3).stderr


def planned_with_tls(one):
    one.topology.write_text("site: {name: os.example.org, tls: /etc/ssl/os.pem}\n"
                            "instances: ['ajp://10.0.0.1:8009', 'ajp://10.0.0.3:8009']\n"
                            "admin: {allow: 127.0.0.1, users: /etc/users, satisfy: any}\n")
    return one.change("try", "--dry-run", code=0).stderr


def password(one):
    one.topology.write_text("site: {name: os.example.org, tls: /etc/ssl/os.pem}\n"
                            "instances: ['ajp://10.0.0.1:8009', 'ajp://10.0.0.3:8009']\n"
                            "admin: {allow: 127.0.0.1, users: /etc/users}\n")
    return one.change(code=3).stderr


SCENES = [no_balancer, still_shown, not_checked, one_is_disabled, secret_for_everybody, applied, first_file, unchanged, nothing_to_try, planned, confirmed, unconfirmed, refused,
          not_reloaded, not_shown, not_begun_anew, no_page, nobody_serves, one_cannot_serve,
          interrupted, cut_off, seen_meanwhile, held, not_admitted, planned_with_tls, password]


def test_each_file_has_a_scene():
    assert {path.stem for path in WORDS.glob("*.txt")} == {play.__name__ for play in SCENES}


@pytest.mark.parametrize("play", SCENES, ids=lambda play: play.__name__)
def test_what_is_said_is_as_expected(scene, play):
    one = scene()
    said = play(one).replace(os.fspath(one.root), "ROOT").replace(str(one.reloads.port), "PORT")
    said = re.sub(r"^ROOT/topology.yaml:\d+:\d+: warning: .*\n.*\n.*\n1 warning\n", "", said,
                  flags=re.M)
    path = WORDS / f"{play.__name__}.txt"
    if os.environ.get("GOLDEN_WRITE") == "1":
        path.write_text(said)
    assert said == path.read_text()
