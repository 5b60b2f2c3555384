#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Looks for what building and testing need, and installs just what is missing: by apt-get on Debian
# and Ubuntu, by dnf on RHEL and Fedora. Its argument is "build" for building alone, "deb" for Debian
# packages, "test" for testing, "docker" for what `make test-docker` needs beside an engine, or "bench"
# for the benchmarks as well. With nothing missing it prints nothing and asks for no rights. Nothing is
# started on this machine: the packages are those without a service, but for keepalived's,
# Prometheus', HAProxy's and nginx's, which are installed while services are forbidden, and their
# services disabled.
set -eu

PATH=$PATH:/usr/sbin:/sbin
PYTHON=${PYTHON:-/usr/bin/python3}

has_command() { command -v "$1" >/dev/null 2>&1; }
has_header() { echo "#include <$1>" | gcc -E - >/dev/null 2>&1; }
has_asan() { gcc -print-file-name=libasan.so 2>/dev/null | grep -q /; }
has_ubsan() { gcc -print-file-name=libubsan.so 2>/dev/null | grep -q /; }
has_apxs() { has_command apxs || has_command apxs2; }
has_httpd() { has_command httpd || has_command apache2; }
has_reruns() { "$PYTHON" -c 'import pytest_rerunfailures' >/dev/null 2>&1; }
has_jsonschema() { "$PYTHON" -c 'import jsonschema' >/dev/null 2>&1; }
has_pyyaml() { "$PYTHON" -c 'import yaml' >/dev/null 2>&1; }
# Debian packages are made on Debian.
has_deb_command() { ! has_command apt-get || has_command "$1"; }
has_pytest() { "$PYTHON" -c 'import pytest' >/dev/null 2>&1; }

java_of() {
    if [ -n "${JAVA_HOME:-}" ]; then echo "$JAVA_HOME/bin/$1"; else echo "$1"; fi
}
has_java() { has_command "$(java_of java)" && has_command "$(java_of javac)"; }

has_tomcat() {
    for home in "${CATALINA_HOME:-}" /usr/share/tomcat10 /usr/share/tomcat; do
        [ -e "$home/bin/bootstrap.jar" ] && return 0
    done
    return 1
}

# What is needed: what for, its name, the package of Debian, the package of Fedora, and the test for
# it. A minus: another row's package brings it there.
needs() {
    cat <<'TABLE'
build gcc           gcc                   gcc                    has_command gcc
build libc          libc6-dev             glibc-devel            has_header stdio.h
build make          make                  make                   has_command make
build apxs          apache2-dev           httpd-devel            has_apxs
build libcurl       libcurl4-openssl-dev  libcurl-devel          has_header curl/curl.h
build libyaml       libyaml-dev           libyaml-devel          has_header yaml.h
build jansson       libjansson-dev        jansson-devel          has_header jansson.h
deb   dpkg          dpkg-dev              -                      has_deb_command dpkg-buildpackage
deb   debhelper     debhelper             -                      has_deb_command dh
deb   dh_apache2    dh-apache2            -                      has_deb_command dh_apache2
deb   fakeroot      fakeroot              -                      has_deb_command fakeroot
test  asan          -                     libasan                has_asan
test  ubsan         -                     libubsan               has_ubsan
test  git           git                   git                    has_command git
test  clang         clang                 clang                  has_command clang
test  clang-format  clang-format          clang-tools-extra      has_command clang-format
test  clang-tidy    clang-tidy            clang-tools-extra      has_command clang-tidy
test  httpd         apache2-bin           httpd                  has_httpd
test  cmocka        libcmocka-dev         libcmocka-devel        has_header cmocka.h
test  java          default-jdk-headless  java-17-openjdk-devel  has_java
test  tomcat        tomcat10-common       tomcat                 has_tomcat
test  pytest        python3-pytest        python3-pytest         has_pytest
test  reruns        python3-pytest-rerunfailures python3-pytest-rerunfailures has_reruns
test  pyyaml        python3-yaml          python3-pyyaml         has_pyyaml
test  jsonschema    python3-jsonschema    python3-jsonschema     has_jsonschema
test  groff         groff-base            groff-base             has_command groff
test  zsh           zsh                   zsh                    has_command zsh
test  openssl       openssl               openssl                has_command openssl
test  curl          curl                  curl                   has_command curl
test  keepalived    keepalived            keepalived             has_command keepalived
test  ip            iproute2              iproute                has_command ip
test  logrotate     logrotate             logrotate              has_command logrotate
test  mandoc        mandoc                mandoc                 has_command mandoc
test  promtool      prometheus            golang-github-prometheus has_command promtool
docker shellcheck   shellcheck            ShellCheck             has_command shellcheck
docker yamllint     yamllint              yamllint               has_command yamllint
docker rpmbuild     rpm                   rpm-build              has_command rpmbuild
docker rpmlint      rpmlint               rpmlint                has_command rpmlint
docker lintian      lintian               -                      has_deb_command lintian
docker mmdebstrap   mmdebstrap            -                      has_deb_command mmdebstrap
bench haproxy       haproxy               haproxy                has_command haproxy
bench nginx         nginx                 nginx                  has_command nginx
bench h2load        nghttp2-client        nghttp2                has_command h2load
bench valgrind      valgrind              valgrind               has_command valgrind
TABLE
}

