#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Process 1 of the balancer's container: renders the topology, runs httpd as its child, and passes
# on what it is told.
#
#   SIGTERM   httpd takes no more requests and ends with its last one, some DRAIN_SECONDS later at
#             most; a second one ends it at once
#   SIGHUP    renders anew and reloads httpd, if neither osgen nor httpd finds anything wrong
#
# Its arguments are httpd's.
set -eu
umask 077

run=/run/os_balancer
state=/var/lib/os_balancer
pid_file=$run/httpd.pid
httpd=
draining=
export OS_BALANCER_SITE="$run/site.conf"

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

# Writes the file that is its argument and has httpd try it; httpd's arguments follow.
render() {
    osgen render "$OSGEN_TOPOLOGY" >"$run/vhost.conf" || return
    { listens "$run/vhost.conf" && cat "$run/vhost.conf"; } >"$1" || return
    shift
    words=$(OS_BALANCER_SITE=$run/new.conf apache2 "$@" -t 2>&1) || {
        say "httpd -t: $words"
        return 1
    }
}

has_ended() { ! kill -0 "$httpd" 2>/dev/null; }

# Until the test that follows the limit, in tenths of a second, is true, or httpd has ended.
await() {
    left=$1
    shift
    until "$@" || has_ended; do
        [ "$left" -gt 0 ] || return 1
        left=$((left - 1))
        sleep 0.1
    done
}

has_pid_file() { [ -e "$pid_file" ]; }
has_no_pid_file() { [ ! -e "$pid_file" ]; }

# httpd forgets a signal that meets it while it reads its configuration, so it is told again. It
# writes its pid file when it has read that, and takes it away when it begins to end. It leaves
# requests that outlast the limit nine seconds more; with process 1 all processes end at once.
stop() {
    if [ -z "$draining" ]; then
        draining=yes
        await 300 has_pid_file || :
        until has_no_pid_file || has_ended; do
            kill -WINCH "$httpd" 2>/dev/null || :
            await 10 has_no_pid_file || :
        done
        await $((DRAIN_SECONDS * 10 + 15)) has_ended || :
    else
        kill -TERM "$httpd" 2>/dev/null || :
        await 10 has_ended || :
    fi
    exit 0
}

reload() {
    if ! render "$run/new.conf" "$@"; then
        say "httpd goes on as before"
        return
    fi
    await 300 has_pid_file || :
    mv "$run/new.conf" "$OS_BALANCER_SITE"
    [ -z "$draining" ] || return 0
    rm -f "$pid_file"
    until has_pid_file || has_ended; do
        kill -USR1 "$httpd" 2>/dev/null || :
        await 100 has_pid_file || :
    done
}

# Process 1 ignores what it has no trap for.
trap 'exit 0' TERM INT
trap 'again=yes' HUP
again=

mkdir -p "$run"
# A container that was killed leaves them to its next start, with process ids that mean others now.
rm -rf "${run:?}"/*
if [ -w "$state" ]; then set -- -D STATE "$@"; fi

render "$run/new.conf" "$@" || exit
mv "$run/new.conf" "$OS_BALANCER_SITE"

# Until httpd catches SIGUSR1, that would end it.
(
    trap '' USR1
    exec apache2 -D FOREGROUND "$@"
) &
httpd=$!
trap stop TERM INT
trap 'reload "$@"' HUP
[ -z "$again" ] || reload "$@"

# A trap ends the wait as well.
while :; do
    code=0
    wait "$httpd" || code=$?
    if has_ended; then exit "$code"; fi
done
