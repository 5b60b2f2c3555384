// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/**
 * The webapp's start, and what may go wrong with it. The system property standin.start says:
 * {@code ok}, {@code slow:SECONDS} (the sockets are bound, so that clients connect, but nobody
 * answers them) or {@code fail} (Tomcat runs on without the webapp).
 */
public final class StartListener implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
        String start = System.getProperty("standin.start", "ok");
        if (start.equals("ok")) {
            return;
        }
        if (!start.matches("slow:[0-9]{1,4}")) {
            throw new IllegalStateException("the webapp's start failed: standin.start=" + start);
        }
        try {
            Thread.sleep(1000L * Integer.parseInt(start.substring("slow:".length())));
        } catch (InterruptedException e) {
            throw new IllegalStateException("the webapp's start was interrupted", e);
        }
    }
}
