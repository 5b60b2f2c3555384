# SPDX-License-Identifier: Apache-2.0
"""Asks a node as a browser or a balancer would, by HTTP and by AJP."""

import http.client
import json

from .ajp import Connection

REST = "/openspecimen/rest/ng"
SETTINGS = REST + "/config-settings"
LOCALE, PROPS, PASSWORD = (f"{SETTINGS}/{name}" for name in ("locale", "app-props", "password"))
STOCK_404 = "<title>HTTP Status 404 – Not Found</title>".encode()
SILENCE = 0.5  # seconds after which a test calls an answer missing


class Answer:
    """An answer by HTTP, read to its end."""

    def __init__(self, answer):
        self.status, self.reason, self.headers = answer.status, answer.reason, answer.headers
        self.body = answer.read()

    @property
    def json(self):
        assert self.headers["Content-Type"] == "application/json"
        return json.loads(self.body)


def over_http(node, path, method="GET", headers=None, body=None, timeout=10.0):
    connection = http.client.HTTPConnection("127.0.0.1", node.http_port, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def over_ajp(node, path, secret=None, headers=None, method="GET", body=b"", timeout=10.0):
    with Connection(node.ajp_port, secret or node.secret, timeout) as connection:
        return connection.request(method, path, headers, body)


def pong(node, timeout=10.0):
    """Whether CPONG came in that time. No secret is sent."""
    try:
        with Connection(node.ajp_port, timeout=timeout) as connection:
            return connection.ping()
    except TimeoutError:
        return False


def answers_options(node, timeout=10.0):
    """Whether OPTIONS * was answered in that time, which over HTTP is the connector's own affair."""
    try:
        return over_http(node, "*", "OPTIONS", timeout=timeout).status == 200
    except TimeoutError:
        return False


def is_silent(node, path):
    try:
        over_ajp(node, path, timeout=SILENCE)
    except TimeoutError:
        return True
    return False


def sign_in(node, login="lab", password="Login@123"):
    details = {"loginName": login, "password": password, "domainName": "openspecimen"}
    return over_http(node, REST + "/sessions", "POST", {"Content-Type": "application/json"},
                     json.dumps(details))
