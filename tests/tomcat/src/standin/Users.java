// SPDX-License-Identifier: Apache-2.0
package standin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * Who may sign in. A user's token is made from the login name: every node knows it, as if all of
 * them looked into one database.
 */
final class Users {
    static final String PASSWORD = "Login@123";

    record User(int id, String firstName, String lastName, String login, boolean admin) {
        String token() {
            byte[] seed = ("stand-in " + login).getBytes(StandardCharsets.UTF_8);
            return UUID.nameUUIDFromBytes(seed).toString();
        }
    }

    private static final List<User> ALL = List.of(
            new User(1, "System", "Administrator", "admin", true),
            new User(2, "Lab", "Technician", "lab", false));

    private Users() {
    }

    /** The user of that login name and password, or null. */
    static User signIn(Object login, Object password) {
        return ALL.stream().filter(u -> u.login.equals(login) && PASSWORD.equals(password))
                .findFirst().orElse(null);
    }

    /** The user whom the token belongs to, or null. */
    static User ofToken(String token) {
        return ALL.stream().filter(u -> u.token().equals(token)).findFirst().orElse(null);
    }
}
