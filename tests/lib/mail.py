"""Reads a mail for shell tests.

mail.py header NAME FILE    each occurrence, decoded, on a line of its own
mail.py raw NAME FILE       the first occurrence as it stands, unfolded
mail.py address NAME FILE   the first address of that header
mail.py text FILE           the first text/plain part, decoded
mail.py all FILE            headers and every text part, decoded
mail.py parts FILE          "TYPE NAME SHA256" of every leaf part
mail.py part TYPE FILE      the decoded bytes of the first part of that type
"""

import email
import email.header
import email.policy
import email.utils
import hashlib
import sys


def decoded(value):
    try:
        text = str(email.header.make_header(email.header.decode_header(value)))
    except (LookupError, UnicodeError):
        text = value
    return " ".join(text.split())


def leaves(message):
    return [part for part in message.walk() if not part.is_multipart()]


def text_of(part):
    return part.get_payload(decode=True).decode(
        part.get_content_charset() or "utf-8", "replace"
    )


def main(what, *rest):
    with open(rest[-1], "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.compat32)
    if what == "header":
        for value in message.get_all(rest[0], []):
            print(decoded(str(value)))
    elif what == "raw":
        print(" ".join(str(message.get(rest[0], "")).split()))
    elif what == "address":
        pairs = email.utils.getaddresses([str(v) for v in message.get_all(rest[0], [])])
        print(pairs[0][1] if pairs else "")
    elif what == "text":
        for part in leaves(message):
            if part.get_content_type() == "text/plain":
                print(text_of(part))
                break
    elif what == "all":
        for name, value in message.items():
            print(f"{name}: {decoded(str(value))}")
        for part in leaves(message):
            if part.get_content_maintype() == "text":
                print(text_of(part))
    elif what == "parts":
        for part in leaves(message):
            digest = hashlib.sha256(part.get_payload(decode=True)).hexdigest()
            print(part.get_content_type(), part.get_filename() or "-", digest)
    elif what == "part":
        for part in leaves(message):
            if part.get_content_type() == rest[0]:
                sys.stdout.buffer.write(part.get_payload(decode=True))
                break


main(*sys.argv[1:])
