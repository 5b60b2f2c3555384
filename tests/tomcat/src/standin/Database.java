// SPDX-License-Identifier: Apache-2.0
package standin;

import java.util.Map;

/** The database that isn't there. A resource that needs it calls {@link #use} first. */
final class Database {
    /** An error as the application tells it: with status 500. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;
        /** The application's code of the error. */
        final String code;

        Failure(String code, String message) {
            super(message, null, false, false);
            this.code = code;
        }
    }

    private static final String REPORT = " Please report this error to the system administrator.";

    private static final Map<String, Failure> FAILURES = Map.of(
            "refused", new Failure("COMMON_DB_CONN_ERROR",
                    "The database server might be down. Error: Connection refused." + REPORT),
            "sqlerror", new Failure("COMMON_SQL_EXCEPTION",
                    "A database query failed. Error: Lock wait timeout exceeded." + REPORT),
            "error", new Failure("COMMON_SERVER_ERROR",
                    "The request could not be processed. Error: NullPointerException." + REPORT));

    private Database() {
    }

    /** Fails, or hangs until the switch is turned, as the switch "db" says. */
    static void use() throws Failure, InterruptedException {
        Switches.awaitOther("db", "hang");
        Failure failure = FAILURES.get(Switches.get("db"));
        if (failure != null) {
            throw failure;
        }
    }
}
