// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.apache.catalina.ContainerServlet;
import org.apache.catalina.Host;
import org.apache.catalina.Wrapper;

/**
 * Turns the switches: {@code /standin/control?name=value&...} by GET or POST. Answers all of them
 * as JSON; or 400 with what is accepted, and then none was turned.
 */
public final class ControlServlet extends HttpServlet implements ContainerServlet {
    private static final long serialVersionUID = 1L;

    private transient Wrapper wrapper;
    private transient Deployment deployment;
    private transient Threads threads;

    @Override
    public Wrapper getWrapper() {
        return wrapper;
    }

    @Override
    public void setWrapper(Wrapper wrapper) {
        this.wrapper = wrapper;
        if (wrapper != null) {
            Host host = (Host) wrapper.getParent().getParent();
            deployment = new Deployment(host);
            threads = new Threads(host);
        }
    }

    /** One request at a time: a switch is turned before the next request sees it. */
    @Override
    protected synchronized void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        Map<String, String[]> asked = request.getParameterMap();
        for (Map.Entry<String, String[]> entry : asked.entrySet()) {
            for (String value : entry.getValue()) {
                String problem = Switches.problem(entry.getKey(), value);
                if (problem != null) {
                    Answer.json(response, 400, Json.of(Map.of("error", problem)));
                    return;
                }
            }
        }
        for (Map.Entry<String, String[]> entry : asked.entrySet()) {
            turn(request, entry.getKey(), entry.getValue()[0]);
        }
        Answer.json(response, 200, Json.of(Switches.all()));
    }

    /** Nothing happens to a switch that stands so already: no webapp is deployed a second time. */
    private void turn(HttpServletRequest request, String name, String value)
            throws IOException, ServletException {
        if (Switches.get(name).equals(value)) {
            return;
        }
        boolean on = value.equals("on");
        if (name.equals("deployed")) {
            deployment.set(on);
        } else if (name.equals("busy")) {
            threads.occupy(on, request.getLocalPort());
        }
        Switches.set(name, value);
    }
}
