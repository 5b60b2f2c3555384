# SPDX-License-Identifier: Apache-2.0
"""What users notice of a bad member: two real Tomcats, one of which breaks and heals under load."""
