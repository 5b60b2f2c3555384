# SPDX-License-Identifier: Apache-2.0
"""The real parts that tests and the demo start: httpd, Tomcat and the C stand-in."""
