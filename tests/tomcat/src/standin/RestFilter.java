// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * What stands before every REST resource, in the application's order: origin, headers, OPTIONS,
 * token, the list of resources that need no sign-in.
 */
public final class RestFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    /** The request attribute that holds the signed-in {@link Users.User}. */
    static final String USER = "user";

    private static final String COOKIE = "osAuthToken";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response,
            FilterChain chain) throws IOException, ServletException {
        String origin = request.getHeader("Origin");
        if (origin != null && !request.getRequestURL().toString().contains(origin)) {
            response.sendError(405, "Not a page of this server: " + origin);
            return;
        }
        setHeaders(response, origin);
        if (request.getMethod().equals("OPTIONS")) {
            return;
        }
        try {
            admit(request, response, chain);
        } catch (Database.Failure e) {
            Answer.error(response, 500, e.code, e.getMessage());
        } catch (InterruptedException e) {
            throw new IOException("interrupted by Tomcat's end", e);
        }
    }

    private static void setHeaders(HttpServletResponse response, String origin) {
        if (origin != null) {
            response.setHeader("Access-Control-Allow-Origin", origin);
        }
        response.setHeader("Access-Control-Allow-Credentials", "true");
        response.setHeader("Access-Control-Allow-Methods",
                "POST, GET, PUT, DELETE, PATCH, OPTIONS");
        response.setHeader("Access-Control-Allow-Headers",
                "Origin, Accept, Content-Type, X-OS-API-TOKEN, X-OS-API-CLIENT");
        response.setHeader("Cache-Control", "no-cache, no-store, must-revalidate");
        response.setHeader("Pragma", "no-cache");
        response.setDateHeader("Expires", 0);
    }

    /** A bad token is refused even where none is needed; a token costs a look into the database. */
    private static void admit(HttpServletRequest request, HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException, Database.Failure, InterruptedException {
        String token = tokenOf(request);
        if (token != null) {
            Database.use();
            Users.User user = Users.ofToken(token);
            if (user == null) {
                refuse(request, response);
                return;
            }
            request.setAttribute(USER, user);
        } else if (!Resources.isOpen(request)) {
            if (!"webui".equals(request.getHeader("X-OS-API-CLIENT"))) {
                response.setHeader("WWW-Authenticate", "Basic realm=\"OpenSpecimen\"");
            }
            refuse(request, response);
            return;
        }
        chain.doFilter(request, response);
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        giveToken(request, response, "", ";Max-Age=0");
        response.sendError(401, "Sign in first");
    }

    /** Sets the cookie that a browser's next requests are known by. */
    static void giveToken(HttpServletRequest request, HttpServletResponse response, String token,
            String more) {
        response.addHeader("Set-Cookie", COOKIE + "=" + token + ";Path="
                + request.getContextPath() + ";HttpOnly;SameSite=Strict" + more);
    }

    private static String tokenOf(HttpServletRequest request) {
        String token = request.getHeader("X-OS-API-TOKEN");
        if (token != null || request.getCookies() == null) {
            return token;
        }
        for (Cookie cookie : request.getCookies()) {
            if (cookie.getName().equals(COOKIE)) {
                return cookie.getValue();
            }
        }
        return null;
    }
}
