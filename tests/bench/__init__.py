# SPDX-License-Identifier: Apache-2.0
"""Benchmarks: each prints a table of what this module and what others do on the same members."""
