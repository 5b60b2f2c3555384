# SPDX-License-Identifier: Apache-2.0
"""Requests of all kinds for a mirror, from a seed: the same for everybody who has the same seed."""

import base64
import random
from dataclasses import dataclass

from .mirror import PATHS, USERS

TOKEN = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
TEXT = bytes(range(0x21, 0x7F))
ODD = TEXT + b" \t" + bytes(range(0x80, 0x100))
# Of a path and of a query: httpd wants no other bytes there.
PLACE = b"abcXYZ019-_.~!$&'()*+,;=:@"

# Names that AJP has codes for, names that httpd or Tomcat has a use for, and others.
NAMES = (b"Accept", b"accept-charset", b"Accept-Encoding", b"ACCEPT-LANGUAGE", b"Content-Type",
         b"Cookie2", b"Pragma", b"referer", b"User-Agent", b"Cache-Control", b"DNT", b"Forwarded",
         b"From", b"If-Match", b"If-Modified-Since", b"If-None-Match", b"If-Range", b"Keep-Alive",
         b"Max-Forwards", b"Origin", b"Proxy-Authorization", b"Proxy-Connection", b"Range", b"TE",
         b"Trailer", b"Upgrade", b"Via", b"Warning", b"X-Forwarded-For", b"X-Forwarded-Proto",
         b"X-Set", b"X-Append", b"X-Add", b"X-Unset", b"x-a", b"X-A", b"X-B", b"X_C", b"X.D",
         b"Secret", b"Authorization", b"X-Env", b"Content-Length", b"Expect")
VALUES = {
    b"Range": (b"bytes=0-9", b"bytes=5-", b"bytes=-5", b"bytes=0-1,4-5", b"bytes=9-1", b"lines=1"),
    b"If-Modified-Since": (b"Mon, 01 Jan 2024 00:00:00 GMT", b"yesterday"),
    b"If-None-Match": (b"*", b'"abc"', b'W/"abc", "d"'),
    b"If-Range": (b'"abc"', b"Mon, 01 Jan 2024 00:00:00 GMT"),
    b"TE": (b"trailers", b"gzip;q=0.5"),
    b"Upgrade": (b"websocket", b"h2c", b"TLS/1.0, HTTP/1.1"),
    b"Accept-Encoding": (b"gzip", b"gzip, deflate", b"identity", b"gzip;q=0"),
    b"Max-Forwards": (b"0", b"10", b"x"),
    b"Content-Length": (b"0",),
    b"Expect": (b"100-continue", b"100-Continue", b"else"),
    b"Authorization": (b"Basic bGFiOnNlY3JldA==", b"Bearer abc", b"Basic", b"Basic ?"),
}
COOKIES = (b"JSESSIONID=0123.os1", b"JSESSIONID=0123.os2", b"JSESSIONID=0123", b"a=b", b"a=c",
           b'q="x y"', b"empty=", b"=nameless", b"noequals", b"$Version=1", b"utf=\xc3\xa9",
           b"a=b,c=d", b'j={"a":1}', b"jsessionid=lower", b"b==")
STATUSES = (200,) * 20 + (201, 202, 203, 204, 205, 206, 207, 226, 299, 300, 301, 302, 303, 304, 305,
                          307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412,
                          413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431,
                          451, 499, 500, 501, 502, 503, 504, 505, 507, 511, 599)
