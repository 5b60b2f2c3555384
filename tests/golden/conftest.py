# SPDX-License-Identifier: Apache-2.0
"""What topologies of the goldens find in the environment; OSGEN_TEST_UNSET isn't there."""

import os

os.environ.update({"OSGEN_TEST_SECRET": "from the environment", "OSGEN_TEST_EMPTY": "",
                   "OSGEN_TEST_BAD": "topsecret${HOME}", "OSGEN_TEST_LONG": "x" * 64})
