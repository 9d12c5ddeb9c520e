#!/usr/bin/env python3
"""shapes.py DIR: writes mails of shapes that make parsers slow, large or dead, one file each.

Each aims at one piece of work that is easily done in quadratic time or without bound; most stay
below the caps on headers, parts and depth, so that the parser has to live through them.
"""
import base64
import os
import struct
import sys

HEAD = (b"From: Zoe <zoe@client.test>\nTo: support@acme.example\nSubject: shape\n"
        b"Message-ID: <%s@client.test>\nMIME-Version: 1.0\n")
MB = 1000 * 1000
SHAPES = {}


def shape(make):
    SHAPES[make.__name__] = make
    return make


def text(body, subtype="plain", charset="utf-8", encoding="8bit", more=""):
    if isinstance(body, str):
        body = body.encode()
    return (f"Content-Type: text/{subtype}; charset={charset}{more}\n"
            f"Content-Transfer-Encoding: {encoding}\n\n").encode() + body


def multipart(parts, boundary="b", subtype="mixed"):
    head = f"Content-Type: multipart/{subtype}; boundary=\"{boundary}\"\n\n".encode()
    mark = b"--" + boundary.encode()
    return head + b"".join(mark + b"\n" + part + b"\n" for part in parts) + mark + b"--\n"


# --- headers ---------------------------------------------------------------------------------

@shape
def parameters():
    return b"Content-Type: text/plain" + b"".join(b"; p%d=v" % i for i in range(20000)) + b"\n\nx\n"


@shape
def parameters_too_many():
    return b"Content-Type: text/plain" + b"".join(b"; p%d=v" % i for i in range(100000)) + b"\n\nx\n"


@shape
def parameter_sections():
    return b"Content-Type: text/plain; " + b"; ".join(
        b"name*%d*=utf-8''a" % i for i in range(11000)) + b"\n\nx\n"


@shape
def parameter_sections_too_many():
    return b"Content-Type: text/plain; " + b"; ".join(
        b"name*%d*=utf-8''a" % i for i in range(100000)) + b"\n\nx\n"


@shape
def parameter_sections_of_parts():
    part = b"Content-Type: image/png; " + b"; ".join(
        b"name*%d=a" % i for i in range(9999, 0, -1)) + b"\n\nx"
    return multipart([part] * 50)


@shape
def encoded_words():
    return b"Subject: " + b" ".join(b"=?utf-8?q?=41?=" for _ in range(15000)) + b"\n\nx\n"


@shape
def encoded_words_split():
    words = (b"=?utf-8?b?w6k=?=", b"=?iso-2022-jp?b?GyRC?=")
    return b"Subject: " + b"\n ".join(words[i % 2] for i in range(12000)) + b"\n\nx\n"


@shape
def encoded_words_open():
    return b"Subject: " + b"=?utf-8?q?" * 24000 + b"\n\nx\n"


@shape
def encoded_words_in_names():
    return b"Cc: " + b", ".join(b"=?utf-8?q?=41?= <a@b.test>" for _ in range(580)) + b"\n\nx\n"


@shape
def comments_nested():
    return b"Cc: " + b"(" * 8000 + b")" * 8000 + b" <a@b.test>\n\nx\n"


@shape
def comments_open():
    return b"Cc: " + b"((a@b.test), " * 1200 + b"\n\nx\n"


@shape
def quotes_open():
    return b"Cc: " + b'"a" ' * 4000 + b"\n\nx\n"


@shape
def angles_open():
    return b"Cc: " + b"<" * 16000 + b"\n\nx\n"


@shape
def groups_in_a_part():
    return b"Content-Type: message/rfc822\n\nTo: " + b"g:" * 24 + b"a@b;" * 3000 + b"\n\nx\n"


@shape
def references():
    return b"References: " + b"\n ".join(b"<%d@x>" % i for i in range(25000)) + b"\n\nx\n"


@shape
def fields_of_parts():
    part = b"".join(b"X-%d: y\n" % i for i in range(990)) + b"\nx"
    return multipart([part] * 490)


@shape
def folded_lines():
    return b"X-A: b\n" + b" c\n" * 80000 + b"\nx\n"


