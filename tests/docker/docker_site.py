# SPDX-License-Identifier: Apache-2.0
"""What a site's directory holds, readable for the container's user."""

# The two nodes as members.
OS1, OS2 = "ajp://os1/openspecimen", "ajp://os2/openspecimen"

HEALTH = "{interval: 1s, fast: 200ms, timeout: 1s}"


def write(path, text):
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
    return path


def write_secret(path, secret):
    path.parent.mkdir(exist_ok=True)
    path.parent.chmod(0o755)
    return write(path, secret + "\n")


def write_topology(site, members=("os1", "os2"), listen="8080", health=HEALTH,
                   secret="secret_file: /run/secrets/ajp", balance="", name="topology.yaml"):
    """SECRET and BALANCE: lines under balance:. LISTEN: None leaves it out."""
    lines = ["site:", "  name: openspecimen.example.org"]
    if listen:
        lines += [f"  listen: {listen}"]
    lines += ["instances:", *(f"  - {{name: {node}, url: 'ajp://{node}:8009'}}" for node in members),
              "balance:", f"  {secret}", f"  health: {health}",
              *balance.splitlines(), "admin: all", ""]
    return write(site / name, "\n".join(lines))
