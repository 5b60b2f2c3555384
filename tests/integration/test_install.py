# SPDX-License-Identifier: Apache-2.0
"""`make install` puts seven files where they belong, and nothing else."""

import os
import subprocess

from harness.httpd import ROOT, apxs


def test_the_module_goes_to_apxs_and_osgen_with_its_pages_to_the_prefix(tmp_path):
    subprocess.run(["make", "-s", "install", f"DESTDIR={tmp_path}", "PREFIX=/opt/os"], cwd=ROOT,
                   check=True, capture_output=True)
    found = {os.path.join(folder, name)[len(str(tmp_path)):]: os.path.join(folder, name)
             for folder, _, names in os.walk(tmp_path) for name in names}
    pages = {"man/man1/osgen.1": "help --man osgen",
             "man/man5/osgen-topology.5": "help --man osgen-topology",
             "bash-completion/completions/osgen": "help --completion bash",
             "zsh/site-functions/_osgen": "help --completion zsh",
             "osgen/topology.schema.json": "schema"}
    assert set(found) == {"/opt/os/bin/osgen", apxs("LIBEXECDIR") + "/mod_os_balancer.so",
                          *(f"/opt/os/share/{page}" for page in pages)}
    for page, args in pages.items():
        said = subprocess.run([found["/opt/os/bin/osgen"], *args.split()], check=True,
                              capture_output=True).stdout
        with open(found[f"/opt/os/share/{page}"], "rb") as file:
            assert file.read() == said
    version = subprocess.run([found["/opt/os/bin/osgen"], "--version"], check=True,
                             capture_output=True, text=True).stdout
    assert version.startswith("osgen ")
