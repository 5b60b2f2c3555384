# SPDX-License-Identifier: Apache-2.0
"""The soak test: a balancer among faults at random for a long time, which must not grow."""