@shape
def received():
    return b"Received: from a by b\n" * 990 + b"\nx\n"


@shape
def authentication_results():
    return b"Authentication-Results: mx.example; " + b"dkim=pass (((((( header.d=x; " * 8000 + b"\n\nx\n"


# --- structure -------------------------------------------------------------------------------

@shape
def nested_same_boundary():
    return b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 100000 + b"\nx\n"


@shape
def nested_alternatives():
    body = text("x\n")
    for depth in range(18):
        body = multipart([text("y\n"), body], f"b{depth}", "alternative")
    return body


@shape
def boundary_prefixes():
    """Each boundary begins with the one around it, and the body is lines that nearly match."""
    body = text(("--" + "b" * 40 + "x\n") * 100000)
    for depth in range(18):
        body = multipart([body], "b" * (20 - depth))
    return body


@shape
def boundary_long():
    name = "b" * 70
    return multipart([text(("--" + name[:-1] + "\n") * 100000)], name)


@shape
def boundary_lines():
    return multipart([text(b"--\n" * 3000000)])


@shape
def parts_without_end():
    return b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 499


@shape
def messages_in_messages():
    return b"Content-Type: message/rfc822\n\n" * 19 + b"Subject: in\n\nx\n"


@shape
def messages_attached():
    return multipart([b"Content-Type: message/rfc822\n\nSubject: in\n\n" + b"line\n" * 20000] * 240)


@shape
def one_part_many_lines():
    return text(b"\n" * (20 * MB))


# --- encodings -------------------------------------------------------------------------------

@shape
def base64_one_line():
    part = (b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n" +
            base64.b64encode(os.urandom(18 * MB)))
    return multipart([text("x\n"), part])


@shape
def base64_text_one_line():
    return text(base64.b64encode(b"word " * (4 * MB)), encoding="base64")


@shape
def base64_padding():
    return text(b"QQ==" * (3 * MB), encoding="base64")


@shape
def base64_rubbish():
    return text(b"Q!" * (6 * MB), encoding="base64")


@shape
def quoted_printable_soft():
    return text(b"=\n" * (5 * MB), encoding="quoted-printable")


@shape
def quoted_printable_blanks():
    return text((b"=" + b" " * 70) * 150000, encoding="quoted-printable")


@shape
def quoted_printable_escapes():
    return text(b"=41" * (4 * MB), encoding="quoted-printable")


@shape
def uuencode_begins():
    return text(b"begin 644 a.txt\n" * 600000)


@shape
def uuencode_files():
    return text(b"begin 644 a.txt\n#86)C\n`\nend\n" * 300000)


@shape
def uuencode_part():
    part = b"Content-Type: application/zip\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n"
    return multipart([part + (b"M" + b"A" * 60 + b"\n") * 160000])


@shape
def yenc_and_pgp():
    return text(b"-----BEGIN PGP MESSAGE-----\n\n" * 300000)


# --- charsets --------------------------------------------------------------------------------

@shape
def utf8_broken():
    return text(b"\xc3\xe2\x82\xff" * (2 * MB))


@shape
def utf7():
    return text(b"+AOkAOkAO-" * MB, charset="utf-7")


@shape
def iso_2022_jp_escapes():
    return text(b"\x1b$B\x1b(B" * MB, charset="iso-2022-jp")


@shape
def gb18030_broken():
    return text(b"\x81\x30\xff" * (3 * MB), charset="gb18030")


@shape
def utf16_odd():
    return text(b"a\0\xd8" * (3 * MB), charset="utf-16")


@shape
def charsets_many():
    return multipart([text("é\n", charset=f"iso-8859-{i % 16}") for i in range(490)])


@shape
def combining():
    """Marks in the wrong order, which normalising has to sort."""
    return text("a" + "\u0327\u0301" * (2 * MB))


@shape
def combining_subject():
    return b"Subject: a" + "\u0327\u0301".encode() * 50000 + b"\n\nx\n"


@shape
def controls():
    return text(bytes(range(32)) * 300000)


# --- HTML ------------------------------------------------------------------------------------

@shape
def html_one_line():
    return text("<p>word <b>bold</b> &eacute; <a href=x>y</a>" * 220000, "html")


