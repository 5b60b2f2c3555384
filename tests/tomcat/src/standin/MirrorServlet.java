// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * {@code /mirror/NUMBER...} answers as its query asks, and writes down what arrived.
 * {@code /mirrored} tells all that was written down, by number, and forgets it unless {@code keep}
 * is asked for;
 * {@code /permit?number=N} lets a request go on that waits between two pieces of its body.
 */
public final class MirrorServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Map<String, List<Map<String, Object>>> SEEN = new ConcurrentHashMap<>();
    private static final Map<String, Semaphore> PERMITS = new ConcurrentHashMap<>();

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        switch (request.getServletPath()) {
            case "/mirrored" -> tell(response, request.getParameter("keep") != null);
            case "/permit" -> permits(request.getParameter("number")).release();
            default -> mirror(request, response);
        }
    }

    private static void tell(HttpServletResponse response, boolean keep) throws IOException {
        String seen;
        synchronized (SEEN) {
            seen = Json.of(SEEN);
            if (!keep) {
                SEEN.clear();
            }
        }
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().write(seen);
    }

    private static Semaphore permits(String number) {
        return PERMITS.computeIfAbsent(number, key -> new Semaphore(0));
    }

    /** The echo stays in the list from the start, so that a request whose answer breaks off is in
     *  it too; "end" tells how that went. */
    private static void mirror(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Wish wish = new Wish(request.getQueryString());
        String number = request.getRequestURI().replaceFirst(".*/mirror/([0-9]*).*", "$1");
        Map<String, Object> echo = Echo.of(request, wish.all("attr"));
        note(echo, "end", "none");
        synchronized (SEEN) {
            SEEN.computeIfAbsent(number, key -> new ArrayList<>()).add(echo);
        }
        wish.beginEarly(response);
        if (!wish.has("unread")) {
            note(echo, "body", Echo.body(request));
        }
        try {
            wish.answer(response, permits(number));
            note(echo, "end", "whole");
        } catch (IOException e) {
            note(echo, "end", "error");
            throw e;
        } catch (InterruptedException e) {
            throw new IOException("interrupted by Tomcat's end", e);
        } finally {
            PERMITS.remove(number);
        }
    }

    private static void note(Map<String, Object> echo, String key, Object value) {
        synchronized (SEEN) {
            echo.put(key, value);
        }
    }
}
