# SPDX-License-Identifier: Apache-2.0
"""The stand-in webapp on a real Tomcat 10, in health, answers as OpenSpecimen does. What these
tests and those of its faults say is the truth that the module and the C stand-in are held against.
"""

import hashlib
import json

import pytest
from harness.asking import (LOCALE, PASSWORD, PROPS, REST, SETTINGS, STOCK_404, over_ajp,
                            over_http, sign_in)
from harness.tomcat import Tomcat


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    tomcat = Tomcat(tmp_path_factory.mktemp("tomcat"), node="lion")
    tomcat.start()
    yield tomcat
    tomcat.stop()


@pytest.mark.parametrize("path", [LOCALE, PROPS, PASSWORD, SETTINGS + "/deployment-site-assets",
                                  REST + "/auth-domains/"])
def test_a_public_resource_answers_chunked_json_without_sign_in(node, path):
    answer = over_http(node, path)
    assert (answer.status, answer.reason) == (200, "")
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.headers["Cache-Control"] == "no-cache, no-store, must-revalidate"
    assert answer.headers["Pragma"] == "no-cache"
    assert answer.json
    by_ajp = over_ajp(node, path)
    assert (by_ajp.status, by_ajp.reason, by_ajp.body) == (200, "200", answer.body)
    assert "Content-Length" not in by_ajp.headers and by_ajp.reuse


def test_locale_and_app_props_have_the_applications_fields(node):
    assert over_http(node, LOCALE).json == {
        "deBeDateFmt": "dd-MM-yyyy", "utcOffset": 0, "deFeDateFmt": "dd-mm-yyyy",
        "dateFmt": "dd MMM yyyy", "locale": "en_US", "timeFmt": "HH:mm"}
    props = over_http(node, PROPS).json
    kinds = {"build_version": str, "build_date": str, "build_commit_revision": str,
             "plugins": list, "pluginsDetail": list, "deploy_env": str, "default_domain": str,
             "cp_coding_enabled": bool, "forgot_password": bool, "toast_disp_time": int,
             "searchDelay": int, "auditEnabled": str}
    assert {name: type(props[name]) for name in kinds} == kinds
    assert props["not_specified"] is None


def test_head_of_a_public_resource_is_refused_and_options_tells_nothing(node):
    head = over_http(node, LOCALE, "HEAD")
    assert head.status == 401
    assert head.headers["WWW-Authenticate"] == 'Basic realm="OpenSpecimen"'
    for path in (LOCALE, REST + "/no-such-thing"):
        options = over_http(node, path, "OPTIONS")
        assert (options.status, options.body) == (200, b"")


def test_a_bad_token_is_refused_even_on_a_public_resource(node):
    for headers in ({"X-OS-API-TOKEN": "bad"}, {"Cookie": "osAuthToken=bad"}):
        assert over_http(node, LOCALE, headers=headers).status == 401


def test_a_signed_in_user_is_known_by_cookie_and_by_header(node):
    assert over_http(node, REST + "/users/current-user").status == 401
    answer = sign_in(node)
    token = answer.json["token"]
    assert answer.headers["Set-Cookie"] == (
        f"osAuthToken={token};Path=/openspecimen;HttpOnly;SameSite=Strict")
    for headers in ({"X-OS-API-TOKEN": token}, {"Cookie": "osAuthToken=" + token}):
        user = over_http(node, REST + "/users/current-user", headers=headers).json
        assert user["loginName"] == "lab"
    assert sign_in(node, password="wrong").status == 400


def test_a_foreign_origin_gets_405_and_the_sites_own_is_let_in(node):
    assert over_http(node, LOCALE, headers={"Origin": "https://evil.example"}).status == 405
    own = f"http://127.0.0.1:{node.http_port}"
    answer = over_http(node, LOCALE, headers={"Origin": own})
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, own)


def test_an_unknown_path_gets_the_webapps_own_404_and_a_path_outside_tomcats(node):
    signed_in = {"X-OS-API-TOKEN": sign_in(node).json["token"]}
    for path in ("/openspecimen/no-such-page", REST + "/no-such-thing"):
        answer = over_http(node, path, headers=signed_in)
        assert answer.status == 404
        assert STOCK_404 not in answer.body and b"OpenSpecimen" in answer.body
    outside = over_http(node, "/elsewhere")
    assert outside.status == 404 and STOCK_404 in outside.body


def test_the_pages_name_the_node_and_the_bare_context_leads_to_them(node):
    for path in ("/openspecimen/", "/openspecimen/ui-app/"):
        page = over_http(node, path)
        assert page.headers["Content-Type"] == "text/html;charset=UTF-8"
        assert b"on lion" in page.body
    bare = over_http(node, "/openspecimen")
    assert (bare.status, bare.headers["Location"]) == (302, "/openspecimen/")


def test_the_echo_tells_the_request_and_the_sum_of_its_body(node):
    body = bytes(range(256)) * 4096
    for method, send in (("POST", over_http), ("PUT", over_ajp)):
        answer = send(node, REST + "/echo", method=method, body=body, headers={"X-Test": "a b"})
        seen = json.loads(answer.body)
        assert (seen["node"], seen["method"], seen["uri"]) == ("lion", method, REST + "/echo")
        assert seen["headers"]["x-test"] == "a b"
        assert seen["remote_addr"] == "127.0.0.1" and seen["scheme"] == "http"
        assert seen["body_length"] == len(body)
        assert seen["body_sha256"] == hashlib.sha256(body).hexdigest()
    assert over_http(node, REST + "/echo?a=1&b").json["query"] == "a=1&b"


def test_slow_and_bytes_do_as_they_are_asked_and_refuse_what_is_out_of_range(node):
    answer = over_http(node, REST + "/bytes?n=100001")
    assert (answer.headers["Content-Length"], answer.body) == ("100001", b"x" * 100001)
    assert over_http(node, REST + "/slow?ms=20").json["ms"] == 20
    for path in ("/bytes?n=-1", "/bytes", "/slow?ms=600001", "/slow?ms=99999999999999999999"):
        assert over_http(node, REST + path).status == 400
