// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Finds the resource that a request asks for, uses the database if it must, and lets it answer. */
public final class RestServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Resources.Resource resource = Resources.find(request);
        if (resource == null) {
            response.sendError(404);
            return;
        }
        try {
            if (resource.database()) {
                Database.use();
            }
            resource.handler().answer(request, response);
        } catch (Database.Failure e) {
            Answer.error(response, 500, e.code, e.getMessage());
        } catch (InterruptedException e) {
            throw new IOException("interrupted by Tomcat's end", e);
        }
    }
}