# Whether rows of this purpose are wanted.
is_wanted() {
    case "$wanted $1" in
    "$1 $1" | "deb build" | "test build" | "bench build" | "bench test") return 0 ;;
    "docker build" | "docker deb" | "docker test") return 0 ;;
    *) return 1 ;;
    esac
}

# Prints, of each row that is missing, one column: name, debian or fedora.
missing() {
    needs | while read -r purpose name debian fedora check; do
        is_wanted "$purpose" || continue
        $check && continue
        case $1 in
        name) echo "$name" ;;
        debian) echo "$debian" ;;
        fedora) echo "$fedora" ;;
        esac
    done | grep -v '^-$' | sort -u | tr '\n' ' '
}

# As root, or by sudo, which may ask for a password if somebody is there to be asked; otherwise says
# what root should run.
run_as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 2 ] && has_command sudo; }; then
        sudo "$@"
    else
        echo "deps: missing: $names" >&2
        echo "deps: as root, run: $command" >&2
        exit 1
    fi
}

# What root runs to install the packages of Debian that are its arguments. While policy-rc.d answers
# 101, packages start no service; one that is there already is the machine's own, and stays. Only a
# service that came with this is disabled.
# shellcheck disable=SC2016 # the inner shell expands it
install_debian='
    policy=/usr/sbin/policy-rc.d
    new=
    for service in keepalived prometheus haproxy nginx; do
        command -v $service >/dev/null || new="$new $service"
    done
    if [ ! -e "$policy" ]; then
        trap "rm -f $policy" EXIT
        printf "#!/bin/sh\nexit 101\n" >"$policy"
        chmod 755 "$policy"
    fi
    apt-get install -q -y --no-install-recommends "$@" || exit 1
    for service in $new; do
        ! command -v $service >/dev/null || update-rc.d $service disable
    done
'

wanted=${1:-test}
names=$(missing name)
[ -n "$names" ] || exit 0

if has_command apt-get; then
    packages=$(missing debian)
    command="apt-get update && apt-get install -y --no-install-recommends $packages"
    run_as_root apt-get update -q
    # shellcheck disable=SC2086 # a list of words
    run_as_root env DEBIAN_FRONTEND=noninteractive sh -c "$install_debian" sh $packages
elif has_command dnf; then
    packages=$(missing fedora)
    command="dnf install -y $packages"
    # shellcheck disable=SC2086 # a list of words
    run_as_root dnf install -q -y --setopt=install_weak_deps=False $packages || {
        echo "deps: on RHEL, libyaml-devel and libcmocka-devel are in CodeReady Builder" >&2
        exit 1
    }
else
    echo "deps: neither apt-get nor dnf is here; install these by hand: $names" >&2
    exit 1
fi

names=$(missing name)
[ -z "$names" ] || {
    echo "deps: still missing after the installation: $names" >&2
    exit 1
}
