"""A milter that vouches: it stands in for OpenDMARC or rspamd in front of a private Postfix.

authmilter.py PORT AUTHSERV_ID [INDEX]

Writes "Authentication-Results: AUTHSERV_ID; dmarc=pass header.from=DOMAIN" when the client
greeted with the domain of the From line, else dmarc=fail. INDEX is where the header goes: 0 puts
it above Postfix's Received, as OpenDMARC has it, 1 below, as rspamd does. A field X-Remove is
taken out of the mail. Serves 127.0.0.1:PORT until it is ended.
"""

import email.utils
import socketserver
import struct
import sys

ADD_HEADERS, CHANGE_HEADERS = 0x01, 0x10
# Not wanted: connect, mail, rcpt, body, end of headers, unknown commands, data.
SKIP = 0x01 | 0x04 | 0x08 | 0x10 | 0x40 | 0x100 | 0x200


class Session(socketserver.StreamRequestHandler):
    def packet(self):
        head = self.rfile.read(4)
        if len(head) < 4:
            return b"Q", b""
        body = self.rfile.read(struct.unpack(">I", head)[0])
        return body[:1], body[1:]

    def answer(self, command, data=b""):
        self.wfile.write(struct.pack(">I", 1 + len(data)) + command + data)

    def handle(self):
        helo, sender, remove = "", "", False
        while True:
            command, data = self.packet()
            if command == b"O":
                self.answer(b"O", struct.pack(">III", 6, ADD_HEADERS | CHANGE_HEADERS, SKIP))
            elif command == b"H":
                helo = data.rstrip(b"\0").decode("latin-1").lower()
                self.answer(b"c")
            elif command == b"L":
                name, value = data.decode("latin-1").split("\0")[:2]
                if name.lower() == "from":
                    sender = email.utils.parseaddr(value)[1]
                remove |= name.lower() == "x-remove"
                self.answer(b"c")
            elif command == b"E":
                domain = sender.rpartition("@")[2].lower()
                verdict = "pass" if domain and domain == helo else "fail"
                value = f"{SERVER_ID}; dmarc={verdict} header.from={domain}"
                header = f"Authentication-Results\0{value}\0".encode("latin-1")
                self.answer(b"i", struct.pack(">I", INDEX) + header)
                if remove:
                    self.answer(b"m", struct.pack(">I", 1) + b"X-Remove\0\0")
                self.answer(b"c")
                sender, remove = "", False
            elif command in (b"Q", b""):
                return
            elif command in (b"A", b"D", b"K"):
                continue
            else:
                self.answer(b"c")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


PORT, SERVER_ID = int(sys.argv[1]), sys.argv[2]
INDEX = int(sys.argv[3]) if len(sys.argv) > 3 else 0
Server(("127.0.0.1", PORT), Session).serve_forever()
