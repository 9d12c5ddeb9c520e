#!/usr/bin/env python3
"""Turns generated mails into mails for the desk.

  mails.py LIST FROM COUNT DIR [--replies SENT] [--races]

Reads COUNT mails of LIST (a file of paths), writes them to DIR and prints a line for each:
"PATH SERIAL TICKET", TICKET being the number of the ticket it must enter, 0 for a new one.
On top of each stands its serial, by which it is known again in the database, and our mail
server's word that the sender is who he says. What the mails say of another system's tickets and
threads goes.

--replies SENT: every fourth answers one of the acknowledgements in the Maildir SENT, from its
reader and with its subject. --races: eight mails in a row come from one new sender."""
import argparse
import email
import email.policy
import pathlib
import re

SUBJECT = re.compile(rb"\[[A-Z]+-(\d+)-[0-9a-z]+\]")


def acknowledgements(maildir):
    """(address, subject, number) of every mail to a customer, in a steady order."""
    found = []
    for path in sorted(maildir.rglob("new/*")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        subject = str(mail["Subject"]).encode()
        token = SUBJECT.search(subject)
        if token and mail["To"].addresses[0].domain.startswith("cust"):
            found.append((mail["To"].addresses[0].addr_spec.encode(), subject, int(token[1])))
    return found


def fields(head):
    return re.split(rb"\n(?![ \t])", head)


def rewrite(raw, serial, sender=None, subject=None):
    head, body = raw.split(b"\n\n", 1)
    kept = []
    for field in fields(head):
        name = field.split(b":", 1)[0].lower()
        if name in (b"in-reply-to", b"references"):
            continue
        if name == b"subject":
            field = b"Subject: " + subject if subject else re.sub(rb"Re: \[\S+ #\d+\] ", b"", field)
        if name == b"from":
            if sender:
                field = b"From: <" + sender + b">"
            domain = re.search(rb"@([^>]*)", field)[1]
        kept.append(field)
    ours = [b"X-Bench-Serial: %06d" % serial,
            b"Authentication-Results: mx.example; dmarc=pass header.from=" + domain]
    return b"\n".join(ours + kept) + b"\n\n" + body


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("list", type=pathlib.Path)
    arguments.add_argument("start", type=int)
    arguments.add_argument("count", type=int)
    arguments.add_argument("dir", type=pathlib.Path)
    arguments.add_argument("--replies", type=pathlib.Path)
    arguments.add_argument("--races", action="store_true")
    a = arguments.parse_args()

    a.dir.mkdir(parents=True, exist_ok=True)
    paths = a.list.read_text().splitlines()[a.start:a.start + a.count]
    threads = acknowledgements(a.replies) if a.replies else []
    for serial, path in enumerate(paths, a.start):
        sender = subject = None
        number = 0
        if a.races:
            sender = b"racer%d@cust.test" % (serial // 8)
        if threads and serial % 4 == 3:
            sender, subject, number = threads[serial // 4 % len(threads)]
            subject = b"Re: " + subject
        out = a.dir / pathlib.Path(path).name
        out.write_bytes(rewrite(pathlib.Path(path).read_bytes(), serial, sender, subject))
        print(out, serial, number)


main()
