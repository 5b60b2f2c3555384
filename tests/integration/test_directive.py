# SPDX-License-Identifier: Apache-2.0
"""The directives at configtest: what is wrong is refused, with words on what is accepted."""

import os

import pytest

from harness.httpd import SITE_MODULES

MEMBER = "BalancerMember ajp://127.0.0.1:9/openspecimen"


def proxy(*lines, name="balancer://os-cluster"):
    return "\n".join([f'<Proxy "{name}">', MEMBER, *lines, "</Proxy>"])


ACCEPTED = {
    "On alone": "OSBalancerHealth On",
    "Off": "OSBalancerHealth Off",
    "an interval under the default timeout": "OSBalancerHealth On interval=1s",
    "an interval under the default fast": "OSBalancerHealth On interval=200ms",
    "any case of letters": "osbalancerhealth ON",
    "every setting": "OSBalancerHealth On interval=5s fast=1s down=9s timeout=900ms ping=800ms rise=3 "
                     "fall=4 slowstart=0ms warmup=/,/rest/ng/x?y=1 context=/os/test tls_ca=ca.pem",
    "a down that is shorter than the interval": "OSBalancerHealth On interval=5s down=100ms",
    "the least of each": "OSBalancerHealth On interval=100ms fast=100ms timeout=100ms rise=1 "
                         "fall=1",
}

REFUSED = {
    "nothing": ("OSBalancerHealth", "wants On or Off first"),
    "neither On nor Off": ("OSBalancerHealth Maybe", '"Maybe" is not one of: Off or On'),
    "settings without On": ("OSBalancerHealth interval=5s", "is not one of: Off or On"),
    "Off with settings": ("OSBalancerHealth Off rise=2", "Off takes no settings"),
    "an unknown key": ("OSBalancerHealth On color=red",
                       "not one of: interval, fast, down, timeout, ping, rise, fall, slowstart, "
                       "warmup, context or tls_ca"),
    "a key that is nearly right": ("OSBalancerHealth On intreval=5s", "did you mean interval?"),
    "a word that is no setting": ("OSBalancerHealth On fast", "written key=value"),
    "a duration without its unit": ("OSBalancerHealth On interval=5",
                                    "is not a duration from 100ms to 60m"),
    "a duration with more than its unit": ("OSBalancerHealth On interval=5sec", "500ms, 2s or 1m"),
    "a down under the least": ("OSBalancerHealth On down=99ms",
                               "is not a duration from 100ms to 60m"),
    "a down over the most": ("OSBalancerHealth On down=61m",
                             "is not a duration from 100ms to 60m"),
    "a slow start over the most": ("OSBalancerHealth On slowstart=61m",
                                   "is not a duration from 0ms to 60m"),
    "a slow start without its unit": ("OSBalancerHealth On slowstart=0",
                                      "written with its unit"),
    "authorities that aren't there": ("OSBalancerHealth On tls_ca=/nowhere/ca.pem",
                                      "/nowhere/ca.pem is not a file"),
    "authorities that are a directory": ("OSBalancerHealth On tls_ca=/", "/ is not a file"),
    "authorities without a certificate": ("OSBalancerHealth On tls_ca=httpd.conf",
                                          "httpd.conf has no certificate in PEM form"),
    "authorities without a name": ("OSBalancerHealth On tls_ca=", "tls_ca: "),
    "a rise of nothing": ("OSBalancerHealth On rise=0", "not a whole number from 1 to 100"),
    "a negative fall": ("OSBalancerHealth On fall=-1", "not a whole number from 1 to 100"),
    "a warm-up path without a slash": ("OSBalancerHealth On warmup=/a,b",
                                       "is not a list of paths"),
    "a context without a slash": ("OSBalancerHealth On context=openspecimen",
                                  "is not a context path"),
    "a context with an end": ("OSBalancerHealth On context=/os/", "is not a context path"),
    "a context that climbs": ("OSBalancerHealth On context=/os/../x", "is not a context path"),
    "a context with another header in it": ('OSBalancerHealth On "context=/os HTTP/1.1"',
                                            "is not a context path"),
    "an interval under the timeout that stands before it": (
        "OSBalancerHealth On timeout=2s interval=1s", "timeout=2s is longer than interval=1s"),
    "a timeout over the interval": ("OSBalancerHealth On interval=1s timeout=2s fast=1s",
                                    "timeout=2s is longer than interval=1s"),
    "a fast over the interval": ("OSBalancerHealth On interval=1s timeout=1s fast=2s",
                                 "fast=2s is longer than interval=1s"),
    "itself twice": ("OSBalancerHealth On\nOSBalancerHealth On", "stands already at"),
}

