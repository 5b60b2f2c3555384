#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Process 1 of the balancer's container: renders the topology, runs httpd as its child, and passes
# on what it is told.
#
#   SIGTERM   httpd takes no more requests and ends with its last one, some DRAIN_SECONDS later at
#             most; a second one ends it at once
#   SIGHUP    renders anew and reloads httpd, if neither osgen nor httpd finds anything wrong
set -eu
umask 077

run=/run/os_balancer
state=/var/lib/os_balancer
pid_file=$run/httpd.pid
httpd=
export OS_BALANCER_SITE="$run/site.conf"

# What signals have asked for; nothing is done in a trap, since dash forgets the exit status of a
# command that a trap within a trap comes after.
stopping= # a dot for each time
reloading=
nap= # the process that is waited for while nothing is to do

say() { echo "entrypoint: $*" >&2; }

# httpd listens where the topology says that the site is.
listens() {
    awk '
        /^<VirtualHost / {
            sub(/>$/, "")
            for (i = 2; i <= NF; i++) {
                port = $i
                sub(/.*:/, "", port)
                if ($i == "*:" port) everywhere[port]
                else places[$i] = port
            }
        }
        END {
            for (port in everywhere) print "Listen " port
            for (place in places) if (!(places[place] in everywhere)) print "Listen " place
        }' "$1"
}

write_site() {
    if [ -w "$state" ] && ! grep -q '^OSBalancerStateFile ' "$run/vhost.conf"; then
        echo "OSBalancerStateFile \"$state/state\""
    fi
    listens "$run/vhost.conf" && cat "$run/vhost.conf"
}

# Writes new.conf and has httpd try it.
render() {
    osgen render "$OSGEN_TOPOLOGY" >"$run/vhost.conf" || return
    write_site >"$run/new.conf" || return
    words=$(OS_BALANCER_SITE=$run/new.conf apache2 -t 2>&1) || {
        say "httpd -t: $words"
        return 1
    }
}

has_ended() { ! kill -0 "$httpd" 2>/dev/null; }
has_pid_file() { [ -e "$pid_file" ]; }
has_no_pid_file() { [ ! -e "$pid_file" ]; }
is_hurried() { [ "$stopping" != . ]; }

# Until the test is true or httpd has ended; at most for so many tenths of a second.
await() {
    left=$1
    until "$2" || has_ended || [ "$left" -eq 0 ]; do
        left=$((left - 1))
        sleep 0.1
    done
}

# httpd forgets a signal that meets it while it reads its configuration, so it is told again. It
# writes its pid file when it has read that, and takes it away when it begins to end. It leaves
# requests that outlast the limit nine seconds more; with process 1 all processes end at once.
stop() {
    await 300 has_pid_file
    until has_no_pid_file || has_ended; do
        kill -WINCH "$httpd" 2>/dev/null || :
        await 10 has_no_pid_file
    done
    await $((DRAIN_SECONDS * 10 + 15)) is_hurried
    if is_hurried; then
        kill -TERM "$httpd" 2>/dev/null || :
        await 10 has_ended
    fi
    exit 0
}

reload() {
    if ! render; then
        say "httpd goes on as before"
        return
    fi
    await 300 has_pid_file
    mv "$run/new.conf" "$OS_BALANCER_SITE"
    rm -f "$pid_file"
    until has_pid_file || has_ended; do
        kill -USR1 "$httpd" 2>/dev/null || :
        await 100 has_pid_file
    done
}

wake() { [ -z "$nap" ] || kill "$nap" 2>/dev/null || :; }

# Until httpd has ended or something is asked. A signal that comes just before the wait ends what is
# waited for.
rest() {
    tail --pid="$httpd" -f /dev/null &
    nap=$!
    if [ -z "$stopping$reloading" ]; then wait "$nap" || :; fi
    wake
    nap=
}

# Process 1 ignores what it has no trap for.
trap 'exit 0' TERM INT
trap 'reloading=yes' HUP

case $DRAIN_SECONDS in
'' | *[!0-9]*)
    say "DRAIN_SECONDS is \"$DRAIN_SECONDS\" and takes whole seconds"
    exit 3
    ;;
esac

mkdir -p "$run"
# A container that was killed leaves them to its next start, with process ids that mean others now.
rm -rf "${run:?}"/*
render || exit
mv "$run/new.conf" "$OS_BALANCER_SITE"

# Until httpd catches SIGUSR1, that would end it.
(
    trap '' USR1
    exec apache2 -D FOREGROUND
) &
httpd=$!
trap 'stopping=$stopping.; wake' TERM INT
trap 'reloading=yes; wake' HUP

until has_ended; do
    if [ -n "$stopping" ]; then
        stop
    elif [ -n "$reloading" ]; then
        reloading=
        reload
    else
        rest
    fi
done
wait "$httpd"