@shape
def html_nested():
    return text("<div>" * 2000000, "html")


@shape
def html_quotes_nested():
    return text("<blockquote>" * 100000 + "x" + "<br>y" * 100000, "html")


@shape
def html_lists_nested():
    return text("<ul><li>" * 200000 + "x", "html")


@shape
def html_tables_nested():
    return text("<table><tr><td>" * 150000 + "x", "html")


@shape
def html_table_wide():
    return text("<table><tr>" + "<td>x" * 1500000, "html")


@shape
def html_closing():
    return text("<b><i><u>" * 50000 + "</p></td></div>" * 500000, "html")


@shape
def html_tag_open():
    return text("<a " * 3000000, "html")


@shape
def html_attributes():
    return text("<a" + " a='b'" * 1500000 + ">x</a>", "html")


@shape
def html_style():
    return text(("<p style='" + "color:red;" * 1000 + "'>x") * 900, "html")


@shape
def html_comments_open():
    return text("<!--" * 2500000, "html")


@shape
def html_scripts_open():
    return text("<script>" * 1200000, "html")


@shape
def html_entities():
    return text("&" * (10 * MB), "html")


@shape
def html_pre_spaces():
    return text("<pre>" + (" " * 1000 + "\n") * 9000, "html")


@shape
def html_links():
    return text("<a href='http://x.test/" + "y" * 5000000 + "'>" + "z" * 1000000 + "</a>", "html")


# --- lines and quotes ------------------------------------------------------------------------

@shape
def line_long():
    return text(b"x" * (10 * MB))


@shape
def line_words():
    return text(b"On x wrote: " * 800000)


@shape
def quotes_deep():
    return text((b">" * 5000 + b" x\n") * 200)


@shape
def quotes_alternating():
    return text(b"> quoted\nanswer\n" * 60000)


@shape
def quotes_stairs():
    return text(b"".join(b">" * (i % 70) + b" x\n" for i in range(25000)))


@shape
def attributions():
    return text(b"On Mon, 2 Jun 2025 at 10:00, Zoe <zoe@client.test> wrote:\n" * 17000)


@shape
def attributions_broken():
    return text(b"Le lun. 2 juin 2025 \xc3\xa0 10:00, Zoe\n" * 25000)


@shape
def attribution_endless():
    return text(b"On " + b"Mon, 2 Jun 2025, " * 60000 + b"wrote:\n> x\n")


@shape
def outlook_blocks():
    return text(b"From: Zoe\nSent: Monday\nTo: support\nSubject: x\n\nx\n" * 20000)


@shape
def signatures():
    return text(b"-- \nZoe\n" * 120000)


@shape
def rules():
    return text((b"_" * 70 + b"\n") * 14000)


@shape
def dashes():
    return text(b"-" * MB + b"\n")


@shape
def blanks():
    return text(b" " * MB)


@shape
def blanks_before_line_ends():
    return text((b"x" + b" " * 1000 + b"\n") * 1000)


@shape
def flowed():
    return text(b"x \n" * 340000, more="; format=flowed")


@shape
def flowed_quotes():
    return text(b"".join(b">" * (i % 50) + b" x \n" for i in range(35000)), more="; format=flowed")


@shape
def forwards():
    return text(b"---------- Forwarded message ---------\nFrom: a <a@b.test>\nSubject: x\n\n" * 13000)


# --- reports ---------------------------------------------------------------------------------

def report(status):
    return multipart([text("failed\n"), b"Content-Type: message/delivery-status\n\n" + status],
                     subtype="report; report-type=delivery-status")


@shape
def report_recipients():
    return report(b"Final-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.1.1\n\n" * 60000)


@shape
def report_folded():
    return report(b"Diagnostic-Code: smtp; x\n" + b" y\n" * 2000000)


@shape
def report_prose():
    return (b"From: mailer-daemon@client.test\nSubject: Undelivered Mail Returned to Sender\n\n" +
            b"<a@b.test>: host x said: 550 5.1.1 no\n" * 25000)


# --- files within files ----------------------------------------------------------------------

def encoded(content_type, raw):
    return (f"Content-Type: {content_type}\nContent-Transfer-Encoding: base64\n\n".encode() +
            base64.encodebytes(raw))