PLACES = {
    "the server level": "OSBalancerHealth On",
    "a virtual host": "<VirtualHost *:80>\nOSBalancerHealth On\n</VirtualHost>",
    "a Location": "<Location /x>\nOSBalancerHealth On\n</Location>",
    "a Directory": "<Directory />\nOSBalancerHealth On\n</Directory>",
    "a Proxy that is no balancer": '<Proxy "http://127.0.0.1/">\nOSBalancerHealth On\n</Proxy>',
    "a Proxy for everything": '<Proxy "*">\nOSBalancerHealth On\n</Proxy>',
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_is_accepted(httpd, case):
    server = httpd()
    server.configure(proxy(ACCEPTED[case]))
    with open(os.path.join(os.path.dirname(server.conf), "ca.pem"), "w", encoding="ascii") as file:
        file.write("-----BEGIN CERTIFICATE-----\n")
    assert server.configtest() == (0, "Syntax OK\n")


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused(httpd, case):
    line, words = REFUSED[case]
    server = httpd()
    server.configure(proxy(line))
    code, output = server.configtest()
    assert code != 0 and words in output, output
    assert "OSBalancerHealth" in output


@pytest.mark.parametrize("place", PLACES)
def test_is_refused_outside_a_balancer(httpd, place):
    server = httpd()
    server.configure(proxy() + "\n" + PLACES[place])
    code, output = server.configtest()
    assert code != 0 and 'belongs inside <Proxy "balancer://...">' in output, output


UNCHECKABLE = {
    "hcmethod": ("BalancerMember http://127.0.0.1:9/os hcmethod=TCP", "hcmethod"),
    "another scheme": ("BalancerMember fcgi://127.0.0.1:9/os", "its scheme is fcgi"),
    "a unix socket": ("BalancerMember unix:/run/os.sock|http://localhost/os", "unix: socket"),
}


@pytest.mark.parametrize("case", UNCHECKABLE)
def test_a_member_that_can_not_be_checked_is_refused(httpd, case):
    member, words = UNCHECKABLE[case]
    server = httpd(modules=SITE_MODULES + ("proxy_hcheck", "proxy_fcgi"))
    server.configure(proxy(member, "OSBalancerHealth On"))
    code, output = server.configtest()
    assert code != 0 and words in output, output
    assert "httpd.conf:" in output, "it says where OSBalancerHealth stands"


@pytest.mark.parametrize("case", UNCHECKABLE)
def test_without_the_directive_any_member_is_left_alone(httpd, case):
    server = httpd(modules=SITE_MODULES + ("proxy_hcheck", "proxy_fcgi"))
    server.configure(proxy(UNCHECKABLE[case][0]) + "\n" +
                     proxy("OSBalancerHealth Off", UNCHECKABLE[case][0], name="balancer://other"))
    assert server.configtest() == (0, "Syntax OK\n")


def test_a_member_of_the_main_server_is_complained_of_once(httpd):
    server = httpd(modules=SITE_MODULES + ("proxy_hcheck",))
    server.configure(proxy(UNCHECKABLE["hcmethod"][0], "OSBalancerHealth On") +
                     "\n<VirtualHost *:81>\nServerName a\n</VirtualHost>"
                     "\n<VirtualHost *:81>\nServerName b\n</VirtualHost>")
    code, output = server.configtest()
    assert code != 0 and output.count("hcmethod") == 1, output


@pytest.mark.parametrize("health", ["On", "Off"])
def test_a_balancer_without_members_is_taken_for_a_slip(httpd, health):
    server = httpd()
    server.configure(proxy() + "\n<Proxy balancer://os-clutser>\n"
                     f"OSBalancerHealth {health}\n</Proxy>")
    code, output = server.configtest()
    if health == "Off":
        assert (code, output) == (0, "Syntax OK\n")
    else:
        assert code != 0 and "balancer://os-clutser: it has no BalancerMember" in output, output


def test_the_module_loads_without_mod_proxy(httpd):
    server = httpd(modules=("authn_core", "authz_core", "unixd", "log_config"))
    server.configure("")
    assert server.configtest() == (0, "Syntax OK\n")


# ---- OSBalancerSkew ----


@pytest.mark.parametrize("policy", ["warn", "eject", "ignore", "Eject"])
@pytest.mark.parametrize("sooner", [True, False])
def test_a_skew_policy_is_accepted_on_either_side_of_health(httpd, policy, sooner):
    lines = [f"OSBalancerSkew {policy}", "OSBalancerHealth On"]
    server = httpd()
    server.configure(proxy(*(lines if sooner else lines[::-1])))
    assert server.configtest() == (0, "Syntax OK\n")


SKEW_REFUSED = {
    "nothing": (["OSBalancerHealth On", "OSBalancerSkew"], "takes one argument"),
    "an unknown policy": (["OSBalancerHealth On", "OSBalancerSkew kill"],
                          '"kill" is not one of: warn, eject or ignore'),
    "two policies": (["OSBalancerHealth On", "OSBalancerSkew warn eject"], "takes one argument"),
    "itself twice": (["OSBalancerHealth On", "OSBalancerSkew warn", "OSBalancerSkew eject"],
                     "OSBalancerSkew stands already at"),
    "no health": (["OSBalancerSkew warn"], "it wants OSBalancerHealth On beside it"),
    "health that is off": (["OSBalancerHealth Off", "OSBalancerSkew warn"],
                           "it wants OSBalancerHealth On beside it"),
}


@pytest.mark.parametrize("case", SKEW_REFUSED)
def test_a_skew_policy_is_refused(httpd, case):
    lines, words = SKEW_REFUSED[case]
    server = httpd()
    server.configure(proxy(*lines))
    code, output = server.configtest()
    assert code != 0 and words in output and "OSBalancerSkew" in output, output
    assert "httpd.conf:" in output or "on line" in output, "it says where"


@pytest.mark.parametrize("place", PLACES)
def test_a_skew_policy_is_refused_outside_a_balancer(httpd, place):
    server = httpd()
    server.configure(proxy("OSBalancerHealth On") + "\n" +
                     PLACES[place].replace("OSBalancerHealth On", "OSBalancerSkew warn"))
    code, output = server.configtest()
    assert code != 0, output
    assert 'OSBalancerSkew belongs inside <Proxy "balancer://...">' in output, output


# ---- the server's own ----

# What the directives take; relative paths begin at httpd's own directories.
SERVER_LINES = {"OSBalancerStateFile": "state/os_balancer", "OSBalancerNotify": "/bin/true"}
INSIDE = {
    "a virtual host": "<VirtualHost *:80>\n{line}\n</VirtualHost>",
    "a Location": "<Location /x>\n{line}\n</Location>",
    "a Proxy": '<Proxy "balancer://os-cluster">\n{line}\n</Proxy>',
}


@pytest.mark.parametrize("directive", SERVER_LINES)
def test_a_directive_of_the_whole_server_is_accepted_at_its_level(httpd, directive):
    server = httpd()
    server.configure(proxy("OSBalancerHealth On") + f"\n{directive} {SERVER_LINES[directive]}")
    assert server.configtest() == (0, "Syntax OK\n")
    assert not os.path.exists(os.path.join(server.root, "state")), "a test makes nothing"


@pytest.mark.parametrize("directive", SERVER_LINES)
def test_a_directive_of_the_whole_server_may_say_the_same_again(httpd, directive):
    """Each of two sites' files may have it, but httpd has one state file and one program."""
    line = f"{directive} {SERVER_LINES[directive]}"
    other = {"OSBalancerStateFile": "state/other", "OSBalancerNotify": "/bin/false"}[directive]
    server = httpd()
    server.configure(proxy("OSBalancerHealth On") + f"\n{line}\n{line}")
    assert server.configtest() == (0, "Syntax OK\n")
    server.configure(proxy("OSBalancerHealth On") + f"\n{line}\n{directive} {other}")
    code, output = server.configtest()
    assert code != 0 and f"{directive} stands already, with " in output, output


@pytest.mark.parametrize("directive", SERVER_LINES)
def test_a_directive_of_the_whole_server_says_that_it_has_nothing_to_do(httpd, directive):
    server = httpd()
    server.configure(proxy("OSBalancerHealth Off") + f"\n{directive} {SERVER_LINES[directive]}")
    code, output = server.configtest()
    assert code == 0
    assert f"{directive} does nothing: no balancer has OSBalancerHealth On" in output


@pytest.mark.parametrize("place", INSIDE)
@pytest.mark.parametrize("directive", SERVER_LINES)
def test_a_directive_of_the_whole_server_is_refused_elsewhere(httpd, directive, place):
    line = f"{directive} {SERVER_LINES[directive]}"
    server = httpd()
    server.configure(proxy("OSBalancerHealth On") + "\n" + INSIDE[place].format(line=line))
    code, output = server.configtest()
    assert code != 0 and f"{directive} " in output, output
    assert "cannot occur within" in output or "not allowed" in output, output


SERVER_REFUSED = {
    "a state file without a name": ('OSBalancerStateFile ""', "takes one argument"),
    "a state file that is a directory": ("OSBalancerStateFile /var/lib/os_balancer/",
                                         "is not a file's path"),
    "a program that isn't there": ("OSBalancerNotify /nowhere/notify",
                                   "/nowhere/notify is not a program that can be run"),
    "a program that can't be run": ("OSBalancerNotify httpd.conf",
                                    "httpd.conf is not a program that can be run"),
    "a program that is a directory": ("OSBalancerNotify /bin",
                                      "/bin is not a program that can be run"),
    "a program with arguments": ("OSBalancerNotify /bin/true x", "takes one argument"),
}


@pytest.mark.parametrize("case", SERVER_REFUSED)
def test_a_directive_of_the_whole_server_is_refused_with(httpd, case):
    line, words = SERVER_REFUSED[case]
    server = httpd()
    server.configure(proxy("OSBalancerHealth On") + "\n" + line)
    code, output = server.configtest()
    assert code != 0 and words in output, output
    assert line.split()[0] in output, output
