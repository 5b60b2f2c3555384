# SPDX-License-Identifier: Apache-2.0
"""Requests for a mirror that chance would hardly make, by name."""

from .variety import ATTRIBUTES, escaped

BASIC = b"Authorization: Basic "
CHUNKED = b"Transfer-Encoding: chunked"


def header(line):
    return b"header=" + escaped(line)


def wish(*parts):
    return {"ask": b"&".join(parts)}


def lines(*headers, **more):
    return {"headers": headers, **more}


def in_chunks(data, size, end=b"0\r\n\r\n"):
    """DATA as chunks of SIZE bytes."""
    pieces = (data[at:at + size] for at in range(0, len(data), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + end


def posted(data, method=b"POST", **more):
    return lines(b"Content-Length: %d" % len(data), method=method, body=data, **more)


def posted_in_chunks(data, size, **more):
    return lines(CHUNKED, **{"method": b"POST", "body": in_chunks(data, size), **more})


# Bytes of all values, as many as any body here has.
DATA = bytes(range(256)) * 1200


# Of the request; each is what build() is told.
ASKED = {
    "HEAD with a body": lines(b"Content-Length: 5", method=b"HEAD", body=b"hello"),
    "HEAD with a body in chunks": lines(CHUNKED, method=b"HEAD", body=b"5\r\nhello\r\n0\r\n\r\n"),
    "GET with a body": lines(b"Content-Length: 5", body=b"hello"),
    "OPTIONS with a body": lines(b"Content-Length: 5", method=b"OPTIONS", body=b"hello"),
    "GET with a body of many zeros' length": lines(b"Content-Length: 0005", body=b"hello"),
    "GET with an empty body": lines(b"Content-Length: 00"),
    "GET with chunks and a trailer": lines(CHUNKED, b"Trailer: X-T",
                                           body=b"5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n"),
    "GET with no chunk and a trailer": lines(CHUNKED, body=b"0\r\nX-T: 1\r\n\r\n"),
    "POST": lines(b"Content-Length: 5", method=b"POST", body=b"hello"),
    "POST to a page for errors": lines(b"Content-Length: 5", method=b"POST", body=b"hello",
                                       path="pages", ask=b"status=404"),
    **{f"{method.decode()} with a body": posted(b"hello", method)
       for method in (b"PUT", b"DELETE", b"PATCH", b"PROPFIND", b"BREW", b"TRACE")},
    **{f"{method.decode()} without a body": lines(method=method)
       for method in (b"POST", b"PUT", b"DELETE", b"PATCH", b"BREW", b"REPORT", b"SEARCH")},
    # About as much as a packet takes, or two.
    **{f"POST of {size} bytes": posted(DATA[:size])
       for size in (0, 8185, 8186, 8187, 16371, 16372, 16373, 20474, 20475, 300000)},
    **{f"POST in chunks of {size} bytes": posted_in_chunks(DATA[:count], size)
       for size, count in ((1, 100), (8186, 40000), (8192, 8192), (50000, 300000))},
    "POST with no chunk": posted_in_chunks(b"", 1),
    "POST with chunks and trailers": lines(CHUNKED, method=b"POST", body=in_chunks(
        DATA[:9000], 1000, b"0\r\nX-T: 1\r\nX-U: 2\r\n\r\n")),
    "POST whose chunks go wrong": lines(CHUNKED, method=b"POST", body=in_chunks(
        DATA[:9000], 1000, b"zz\r\n")),
    "POST whose first chunk is none": lines(CHUNKED, method=b"POST", body=b"zz\r\nhello\r\n"),
    "POST of more than is announced": lines(b"Content-Length: 5", method=b"POST", body=b"hello, you"),
    **{f"POST of {size} bytes that nobody reads": posted(DATA[:size], ask=b"unread=1")
       for size in (5, 8186, 8187, 40000)},
    "POST in chunks that nobody reads": posted_in_chunks(DATA[:20000], 3000, ask=b"unread=1"),
    "POST that fails, unread": posted(DATA[:40000], ask=b"unread=1&error=500"),
    "POST that breaks off": posted(DATA[:40000], ask=b"size=9000&fail=1"),
    "POST that breaks off at once": posted(DATA[:40000], ask=b"size=0&fail=1"),
    "POST with a large answer": posted(DATA[:40000], ask=b"size=300000&pieces=3"),
    "POST with 100-continue": lines(b"Expect: 100-continue", b"Content-Length: 5", method=b"POST",
                                    body=b"hello"),
    "POST of HTTP/1.0": posted(b"hello", protocol=b"HTTP/1.0"),
    "POST of HTTP/1.0 in chunks": posted_in_chunks(b"hello", 5, protocol=b"HTTP/1.0"),
    "POST under a password": lines(BASIC + b"bGFiOnNlY3JldA==", b"Content-Length: 5", path="auth",
                                   method=b"POST", body=b"hello"),
    "POST with AJP_ variables": posted(DATA[:9000], path="env", **wish(ATTRIBUTES)),
    **{f"POST, answered {status} under {path}": posted(DATA[:9000], path=path,
                                                       ask=b"status=%d" % status)
       for path in ("plain", "override", "pages", "nokeep") for status in (404, 500, 503)},
    "POST that is answered before it is read": posted(DATA[:40000], ask=b"early=9000"),
    "POST in chunks that is answered before it is read": posted_in_chunks(
        DATA[:40000], 5000, ask=b"early=9000"),
    "an unknown transfer coding": lines(b"Transfer-Encoding: gzip"),
    "a length and chunks": lines(b"Content-Length: 5", CHUNKED, body=b"0\r\n\r\n"),
    "two lengths": lines(b"Content-Length: 0", b"Content-Length: 0"),
    "a length below zero": lines(b"Content-Length: -1"),
    "an empty length": lines(b"Content-Length:"),
    "100-continue": lines(b"Expect: 100-continue"),
    "100-continue and a body": lines(b"Expect: 100-continue", b"Content-Length: 5",
                                     method=b"HEAD", body=b"hello"),
    "another expectation": lines(b"Expect: everything"),
    "TRACE": {"method": b"TRACE"},
    "CONNECT": {"method": b"CONNECT"},
    "PROPFIND": {"method": b"PROPFIND"},
    "HTTP/1.0": {"protocol": b"HTTP/1.0"},
    "HTTP/1.0 kept": lines(b"Connection: keep-alive", protocol=b"HTTP/1.0"),
    "HTTP/1.0 without a host": {"protocol": b"HTTP/1.0", "host": None},
    "HTTP/1.2": {"protocol": b"HTTP/1.2"},
    "HTTP/2.0": {"protocol": b"HTTP/2.0"},
    "no host": {"host": None},
    "an empty host": {"host": b""},
    "a bad host": {"host": b"a b"},
    "two hosts": lines(b"Host: www.test"),
    "an address of six": {"host": b"[::1]"},
    "a line without a colon": lines(b"nonsense"),
    "a space in a name": lines(b"X A: b"),
    "a space behind a name": lines(b"X-A : b"),
    "no name": lines(b": b"),
    "a control character in a name": lines(b"X\x01A: b"),
    "a control character in a value": lines(b"X-A: a\x01b"),
    "NUL in a value": lines(b"X-A: a\0b"),
    "CR in a value": lines(b"X-A: a\rb"),
    "DEL in a value": lines(b"X-A: a\x7fb"),
    "a folded line": lines(b"X-A: a", b" b", b"\t c"),
    "a byte over 7F in a name": lines(b"X-\xe9: b"),
    "empty values": lines(b"X-A:", b"Accept:", b"Cookie:"),
    "names of AJP with repeats": lines(b"Accept: a", b"accept: b", b"ACCEPT: c", b"Cookie: a=1",
                                       b"Cookie: b=2", b"Cookie2: c", b"Cookie2: d"),
    "two of each that there may be one of": lines(
        b"User-Agent: a", b"User-Agent: b", b"Authorization: a", b"Authorization: b",
        b"Referer: a", b"Referer: b", b"Content-Type: a", b"Content-Type: b"),
    "no headers at all": {"protocol": b"HTTP/1.0", "host": None, "ask": b""},
    "a hundred headers": lines(*(b"X-%d: %d" % (i, i) for i in range(98))),
    "more headers than Tomcat takes": lines(*(b"X-%d: %d" % (i, i) for i in range(150))),
    "two hundred cookies": lines(b"Cookie: " + b"; ".join(b"c%d=%d" % (i, i) for i in range(200))),
    "forty lines of cookies": lines(*(b"Cookie: c%d=%d" % (i, i) for i in range(40))),
    "a name of 5000 bytes": lines(b"X" * 5000 + b": b"),
    "close": lines(b"Connection: close"),
    "headers of one hop": lines(b"Connection: X-A, TE", b"X-A: 1", b"TE: trailers",
                                b"Keep-Alive: 1", b"Proxy-Connection: x"),
    "websocket": lines(b"Connection: Upgrade", b"Upgrade: websocket"),
    "an asterisk in the path": {"rest": b"/*"},
    "an empty query": {"rest": b"?"},
    "a question in the query": {"rest": b"?a?b=?"},
    "a fragment": {"rest": b"#x"},
    "NUL in the path": {"rest": b"/%00"},
    "a line's end in a route": {"rest": b";jsessionid=A.os1%0AX"},
    "a path above the root": {"rest": b"/../../../../x"},
    "a session in path and cookie": lines(b"Cookie: JSESSIONID=C.os2",
                                          rest=b";jsessionid=P.os1"),
    "a route that isn't there": lines(b"Cookie: JSESSIONID=C.os9", path="cookies"),
    "AJP_ variables": lines(b"X-Env: \xe9 \t;\"", path="env", rest=b"/a%0D%0Ab%01",
                            **wish(ATTRIBUTES)),
    "an empty AJP_ variable": lines(b"X-Env:", path="env", **wish(ATTRIBUTES)),
    "a user": lines(BASIC + b"bGFiOnNlY3JldA==", path="auth"),
    "a wrong password": lines(BASIC + b"bGFiOnNlY3JldHg=", path="auth"),
    "nobody": {"path": "auth"},
    "a path that isn't proxied": {"path": "nowhere"},
}

# Of the answer; each is what the query asks for.
ANSWERED = {
    **{f"status {status}": wish(b"status=%d" % status)
       for status in (200, 204, 205, 206, 304, 308, 600, 999)},
    "304 with headers": lines(b'If-None-Match: "a"', **wish(
        b"status=304", header(b'ETag:"a"'), header(b"Content-Type:text/x"),
        header(b"Content-Length:64"), header(b"Last-Modified:x"))),
    "a range of a small body": lines(b"Range: bytes=0-9", **wish(b"length=1")),
    "ranges of a large body": lines(b"Range: bytes=0-9,100-", **wish(
        b"size=50000", b"length=1", header(b"Accept-Ranges:bytes"))),
    "a length that is too small": wish(header(b"Content-Length:5")),
    "a length that is too large": wish(header(b"Content-Length:500")),
    "a length that is trusted": {"path": "trust", **wish(b"length=1")},
    "a length for HEAD": {"method": b"HEAD", **wish(b"length=1")},
    "a length for HEAD that is trusted": {"method": b"HEAD", "path": "trust", **wish(b"length=1")},
    "no body": wish(b"size=0"),
    "no body, flushed": wish(b"size=0", b"flush=1"),
    "a body in many pieces": wish(b"size=5000", b"pieces=100", b"flush=1"),
    "a body over many packets": wish(b"size=300000", b"pieces=3"),
    "a body that shrinks": lines(b"Accept-Encoding: gzip", path="deflate",
                                 **wish(b"size=100000", b"type=text/plain")),
    "a body that shrinks, flushed": lines(b"Accept-Encoding: gzip", path="deflate",
                                          **wish(b"size=9000", b"pieces=9", b"flush=1")),
    "trailers": wish(b"trailer=x"),
    "a failure before the answer": wish(b"size=0", b"fail=1"),
    "a failure behind the body": wish(b"size=9000", b"fail=1"),
    "a failure behind a flush": wish(b"size=10", b"flush=1", b"fail=1"),
    "a hundred cookies": wish(*(header(b"Set-Cookie:c%d=%d; Path=/openspecimen" % (i, i))
                                for i in range(100))),
    "headers of 7000 bytes": wish(header(b"X-A:" + b"a" * 1000), b"times=7"),
    "more headers than there are in a request": wish(header(b"X-A:a"), b"times=500"),
    "a space in an answer's name": wish(header(b"X A:b")),
    "a tab in an answer's value": wish(header(b"X-A:a\tb")),
    "DEL in an answer's value": wish(header(b"X-A:\x7f")),
    "an answer's name beyond ASCII": wish(header(b"X-\xe9:b")),
    "headers of one hop in the answer": wish(header(b"Connection:close, X-A"), header(b"X-A:1"),
                                             header(b"Transfer-Encoding:gzip"),
                                             header(b"Keep-Alive:x")),
    "two types": wish(header(b"Content-Type:a/b"), header(b"Content-Type:c/d")),
    "cookies and places": {"path": "cookies", **wish(
        header(b"Location:http://backend.test/openspecimen/a"),
        header(b"Set-Cookie:a=b; Domain=backend.test; Path=/openspecimen/x"),
        header(b"Set-Cookie:c=d; Path=/other"), header(b"URI:http://backend.test/openspecimen/"))},
    **{f"{error} {method.decode()} under {path}": {"path": path, "method": method, **wish(
        b"status=%d" % error, b"size=%d" % size, header(b"WWW-Authenticate:Basic x"))}
       for path in ("override", "some", "pages") for method in (b"GET", b"HEAD")
       for error, size in ((401, 64), (404, 64), (404, 0), (418, 50000), (500, 64), (503, 64))},
    "a failure under override": {"path": "override", **wish(b"size=0", b"fail=1")},
    "a failure with a page": {"path": "pages", **wish(b"size=0", b"fail=1")},
    "an error of Tomcat's own under override": {"path": "override", **wish(b"error=500")},
    "500 in many packets": wish(b"status=500", b"size=2000", b"pieces=10", b"flush=1"),
    "404 of Tomcat's own, flushed": wish(b"status=404", b"size=2000", b"pieces=10", b"flush=1",
                                         header(b"Content-Language:en")),
}

# Refused by the module alone, and with what status. Of the request: a body that can't be sent is none
# of the member's faults, which mod_proxy_ajp makes of it. Of the answer: the module believes no status
# that isn't one, or that an answer can't have, and no line that isn't one. mod_proxy_ajp makes something
# of them, other than what was meant: it cuts at NUL and leaves the rest to httpd. Of headers that don't
# fit into a packet Tomcat says nothing more; for mod_proxy_ajp's 500 mod_proxy would shun the member.
STRICTER = {
    "a coding before the chunks": (501, lines(b"Transfer-Encoding: gzip, chunked", method=b"POST",
                                              body=b"5\r\nhello\r\n0\r\n\r\n")),
    "headers that fill a packet": (504, wish(header(b"X-A:" + b"a" * 1000), b"times=9")),
    "status 101": (502, wish(b"status=101")),
    "status 103": (502, wish(b"status=103")),
    "a status of two digits": (502, wish(b"status=99")),
    "a status of four digits": (502, wish(b"status=1000")),
    "a line's end in an answer's value": (502, wish(header(b"X-A:a\r\nX-B:b"))),
    "a line's end in the answer to a POST": (502, posted(b"hello", ask=header(b"X-A:a\r\nX-B:b"))),
    "NUL in an answer's value": (502, wish(header(b"X-A:a\0b"))),
    "a tab in an answer's name": (502, wish(header(b"X\tA:b"))),
}
