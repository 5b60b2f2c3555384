// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.catalina.Host;
import org.apache.tomcat.util.modeler.Registry;

/**
 * Deploys and undeploys the webapp as an administrator would: its descriptor is put in place or
 * taken away, and Tomcat's own deployer is told to look.
 */
final class Deployment {
    private static final String NAME = "/openspecimen";

    private final Host host;

    Deployment(Host host) {
        this.host = host;
    }

    /** Returns when Tomcat is done: half a second or more for undeploying. */
    void set(boolean deployed) throws IOException, ServletException {
        Path conf = Path.of(System.getProperty("catalina.base"), "conf");
        Path descriptor = conf.resolve("Catalina").resolve(host.getName())
                .resolve("openspecimen.xml");
        if (deployed) {
            Files.copy(conf.resolve("openspecimen.xml"), descriptor,
                    StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(descriptor);
        }
        check();
    }

    private void check() throws ServletException {
        MBeanServer server = Registry.getRegistry(null, null).getMBeanServer();
        try {
            ObjectName deployer = new ObjectName(
                    host.getDomain() + ":type=Deployer,host=" + host.getName());
            server.invoke(deployer, "check", new Object[] {NAME},
                    new String[] {String.class.getName()});
        } catch (JMException e) {
            throw new ServletException("Tomcat's deployer refused to look", e);
        }
    }
}
