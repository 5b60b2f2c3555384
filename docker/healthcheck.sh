#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Healthy: httpd answers, and one member at least takes users. Where checks are off there are no
# members to ask about, and the first is all.
set -eu

answer=$(curl -fsS --max-time 2 'http://127.0.0.1:8079/?format=json')
case $answer in
*'"serves":true'* | *'"balancers":[]'*) ;;
*)
    echo "no member takes users"
    exit 1
    ;;
esac
