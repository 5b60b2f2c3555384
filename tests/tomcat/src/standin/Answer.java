// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The forms that an answer takes. JSON is flushed before its end, so that it goes out chunked. */
final class Answer {
    /** The size of a huge body's padding: far over any bound that a check may have. */
    private static final int HUGE = 64 << 20;

    /** A way to send a JSON text with status 200. */
    private interface Form {
        void send(HttpServletResponse response, String json)
                throws IOException, InterruptedException;
    }

    /** What each value of the switch "body" makes of the answer. */
    private static final Map<String, Form> FORMS = Map.of(
            "ok", (response, json) -> json(response, 200, json),
            "html", (response, json) -> html(response, "Please sign in"),
            "truncated", (response, json) -> json(response, 200, firstHalf(json)),
            "huge", Answer::huge,
            "slow", Answer::slow);

    private Answer() {
    }

    static void json(HttpServletResponse response, int status, String json) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        write(response, json);
    }

    /** The application's form of an error: an array of codes and messages. */
    static void error(HttpServletResponse response, int status, String code, String message)
            throws IOException {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        json(response, status, Json.of(List.of(error)));
    }

    static void html(HttpServletResponse response, String text) throws IOException {
        response.setContentType("text/html;charset=UTF-8");
        write(response, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<title>OpenSpecimen</title></head>\n<body><h1>" + escaped(text)
                + "</h1></body></html>\n");
    }

    /** Sends a JSON text in the form that the switch "body" asks for. */
    static void spoilt(HttpServletResponse response, String json)
            throws IOException, InterruptedException {
        FORMS.get(Switches.get("body")).send(response, json);
    }

    private static void write(HttpServletResponse response, String text) throws IOException {
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
    }

    private static String firstHalf(String json) {
        return json.substring(0, json.length() / 2);
    }

    /** Well-formed to the end, for who reads that far. */
    private static void huge(HttpServletResponse response, String json) throws IOException {
        json(response, 200, json.substring(0, json.length() - 1) + ",\"padding\":\"");
        byte[] piece = "x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
        OutputStream out = response.getOutputStream();
        for (int sent = 0; sent < HUGE; sent += piece.length) {
            out.write(piece);
        }
        write(response, "\"}");
    }

    /** Headers and half a body at once, the rest when the switch is turned. */
    private static void slow(HttpServletResponse response, String json)
            throws IOException, InterruptedException {
        String half = firstHalf(json);
        json(response, 200, half);
        Switches.awaitOther("body", "slow");
        write(response, json.substring(half.length()));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