HEADERS = (b"Location:http://backend.test/openspecimen/x?y=1", b"Location:/openspecimen/z",
           b"Location:http://other.test/", b"Location:relative",
           b"Content-Location:http://backend.test/openspecimen/c",
           b"URI:http://backend.test/openspecimen/u",
           b"Destination:http://backend.test/openspecimen/d",
           b"Set-Cookie:a=b; Path=/openspecimen; Domain=backend.test; HttpOnly",
           b"Set-Cookie:c=d", b"Set-Cookie:e=f; path=/openspecimen/sub; secure",
           b"set-cookie:g=h; domain=BACKEND.test", b"Set-Cookie2:i=j",
           b"Content-Language:de", b"Content-Type:text/plain", b"content-type:Text/HTML; Charset=x",
           b"Content-Encoding:identity", b"Content-Range:bytes 0-9/64", b"Accept-Ranges:none",
           b"Date:Mon, 01 Jan 2024 00:00:00 GMT", b"Last-Modified:Mon, 01 Jan 2024 00:00:00 GMT",
           b'ETag:"abc"', b'ETag:W/"abc"', b"Expires:0", b"Cache-Control:no-store", b"Pragma:x",
           b"WWW-Authenticate:Basic realm=\"a\"", b"WWW-Authenticate:Negotiate",
           b"Proxy-Authenticate:Basic", b"Vary:Accept", b"Vary:*", b"Server:own", b"Via:1.1 x",
           b"Servlet-Engine:x", b"Status:204", b"Connection:close", b"Connection:X-A",
           b"Keep-Alive:timeout=1", b"Transfer-Encoding:chunked", b"Upgrade:x", b"Trailer:X-A",
           b"X-Set:of tomcat", b"X-Append:one", b"X-Add:one", b"X-Unset:one", b"X-A:1", b"X-A:2",
           b"x-a:3", b"X-Empty:", b"X-Latin:\xe9\xff", b"X-Space: a  b ", b"X-Tab:a\tb",
           b"Content-Length:5", b"Content-MD5:x", b"Age:1", b"Retry-After:1",
           b"Refresh:0; url=/", b"Warning:199 x")
TYPES = (b"text/plain", b"text/html", b"text/html;charset=UTF-8", b"application/json",
         b"application/octet-stream", b"image/png", b"text/plain; charset=latin-1", b"nonsense")
SIZES = (0, 1, 64, 64, 64, 100, 1000, 1023, 1024, 1025, 4000, 8183, 8184, 8185, 8186, 8187, 8188,
         8191, 8192, 8193, 16384, 20000, 50000)
BODIED = (b"POST", b"PUT", b"DELETE", b"PATCH", b"BREW")
# What a request with a body has once, or has no use for.
FRAMING = (b"content-length", b"expect")
ATTRIBUTES = b"&".join(b"attr=" + name for name in (
    b"first", b"empty", b"odd", b"of_header", b"flag", b"path", b"REMOTE_PORT", b"lower",
    b"AJP_first", b"JK_LB_ACTIVATION"))


@dataclass
class Request:
    # By which its echo is found.
    number: int
    data: bytes
    is_head: bool = False


def escaped(data):
    """For a value that the query asks for."""
    return b"".join(bytes([byte]) if byte in b"-_.:;=/,*" or chr(byte).isalnum() and byte < 0x80
                    else b"%%%02X" % byte for byte in data)


def build(number, path="plain", ask=b"", method=b"GET", headers=(), protocol=b"HTTP/1.1",
          rest=b"", host=b"www.test", body=b""):
    """A Request as it is told, with no header but Host and HEADERS, which are lines."""
    lines = [b"%s /%s/mirror/%d%s%s %s" % (method, path.encode(), number, rest,
                                           b"?" + ask if ask else b"", protocol)]
    if host is not None:
        lines.append(b"Host: " + host)
    data = b"\r\n".join([*lines, *headers, b"", b""]) + body
    return Request(number, data, method == b"HEAD")


