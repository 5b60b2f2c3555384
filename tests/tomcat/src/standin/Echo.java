// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** All that an application can see of a request. */
final class Echo {
    private static final List<String> TLS = List.of("jakarta.servlet.request.cipher_suite",
            "jakarta.servlet.request.key_size", "jakarta.servlet.request.ssl_session_id",
            "org.apache.tomcat.util.net.secure_protocol_version");

    private Echo() {
    }

    /** NAMES: the attributes that are wanted beside those of TLS. */
    static Map<String, Object> of(HttpServletRequest request, List<String> names) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("method", request.getMethod());
        seen.put("uri", request.getRequestURI());
        seen.put("path_info", request.getPathInfo());
        seen.put("query", request.getQueryString());
        seen.put("protocol", request.getProtocol());
        seen.put("scheme", request.getScheme());
        seen.put("secure", request.isSecure());
        seen.put("server_name", request.getServerName());
        seen.put("server_port", request.getServerPort());
        seen.put("remote_addr", request.getRemoteAddr());
        seen.put("remote_host", request.getRemoteHost());
        seen.put("remote_port", request.getRemotePort());
        seen.put("local_addr", request.getLocalAddr());
        seen.put("local_name", request.getLocalName());
        seen.put("local_port", request.getLocalPort());
        seen.put("remote_user", request.getRemoteUser());
        seen.put("auth_type", request.getAuthType());
        seen.put("session", request.getRequestedSessionId());
        seen.put("session_from_cookie", request.isRequestedSessionIdFromCookie());
        seen.put("headers", headers(request));
        seen.put("cookies", cookies(request));
        seen.put("attributes", attributes(request, names));
        seen.put("certificates", certificates(request));
        return seen;
    }

    /** Names come in the order of their first line, each with all its values. */
    private static List<Object> headers(HttpServletRequest request) {
        List<Object> lines = new ArrayList<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            lines.add(List.of(name, Collections.list(request.getHeaders(name))));
        }
        return lines;
    }

    private static List<Object> cookies(HttpServletRequest request) {
        List<Object> cookies = new ArrayList<>();
        if (request.getCookies() != null) {
            for (Cookie cookie : request.getCookies()) {
                cookies.add(List.of(cookie.getName(), cookie.getValue()));
            }
        }
        return cookies;
    }

    private static Map<String, Object> attributes(HttpServletRequest request, List<String> names) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        for (List<String> some : List.of(TLS, names)) {
            for (String name : some) {
                attributes.put(name, request.getAttribute(name));
            }
        }
        return attributes;
    }

    private static List<String> certificates(HttpServletRequest request) {
        Object chain = request.getAttribute("jakarta.servlet.request.X509Certificate");
        return chain == null ? null
                : Arrays.stream((X509Certificate[]) chain).map(Object::toString).toList();
    }

    /** Reads the body: how much of it came, what it was, and whether it had an end. */
    static Map<String, Object> body(HttpServletRequest request) {
        CRC32 sum = new CRC32();
        byte[] buffer = new byte[8192];
        long length = 0;
        boolean whole = true;
        try {
            InputStream in = request.getInputStream();
            for (int got = in.read(buffer); got > 0; got = in.read(buffer)) {
                length += got;
                sum.update(buffer, 0, got);
            }
        } catch (IOException e) {
            whole = false;
        }
        return Map.of("length", length, "sum", sum.getValue(), "whole", whole);
    }
}
