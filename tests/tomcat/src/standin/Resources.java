// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * The table of REST resources. The application's list of what needs no sign-in is kept by method:
 * hence HEAD of a public resource is refused, though GET is not.
 */
final class Resources {
    /** Answers one request to one resource. */
    interface Handler {
        void answer(HttpServletRequest request, HttpServletResponse response)
                throws IOException, InterruptedException;
    }

    /** A resource: whether it needs no sign-in, whether it uses the database, what answers. */
    record Resource(boolean open, boolean database, Handler handler) {
    }

    private static final Map<String, Resource> TABLE = Map.ofEntries(
            row("GET /config-settings/password", true, false, Settings::password),
            row("GET /config-settings/deployment-site-assets", true, false, Settings::siteAssets),
            row("GET /config-settings/locale", true, true, Settings::locale),
            row("GET /config-settings/app-props", true, true, Settings::appProps),
            row("GET /auth-domains/", true, true, Settings::authDomains),
            row("POST /sessions", true, true, Sessions::signIn),
            row("DELETE /sessions", false, true, Sessions::signOut),
            row("GET /users/current-user", false, true, Sessions::currentUser),
            row("GET /metrics", false, false, Settings::metrics),
            row("GET /echo", true, false, Mirror::echo),
            row("POST /echo", true, false, Mirror::echo),
            row("PUT /echo", true, false, Mirror::echo),
            row("GET /slow", true, false, Mirror::slow),
            row("GET /bytes", true, false, Mirror::bytes));

    private Resources() {
    }

    static boolean isOpen(HttpServletRequest request) {
        Resource resource = TABLE.get(key(request.getMethod(), request));
        return resource != null && resource.open;
    }

    /** The resource for a request that was let in, or null. A signed-in HEAD is served as GET. */
    static Resource find(HttpServletRequest request) {
        String method = request.getMethod();
        return TABLE.get(key(method.equals("HEAD") ? "GET" : method, request));
    }

    private static String key(String method, HttpServletRequest request) {
        return method + " " + request.getPathInfo();
    }

    private static Map.Entry<String, Resource> row(String key, boolean open, boolean database,
            Handler handler) {
        return Map.entry(key, new Resource(open, database, handler));
    }
}