class Variety:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def requests(self, first, count):
        return [self.request(number) for number in range(first, first + count)]

    def request(self, number):
        draw = self.random
        method = draw.choices(
            (b"GET", b"HEAD", b"OPTIONS", b"POST", b"PUT", b"DELETE", b"PATCH", b"BREW", b"get"),
            (60, 15, 10, 10, 5, 2, 2, 1, 1))[0]
        protocol = draw.choices((b"HTTP/1.1", b"HTTP/1.0"), (95, 5))[0]
        path = draw.choice(("plain",) * 6 + PATHS)
        headers = self._headers()
        if path == "auth" and draw.random() < 0.8:
            headers.append(b"Authorization: Basic " + self._credentials())
        frame, body = self._body() if method in BODIED else (None, b"")
        if frame:
            headers = [line for line in headers if not line.lower().startswith(FRAMING)] + [frame]
        draw.shuffle(headers)
        host = None if protocol == b"HTTP/1.0" and draw.random() < 0.5 else draw.choice(
            (b"www.test",) * 5 + (b"WWW.Test", b"www.test:80", b"www.test:8443", b"127.0.0.1",
                                  b"[::1]:81", b"other.test."))
        return build(number, path, self._query(), method, headers, protocol, self._rest(), host, body)

    def _body(self):
        """A header line that tells its length, and the bytes on the wire."""
        draw = self.random
        data = draw.randbytes(draw.choice(SIZES))
        if draw.random() < 0.7:
            return b"Content-Length: %d" % len(data), data
        wire = b""
        while data:
            size = draw.choice((1, 10, 1000, 8186, 20000))
            wire += b"%x\r\n%b\r\n" % (len(data[:size]), data[:size])
            data = data[size:]
        return b"Transfer-Encoding: chunked", wire + b"0\r\n\r\n"

    def _bytes(self, alphabet, most):
        draw = self.random
        return bytes(draw.choices(alphabet, k=draw.randint(0, most)))

    def _credentials(self):
        user, password = self.random.choice(list(USERS.items()))
        if self.random.random() < 0.1:
            password += b"x"
        return base64.b64encode(user + b":" + password)

    def _rest(self):
        draw = self.random
        rest = b""
        while draw.random() < 0.4:
            rest += draw.choice((
                b"/" + self._bytes(PLACE, 10), b"/%C3%A9", b"/%E9", b"/%20", b"/%25", b"/%3F%23",
                b"/%3B", b";jsessionid=ABC.os1", b";jsessionid=ABC", b";a=b", b"//", b"/.",
                b"/a/..", b"/a/%2e%2e/x", b"/+", b"/%0A", b"/%2F", b"/\xc3\xa9", b'/"', b"/|",
                b"/%7C", b"/%zz", b"/[a]", b"/%5B", b"/\\", b"/%5C", b"/^{}"))
        return rest

    def _query(self):
        """What the answer shall be, with noise between."""
        draw = self.random
        if draw.random() < 0.05:
            return b""
        parts = [ATTRIBUTES] if draw.random() < 0.3 else []
        if draw.random() < 0.6:
            parts.append(b"status=%d" % draw.choice(STATUSES))
        if draw.random() < 0.04:
            parts.append(b"error=%d" % draw.choice((400, 401, 403, 404, 405, 500, 501, 503)))
        if draw.random() < 0.5:
            parts.append(b"type=" + escaped(draw.choice(TYPES)))
        if draw.random() < 0.7:
            parts.append(b"size=%d&pieces=%d" % (draw.choice(SIZES), draw.choice((1, 1, 2, 3, 7))))
        parts += [option for option in (b"flush=1", b"length=1")
                  if draw.random() < 0.2]
        parts += [b"header=" + escaped(line)
                  for line in draw.choices(HEADERS, k=draw.choice((0, 0, 1, 2, 3, 5, 8, 30)))]
        for _ in range(draw.choice((0, 0, 1, 4))):
            parts.append(self._bytes(PLACE + b"?/%", 20) +
                         draw.choice((b"", b"%", b"%00", b"%C3%A9", b"\xe9", b"[]", b"|", b'"')))
        draw.shuffle(parts)
        return b"&".join(parts)

    def _headers(self):
        draw = self.random
        lines = [self._header() for _ in range(draw.choice((0, 1, 2, 3, 5, 8, 15, 30)))]
        for _ in range(draw.choice((0, 0, 0, 1, 1, 2))):
            cookies = draw.choices(COOKIES, k=draw.choice((1, 2, 5, 40)))
            lines.append(draw.choice((b"Cookie: ", b"cookie:")) +
                         draw.choice((b"; ", b";", b" ; ")).join(cookies))
        if draw.random() < 0.05:
            lines.append(b"Connection: " + draw.choice(
                (b"close", b"keep-alive", b"Keep-Alive, TE", b"Upgrade", b"X-A")))
        return lines

    def _header(self):
        draw = self.random
        name = draw.choice(NAMES) if draw.random() < 0.8 else \
            b"X-" + self._bytes(TOKEN, 20)
        if name in VALUES:
            value = draw.choice(VALUES[name])
        else:
            value = self._bytes(draw.choice((TEXT, ODD)), draw.choice((0, 5, 30, 200)))
            if draw.random() < 0.02:
                value += b"\r\n " + self._bytes(TEXT, 10)
        return name + draw.choice((b": ", b":", b":  \t")) + value + draw.choice((b"", b"", b" "))
