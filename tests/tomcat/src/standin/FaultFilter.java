// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The faults that touch every request to the webapp: the switches "delay" and "status". */
public final class FaultFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response,
            FilterChain chain) throws IOException, ServletException {
        try {
            String delay = Switches.get("delay");
            Switches.awaitOther("delay", delay, Integer.parseInt(delay));
        } catch (InterruptedException e) {
            throw new IOException("interrupted by Tomcat's end", e);
        }
        int status = Integer.parseInt(Switches.get("status"));
        if (status == 0) {
            chain.doFilter(request, response);
            return;
        }
        if (300 <= status && status < 400) {
            response.setHeader("Location", request.getContextPath() + "/ui-app/");
        }
        Answer.error(response, status, "STAND_IN_STATUS", "The switch status says " + status);
    }
}
