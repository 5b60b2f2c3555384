// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Resources that the application doesn't have: they show a test what came through the proxy. */
final class Mirror {
    private static final long SLOW_MAX = 600_000L;
    private static final long BYTES_MAX = 10_000_000_000L;

    private Mirror() {
    }

    /** The request as Tomcat saw it, with the length and SHA-256 of its body. */
    static void echo(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        MessageDigest digest = sha256();
        long length = 0;
        byte[] buffer = new byte[64 << 10];
        InputStream in = request.getInputStream();
        for (int got = in.read(buffer); got > 0; got = in.read(buffer)) {
            digest.update(buffer, 0, got);
            length += got;
        }
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("node", node());
        seen.put("method", request.getMethod());
        seen.put("uri", request.getRequestURI());
        seen.put("query", request.getQueryString());
        seen.put("scheme", request.getScheme());
        seen.put("server_name", request.getServerName());
        seen.put("server_port", request.getServerPort());
        seen.put("remote_addr", request.getRemoteAddr());
        seen.put("headers", headers(request));
        seen.put("body_length", length);
        seen.put("body_sha256", HexFormat.of().formatHex(digest.digest()));
        Answer.json(response, 200, Json.of(seen));
    }

    /** Answers after "ms" milliseconds. */
    static void slow(HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        long pause = number(request, response, "ms", SLOW_MAX);
        if (pause >= 0) {
            Thread.sleep(pause);
            Answer.json(response, 200, Json.of(Map.of("node", node(), "ms", pause)));
        }
    }

    /** Answers "n" bytes of the letter x, with their Content-Length. */
    static void bytes(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        long left = number(request, response, "n", BYTES_MAX);
        if (left < 0) {
            return;
        }
        response.setContentType("application/octet-stream");
        response.setContentLengthLong(left);
        byte[] piece = new byte[64 << 10];
        java.util.Arrays.fill(piece, (byte) 'x');
        OutputStream out = response.getOutputStream();
        for (; left > 0; left -= piece.length) {
            out.write(piece, 0, (int) Math.min(left, piece.length));
        }
    }

    /** The node's name, by which a test or a person sees who answered. */
    static String node() {
        return System.getProperty("standin.node", "node");
    }

    /** A parameter from 0 to MOST, or -1 after an answer that says what is accepted. */
    private static long number(HttpServletRequest request, HttpServletResponse response,
            String name, long most) throws IOException {
        String text = request.getParameter(name);
        if (text != null && text.matches("[0-9]{1,12}") && Long.parseLong(text) <= most) {
            return Long.parseLong(text);
        }
        Answer.error(response, 400, "STAND_IN_PARAMETER", name + ": 0 to " + most);
        return -1;
    }

    /** Names in lower case: AJP does not carry the case of those that it has codes for. */
    private static Map<String, String> headers(HttpServletRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(java.util.Locale.ROOT),
                    String.join(", ", Collections.list(request.getHeaders(name))));
        }
        return headers;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
