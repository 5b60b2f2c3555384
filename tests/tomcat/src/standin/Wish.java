// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The answer that a query asks for: {@code status=}; {@code error=}, a status for sendError;
 * {@code header=Name:value}, any number of them, each {@code times=}; {@code type=}, the content
 * type; {@code trailer=};
 * {@code size=}, bytes of the body; {@code pieces=}, in how many; {@code flush=1} after each;
 * {@code permit=1}, wait for one before each piece but the first; {@code endless=1}, no end of
 * pieces; {@code length=1}, tell the length before; {@code fail=1}, break off at the end;
 * {@code unread=1}, leave the request's body where it is; {@code early=}, bytes that are sent before
 * it is read. It is taken apart here, since a query may
 * hold anything at all beside.
 */
final class Wish {
    private static final int PERMIT_SECONDS = 20;

    private final Map<String, List<String>> wishes = new LinkedHashMap<>();

    Wish(String query) {
        for (String part : query == null ? new String[0] : query.split("&")) {
            int at = part.indexOf('=');
            if (at > 0) {
                wishes.computeIfAbsent(part.substring(0, at), key -> new ArrayList<>())
                        .add(decoded(part.substring(at + 1)));
            }
        }
    }

    List<String> all(String name) {
        return wishes.getOrDefault(name, List.of());
    }

    /** Each byte becomes the character of that number, as in a header. */
    private static String decoded(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean escape = text.charAt(i) == '%' && i + 2 < text.length()
                    && text.substring(i + 1, i + 3).matches("[0-9A-Fa-f]{2}");
            out.append(escape ? (char) Integer.parseInt(text.substring(i + 1, i + 3), 16)
                    : text.charAt(i));
            i += escape ? 2 : 0;
        }
        return out.toString();
    }

    private int number(String name, int otherwise) {
        List<String> values = all(name);
        return values.isEmpty() || !values.get(0).matches("[0-9]{1,8}") ? otherwise
                : Integer.parseInt(values.get(0));
    }

    boolean has(String name) {
        return number(name, 0) != 0;
    }

    void beginEarly(HttpServletResponse response) throws IOException {
        if (has("early")) {
            response.getOutputStream().write(bytes(0, number("early", 0)));
            response.flushBuffer();
        }
    }

    void answer(HttpServletResponse response, Semaphore permits)
            throws IOException, InterruptedException {
        response.setStatus(number("status", 200));
        for (String type : all("type")) {
            response.setContentType(type);
        }
        for (String line : all("header")) {
            int colon = line.indexOf(':');
            for (int i = 0; colon > 0 && i < number("times", 1); i++) {
                response.addHeader(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        for (String value : all("trailer")) {
            response.setTrailerFields(() -> Map.of("X-Trailer", value));
        }
        if (has("error")) {
            response.sendError(number("error", 500), "as the query asks");
        } else {
            write(response, permits);
        }
        if (has("fail")) {
            throw new IllegalStateException("as the query asks");
        }
    }

    private void write(HttpServletResponse response, Semaphore permits)
            throws IOException, InterruptedException {
        int size = number("size", 64);
        int pieces = Math.max(1, number("pieces", 1));
        OutputStream out = response.getOutputStream();
        if (has("length")) {
            response.setContentLength(size);
        }
        for (int i = 0; i < pieces || has("endless"); i++) {
            if (i > 0 && has("permit")) {
                await(permits);
            }
            int from = (int) ((long) size * (i % pieces) / pieces);
            int to = (int) ((long) size * (i % pieces + 1) / pieces);
            out.write(bytes(i, to - from));
            if (has("flush")) {
                out.flush();
            }
        }
    }

    /** A letter for each piece, and a line's end now and then for who compresses it. */
    private static byte[] bytes(int piece, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 61 == 60 ? '\n' : 'a' + (piece + i / 61) % 26);
        }
        return bytes;
    }

    private static void await(Semaphore permits) throws IOException, InterruptedException {
        if (!permits.tryAcquire(PERMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("no permit in time");
        }
    }
}
