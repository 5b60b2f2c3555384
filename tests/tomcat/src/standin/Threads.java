// SPDX-License-Identifier: Apache-2.0
package standin;

import java.util.concurrent.CountDownLatch;
import org.apache.catalina.Engine;
import org.apache.catalina.Host;
import org.apache.catalina.connector.Connector;

/** Keeps the threads of Tomcat's connectors busy, as so many requests without an end would. */
final class Threads {
    private final Host host;
    /** Holds the threads while it is not null. */
    private CountDownLatch held;

    Threads(Host host) {
        this.host = host;
    }

    /** Takes every thread of each connector but that at port SPARE; or, in turn, lets them go. */
    void occupy(boolean busy, int spare) {
        if (!busy) {
            held.countDown();
            held = null;
            return;
        }
        held = new CountDownLatch(1);
        for (Connector connector : ((Engine) host.getParent()).getService().findConnectors()) {
            if (connector.getLocalPort() != spare) {
                occupy(connector, held);
            }
        }
    }

    private static void occupy(Connector connector, CountDownLatch until) {
        int threads = (Integer) connector.getProperty("maxThreads");
        for (int i = 0; i < threads; i++) {
            connector.getProtocolHandler().getExecutor().execute(() -> {
                try {
                    until.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // Tomcat ends: so does this task
                }
            });
        }
    }
}
