"""Mails that can be told apart whatever becomes of them: each carries a serial."""

import random

SERIAL = b"X-Serial: "


class Letters:
    """Makes mails; all of them are remembered, by serial."""

    def __init__(self, recipient, seed=1):
        self.recipient = recipient
        self.random = random.Random(seed)
        self.sent = {}

    def _head(self, serial):
        sender = b"c%d@client.test" % (serial % 97)
        return (b"Authentication-Results: mx.example; dmarc=pass header.from=client.test\n"
                b"Received: from client.test (client.test [192.0.2.1]) by mx.example; "
                b"Mon, 2 Jun 2025 10:00:00 +0200\n" + SERIAL + b"%08d\n" % serial +
                b"From: <" + sender + b">\nTo: <" + self.recipient.encode() + b">\n"
                b"Date: Mon, 2 Jun 2025 10:00:00 +0200\n"
                b"Message-ID: <serial%d@client.test>\n" % serial)

    def _keep(self, head, rest):
        mail = head + rest
        self.sent[len(self.sent) + 1] = mail
        return mail

    def plain(self, size=None):
        """Of about so many bytes, else of as many as mails have; some lines begin with a dot."""
        serial = len(self.sent) + 1
        size = size or self.random.choice((300, 800, 2000, 2000, 6000, 20000, 70000))
        line = b"Line %08d of nothing in particular, as long as lines of mails are.\n" % serial
        body = b".a line with a dot\n" + line * (size // len(line))
        return self._keep(self._head(serial), b"Subject: Question %d\n\n" % serial + body)

    def hostile(self):
        """What breaks parsers: deep nesting, many parts, bombs of addresses, NUL, no end."""
        serial = len(self.sent) + 1
        kinds = (
            lambda: b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i)
                             for i in range(3000)),
            lambda: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20000,
            lambda: b"Cc: " + b"g:" * 8000 + b"\n\nx\n",
            lambda: b"Cc: " + b"a," * 8000 + b"\n\nx\n",
            lambda: b"Subject: " + b"=?utf-8?q?=41?= " * 9000 + b"\n\nx\n",
            lambda: b"Content-Type: text/plain\n\n" + bytes(range(1, 256)) * 200 + b"\0\0\n",
            lambda: b"Content-Type: text/html\n\n" + b"<div><table><b>" * 40000 + b"\n",
            lambda: b"Content-Type: text/plain; " + b"name*0*=utf-8''a; " * 3000 + b"\n\nx\n",
            lambda: b"Content-Type: message/rfc822\n\n" * 2000 + b"x\n",
        )
        return self._keep(self._head(serial), self.random.choice(kinds)())
