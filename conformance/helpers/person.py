"""A person at the pages of sign-in and consent, with the standard library alone.

    python3 person.py URL

Opens the address, signs in as $USERNAME with $PASSWORD, allows what the App asks for, and prints
where the App is called ($CALLBACK...), or the PIN on the page when there is nowhere to call.
"""

import html
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar


class UntilTheApp(urllib.request.HTTPRedirectHandler):
    """Follows redirects up to the one that calls the App."""

    def redirect_request(self, request, body, code, message, headers, url):
        if url.startswith(os.environ["CALLBACK"]):
            raise Called(url)
        return super().redirect_request(request, body, code, message, headers, url)


class Called(Exception):
    """The App is called at this address."""


def visit(url):
    browser = urllib.request.build_opener(UntilTheApp, urllib.request.HTTPCookieProcessor(CookieJar()))
    try:
        with browser.open(url, timeout=20) as page:
            text = page.read().decode()
        for answers in (
            {"step": "sign_in", "username": os.environ["USERNAME"], "password": os.environ["PASSWORD"]},
            {"step": "allow"},
        ):
            proof = html.unescape(re.search(r'name="proof" value="([^"]*)"', text).group(1))
            form = urllib.parse.urlencode({"proof": proof, **answers}).encode()
            with browser.open(url, form, timeout=20) as page:
                text = page.read().decode()
        return re.search(r"<code[^>]*>(\d+)</code>", text).group(1)
    except Called as called:
        return str(called)


if __name__ == "__main__":
    try:
        print(visit(sys.argv[1]))
    except urllib.error.HTTPError as refused:
        sys.exit(f"{refused}: {refused.read().decode()}")
