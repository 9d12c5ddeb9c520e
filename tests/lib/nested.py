#!/usr/bin/env python3
"""nested.py tnef|p7m FILE: a winmail.dat that holds FILE under a long name, or an opaque S/MIME
file (unsigned but for its shape) that wraps a mail with FILE in it; on standard output."""
import base64
import os
import struct
import sys


def attribute(level, number, raw):
    return bytes([level]) + struct.pack("<HHI", number, 6, len(raw)) + raw + b"\0\0"


def tnef(name, raw):
    long_name = (name + "\0").encode("utf-16-le")
    properties = struct.pack("<IHHII", 1, 0x1f, 0x3707, 1, len(long_name))
    properties += long_name + b"\0" * (-len(long_name) % 4)
    return (struct.pack("<IH", 0x223e9f78, 1)
            + attribute(1, 0x800c, "Le plan, comme promis.\r\n".encode("latin-1") + b"\0")
            + attribute(2, 0x9002, b"") + attribute(2, 0x8010, b"SHORT~1.PDF\0")
            + attribute(2, 0x800f, raw) + attribute(2, 0x9005, properties))


def p7m(name, raw):
    mail = ("Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\nLe plan, signé.\r\n--in\r\n"
            f"Content-Type: application/pdf; name=\"{name}\"\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n").encode()
    mail += base64.encodebytes(raw) + b"\r\n--in--\r\n"
    return (b"\x30\x80" + bytes.fromhex("06092a864886f70d010702a080308002010131003080"
                                        "06092a864886f70d010701a080")
            + b"\x04\x84" + struct.pack(">I", len(mail)) + mail)


with open(sys.argv[2], "rb") as file:
    make = {"tnef": tnef, "p7m": p7m}[sys.argv[1]]
    sys.stdout.buffer.write(make(os.path.basename(sys.argv[2]), file.read()))