def attribute(level, number, raw):
    return bytes([level]) + struct.pack("<HHI", number, 6, len(raw)) + raw + b"\0\0"


def tnef(*attributes):
    return encoded("application/ms-tnef; name=winmail.dat",
                   struct.pack("<IH", 0x223e9f78, 1) + b"".join(attributes))


def compressed_rtf(size):
    """References into the ring, seventeen bytes each."""
    group = b"\xff" + struct.pack(">H", 16 << 4 | 15) * 8
    raw = group * (size // 136)
    return struct.pack("<IIII", len(raw) + 12, size, 0x75465a4c, 0) + raw


def property_of(kind, number, raw):
    return struct.pack("<HHII", kind, number, 1, len(raw)) + raw + b"\0" * (-len(raw) % 4)


def properties(level, number, *values):
    return attribute(level, number, struct.pack("<I", len(values)) + b"".join(values))


@shape
def tnef_rtf_bomb():
    return tnef(properties(1, 0x9003, property_of(0x102, 0x1009, compressed_rtf(20 * MB))))


@shape
def tnef_long_body():
    return tnef(properties(1, 0x9003, property_of(0x1f, 0x1000, b"a\0" * (15 * MB))))


@shape
def tnef_long_name():
    return tnef(attribute(2, 0x9002, b""),
                properties(2, 0x9005, *[property_of(0x1f, 0x3707, b"a\0" * MB)] * 15))


@shape
def tnef_many_files():
    return tnef(*[attribute(2, 0x9002, b"") + attribute(2, 0x800f, b"x") for _ in range(200000)])


@shape
def tnef_one_place():
    """Every file is the whole of the same property."""
    one = properties(2, 0x9005, property_of(0x102, 0x3701, b"x" * 60000))
    return tnef(*[attribute(2, 0x9002, b"") + one for _ in range(490)])


@shape
def rtf_groups():
    rtf = b"{\\rtf1" + b"{\\b" * (2 * MB)
    raw = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414c454d, 0) + rtf
    return tnef(properties(1, 0x9003, property_of(0x102, 0x1009, raw)))


def length_of(n):
    return bytes([0x84]) + struct.pack(">I", n)


SIGNED_DATA = bytes.fromhex("06092a864886f70d010702a080308002010131003080"
                            "06092a864886f70d010701a080")


def opaque(octets):
    return encoded("application/pkcs7-mime; name=smime.p7m", b"\x30\x80" + SIGNED_DATA + octets)


@shape
def smime_parts():
    entity = multipart([b"\nx"] * 100000)
    return opaque(b"\x04" + length_of(len(entity)) + entity)


@shape
def smime_pieces():
    return opaque(b"\x24\x80" + b"\x04\x01a" * (10 * MB))


@shape
def smime_in_smime():
    entity = b"Content-Type: text/plain\n\n" + b"words " * (3 * MB // 2)
    for _ in range(6):
        entity = opaque(b"\x04" + length_of(len(entity)) + entity)
    return entity


@shape
def smime_endless():
    return opaque(b"\x24\x80" * (10 * MB))


@shape
def uuencode_begins():
    return text(b"begin 644 a\n" * (3 * MB))


@shape
def uuencode_files():
    return text(b"begin 644 a\n#8V%T\nend\n" * (2 * MB))


@shape
def pgp_begins():
    return text(b"-----BEGIN PGP SIGNED MESSAGE-----\n" * 30000)


@shape
def pgp_passages():
    return text((b"-----BEGIN PGP SIGNED MESSAGE-----\n\na\n-----BEGIN PGP SIGNATURE-----\n"
                 b"-----END PGP SIGNATURE-----\n") * 9000)


@shape
def cards():
    return text(b"BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:=\n" * 200000, "x-vcard")


def main():
    folder = sys.argv[1]
    for name, make in SHAPES.items():
        with open(os.path.join(folder, name), "wb") as out:
            body = make()
            head = HEAD % name.encode()
            if body.startswith((b"Subject:", b"From:")):
                lines = [l for l in head.splitlines(True) if l[:5] != body[:5]]
                head = b"".join(lines)
            out.write(head + body)


main()
