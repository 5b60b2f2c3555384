// SPDX-License-Identifier: Apache-2.0
package standin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The faults that can be switched, and what each is now. The class is loaded by Tomcat's common
 * loader: there is one set of switches in the process, and an undeployed webapp does not lose it.
 */
public final class Switches {
    /** A delay may be ten minutes long: as much as any time limit of a proxy. */
    private static final int DELAY_MAX = 600_000;
    private static final Predicate<String> TEXT =
            Pattern.compile("[ -~]{1,100}").asMatchPredicate();

    /** One switch: its name, what it accepts in words, the test of that, and its first value. */
    private record Row(String name, String accepts, Predicate<String> test, String first) {
        static Row of(String name, String... values) {
            return new Row(name, String.join("|", values), List.of(values)::contains, values[0]);
        }
    }

    private static final List<Row> ROWS = List.of(
            Row.of("db", "ok", "refused", "hang", "sqlerror", "error"),
            Row.of("lockdown", "off", "on"),
            new Row("build", "1 to 100 printable ASCII characters", TEXT,
                    System.getProperty("standin.build", "v12.2")),
            new Row("delay", "milliseconds, 0 to " + DELAY_MAX, v -> inRange(v, 0, DELAY_MAX), "0"),
            Row.of("busy", "off", "on"),
            Row.of("body", "ok", "html", "truncated", "huge", "slow"),
            new Row("status", "0 or 200 to 599",
                    v -> v.equals("0") || inRange(v, 200, 599), "0"),
            Row.of("deployed", "on", "off"));

    private static final Map<String, String> now = new LinkedHashMap<>();

    static {
        for (Row row : ROWS) {
            now.put(row.name, row.first);
        }
    }

    private Switches() {
    }

    /** What is wrong with this name or value, and what is accepted; null if nothing is. */
    public static String problem(String name, String value) {
        for (Row row : ROWS) {
            if (row.name.equals(name)) {
                return row.test.test(value) ? null
                        : name + "=" + value + " is not accepted: " + name + "=" + row.accepts;
            }
        }
        return "no switch is named " + name + ": " + String.join(", ", now.keySet());
    }

    /** Sets a switch whose value {@link #problem} has found good, and wakes those who wait. */
    public static synchronized void set(String name, String value) {
        now.put(name, value);
        Switches.class.notifyAll();
    }

    public static synchronized String get(String name) {
        return now.get(name);
    }

    /** All of them by name, in the order of the table. */
    public static synchronized Map<String, String> all() {
        return new LinkedHashMap<>(now);
    }

    /** Holds the calling thread for as long as the switch has this value. */
    public static void awaitOther(String name, String value) throws InterruptedException {
        awaitOther(name, value, Integer.MAX_VALUE);
    }

    /** Does so for at most that many milliseconds. */
    public static synchronized void awaitOther(String name, String value, int most)
            throws InterruptedException {
        long end = System.nanoTime() + most * 1_000_000L;
        long left = most;
        while (left > 0 && now.get(name).equals(value)) {
            Switches.class.wait(left);
            left = (end - System.nanoTime() + 999_999) / 1_000_000;
        }
    }

    private static boolean inRange(String text, int least, int most) {
        if (!text.matches("[0-9]{1,9}")) {
            return false;
        }
        int number = Integer.parseInt(text);
        return least <= number && number <= most;
    }
}
