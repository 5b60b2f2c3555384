#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# build_httpd.sh SOURCE PREFIX
#
# Builds an httpd out of its unpacked source, a release or a checkout, and installs it to PREFIX with
# all that the tests load; `make test-httpd` does. APR, PCRE, OpenSSL, zlib, libnghttp2, libcurl,
# jansson and libldap are the system's, whose headers must be there; httpd before 2.4.53 wants PCRE 1
# (Debian's libpcre3-dev), a checkout autoconf, automake and libtool.
set -eu

[ $# -eq 2 ] || { sed -n 's/^# \(build_httpd.sh\)/usage: \1/p' "$0" >&2; exit 2; }
case $2 in
/*) prefix=$2 ;;
*) echo "$0: $2: httpd wants a prefix that begins at the root" >&2; exit 2 ;;
esac
cd "$1"

[ -e configure ] || ./buildconf --with-apr=apr-1-config
# What a new compiler says of old sources is nothing to us. Before 2.4.52 mod_ssl uses a macro that
# OpenSSL 3 doesn't have any more, to tell an error while it reads a key.
CFLAGS='-O2 -g -w' CPPFLAGS=-DERR_GET_FUNC=ERR_GET_REASON ./configure --prefix="$prefix" --enable-mods-shared=reallyall \
    --enable-mpms-shared='event worker prefork' --with-apr="$(command -v apr-1-config)" \
    --with-apr-util="$(command -v apu-1-config)"
make -j "$(nproc)"
make install
