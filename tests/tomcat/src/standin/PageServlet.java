// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/** The pages for a browser, and the webapp's own pages for errors. */
public final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Map<String, String> PAGES = Map.of(
            "/", "OpenSpecimen (stand-in) on %s",
            "/ui-app/", "The user interface of OpenSpecimen (stand-in) on %s",
            "/errors/400", "OpenSpecimen: the request can't be understood",
            "/errors/401", "OpenSpecimen: sign in first",
            "/errors/404", "OpenSpecimen: there is no such page");

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String page = PAGES.get(request.getServletPath());
        if (page == null) {
            response.sendError(404);
        } else {
            Answer.html(response, String.format(page, Mirror.node()));
        }
    }
}
