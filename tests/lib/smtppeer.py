"""The other side of an SMTP conversation, as unkind as it is told to be.

smtppeer.py PORT FOLDER [CERTIFICATE KEY]

Serves 127.0.0.1:PORT until it is ended. FOLDER/plan holds a word, read anew at each connection,
and perhaps a second one: then the plan is for recipients only in which that is found.

    accept      takes everything
    greet421    closes the door at the greeting
    rcpt451     "not now" to RCPT          rcpt550   "never" to RCPT
    data451     "not now" after the dot    data554   "never" after the dot
    dropdot     takes the mail, then breaks the line before it answers the dot
    dropdata    breaks the line amid the mail
    stalldot    takes the mail and does not answer the dot
    slowdot     thinks for half a second before it answers the dot

With a certificate STARTTLS is offered, unless the plan ends in "-notls". Each mail whose final dot
came is written to FOLDER/NUMBER.eml with its envelope in FOLDER/NUMBER.env, each command to
FOLDER/log.
"""

import itertools
import os
import socketserver
import ssl
import sys
import threading
import time

NUMBERS = itertools.count(1)
LOCK = threading.Lock()


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def note(self, line):
        with LOCK, open(os.path.join(FOLDER, "log"), "a") as log:
            log.write(line + "\n")

    def start_tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*CERTIFICATE)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = socketserver._SocketWriter(self.connection)

    def take_mail(self, sender, recipients, plan):
        """Reads to the dot; false when the line is to be broken."""
        lines = []
        while True:
            line = self.rfile.readline()
            if not line:
                return False
            if line == b".\r\n":
                break
            if plan == "dropdata" and len(lines) > 5:
                return False
            lines.append(line[1:] if line.startswith(b".") else line)
        number = next(NUMBERS)
        with open(os.path.join(FOLDER, f"{number}.eml"), "wb") as out:
            out.writelines(lines)
        with open(os.path.join(FOLDER, f"{number}.env"), "w") as out:
            out.write(f"{sender}\n" + "".join(r + "\n" for r in recipients))
        if plan == "stalldot":
            self.rfile.read()
        if plan == "slowdot":
            time.sleep(0.5)
        return plan not in ("dropdot", "stalldot")

    def handle(self):
        with open(os.path.join(FOLDER, "plan")) as file:
            plan, _, whom = file.read().strip().partition(" ")
        offers_tls = bool(CERTIFICATE) and not plan.endswith("-notls")
        plan = plan.removesuffix("-notls")
        encrypted, sender, recipients = False, "", []
        self.note("CONNECT")
        if plan == "greet421":
            return self.say("421 4.3.2 closed")
        self.say("220 peer.test ESMTP")
        while line := self.rfile.readline():
            text = line.decode("utf-8", "replace").strip()
            verb = text.split(" ")[0].upper()
            self.note(("TLS " if encrypted else "") + text)
            if verb == "EHLO":
                more = ["SIZE 0", "8BITMIME", "SMTPUTF8"]
                if offers_tls and not encrypted:
                    more.append("STARTTLS")
                for word in more[:-1]:
                    self.say("250-" + word)
                self.say("250 " + more[-1])
            elif verb == "STARTTLS" and offers_tls:
                self.say("220 2.0.0 go ahead")
                try:
                    self.start_tls()
                except (ssl.SSLError, OSError):
                    return self.note("TLS FAILED")
                encrypted = True
            elif verb == "MAIL":
                sender, recipients = text[10:].split(" ")[0], []
                self.say("250 2.1.0 ok")
            elif verb == "RCPT":
                mine = plan if whom in text else "accept"
                if mine == "rcpt451":
                    self.say("451 4.7.1 greylisted")
                elif mine == "rcpt550":
                    self.say("550 5.1.1 no such user here")
                else:
                    recipients.append(text[8:])
                    self.say("250 2.1.5 ok")
            elif verb == "DATA":
                self.say("354 go on")
                if not self.take_mail(sender, recipients, mine):
                    return None
                if mine == "data451":
                    self.say("451 4.3.0 try later")
                elif mine == "data554":
                    self.say("554 5.7.1 we do not like it")
                else:
                    self.say("250 2.0.0 taken")
            elif verb == "QUIT":
                return self.say("221 2.0.0 bye")
            else:
                self.say("250 2.0.0 ok")
        return None


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


PORT, FOLDER, CERTIFICATE = int(sys.argv[1]), sys.argv[2], sys.argv[3:5]
Server(("127.0.0.1", PORT), Session).serve_forever()
