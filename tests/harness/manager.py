# SPDX-License-Identifier: Apache-2.0
"""httpd's own balancer-manager, as an operator uses it."""

import re
import urllib.parse

PATH = "/balancer-manager"

CONF = f"""\
<Location "{PATH}">
    SetHandler balancer-manager
</Location>
ProxyPass "{PATH}" "!"
"""


class Manager:
    """One balancer of SERVER on that page."""

    def __init__(self, server, balancer="os-cluster"):
        self.server = server
        self.balancer = balancer
        # httpd takes nothing from a request that comes from another site's page.
        self.headers = {"Referer": f"http://127.0.0.1:{server.port}{PATH}"}

    def _nonce(self):
        page = self.server.request(PATH, headers=self.headers).text
        return re.search(rf"b={self.balancer}&amp;[^\"']*nonce=([-\w]+)", page).group(1)

    def _post(self, **fields):
        form = {"b": self.balancer, "nonce": self._nonce(), **fields}
        answer = self.server.request(
            PATH, "POST", body=urllib.parse.urlencode(form),
            headers={**self.headers, "Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 200, answer.text

    def add(self, url):
        """A new member; it comes disabled."""
        self._post(b_nwrkr=url, b_wyes="1")

    def switch(self, url, **bits):
        """Turns an operator's bits of a member on or off: D=True disables it, N drains it, S stops
        it."""
        self._post(w=url, **{f"w_status_{letter}": str(int(on)) for letter, on in bits.items()})

    def flags(self, url):
        """What the page says of a member, in its own short words."""
        text = self.server.request(PATH, headers=self.headers).text
        status = re.findall("<th>(.*?)</th>", text[text.index("<th>Worker URL"):]).index("Status")
        for row in re.findall(r"<tr>\s*<td><a.*", text):
            cells = re.findall(r"<td>(.*?)</td>", row)
            if f">{url}</a>" in cells[0]:
                return set(cells[status].split())
        raise AssertionError(f"{url} isn't in {text}")
