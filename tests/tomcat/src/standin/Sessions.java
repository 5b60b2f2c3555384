// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.tomcat.util.json.JSONParser;
import org.apache.tomcat.util.json.ParseException;

/** Signing in and out. While the system is locked down, only an administrator gets in. */
final class Sessions {
    private Sessions() {
    }

    static void signIn(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Map<String, Object> asked;
        try {
            asked = new JSONParser(request.getReader()).object();
        } catch (ParseException e) {
            Answer.error(response, 400, "COMMON_INVALID_REQUEST", "The body is no JSON object");
            return;
        }
        Users.User user = Users.signIn(asked.get("loginName"), asked.get("password"));
        if (user == null) {
            Answer.error(response, 400, "AUTH_INVALID_CREDENTIALS", "Wrong name or password");
        } else if (Switches.get("lockdown").equals("on") && !user.admin()) {
            Answer.error(response, 400, "AUTH_SYSTEM_LOCKDOWN", "The system is locked down");
        } else {
            RestFilter.giveToken(request, response, user.token(), "");
            Map<String, Object> details = details(user);
            details.put("token", user.token());
            Answer.json(response, 200, Json.of(details));
        }
    }

    static void signOut(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        RestFilter.giveToken(request, response, "", ";Max-Age=0");
        Answer.json(response, 200, Json.of(Map.of("Status", "Success")));
    }

    static void currentUser(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Users.User user = (Users.User) request.getAttribute(RestFilter.USER);
        Answer.json(response, 200, Json.of(details(user)));
    }

    private static Map<String, Object> details(Users.User user) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("id", user.id());
        details.put("firstName", user.firstName());
        details.put("lastName", user.lastName());
        details.put("loginName", user.login());
        details.put("admin", user.admin());
        details.put("instituteAdmin", false);
        return details;
    }
}
