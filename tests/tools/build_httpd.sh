#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# build_httpd.sh SOURCE PREFIX
#
# Builds an httpd out of its unpacked source, a release or a checkout, and installs it to PREFIX with
# all that the tests load, so that they can be run against it: make test-httpd APXS=PREFIX/bin/apxs.
# APR, PCRE, OpenSSL, zlib, nghttp2 and libldap are the system's, with their headers; httpd before
# 2.4.53 wants PCRE 1 (Debian's libpcre3-dev), a checkout automake and libtool.
set -eu

[ $# -eq 2 ] || { sed -n 's/^# \(build_httpd.sh\)/usage: \1/p' "$0" >&2; exit 2; }
case $2 in
/*) prefix=$2 ;;
*) echo "$0: $2: httpd wants a prefix that begins at the root" >&2; exit 2 ;;
esac
cd "$1"

[ -e configure ] || ./buildconf --with-apr=apr-1-config
# What old sources are warned of by a new compiler is nothing to us.
CFLAGS=${CFLAGS:--O2 -g -w} ./configure --prefix="$prefix" --enable-mods-shared=reallyall \
    --enable-mpms-shared='event worker prefork' --with-apr="$(command -v apr-1-config)" \
    --with-apr-util="$(command -v apu-1-config)"
make -j "$(nproc)"
make install
