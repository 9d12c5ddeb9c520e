"""Fills in a mail of the demo: fill.py TEMPLATE [NOTIFICATION], to standard output.

What a mail client copies from the mail that is answered (addresses, subject, thread, quoted
words) is taken from NOTIFICATION, a mail that the desk really sent.
"""

import email
import email.header
import email.policy
import email.utils
import html
import sys
import time

DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
).split()


def decoded(value):
    return str(email.header.make_header(email.header.decode_header(" ".join(value.split()))))


def text_of(message):
    for part in message.walk():
        if part.get_content_type() == "text/plain" and not part.get_filename():
            body = part.get_payload(decode=True).decode(part.get_content_charset() or "utf-8")
            return body.replace("\r\n", "\n").rstrip("\n")
    return ""


def main(template, notification=None):
    now = time.localtime()
    words = {
        "DATE": email.utils.formatdate(localtime=True),
        "DATE_FR": f"{DAYS[now.tm_wday]} {now.tm_mday} {MONTHS[now.tm_mon - 1]} {now.tm_year} "
        f"{now.tm_hour:02}:{now.tm_min:02}",
    }
    if notification:
        with open(notification, "rb") as file:
            message = email.message_from_binary_file(file, policy=email.policy.compat32)
        text = text_of(message)
        sender = decoded(message["From"])
        subject = decoded(message["Subject"])
        words |= {
            "REPLY_TO": email.utils.parseaddr(message["Reply-To"] or message["From"])[1],
            "MESSAGE_ID": message["Message-ID"],
            "REFERENCES": " ".join(
                f"{message['References'] or ''} {message['Message-ID']}".split()
            ).replace(" ", "\n\t"),
            # Clients answer with one "Re:", however often it was answered before.
            "SUBJECT": " ".join(message["Subject"].split()).removeprefix("Re: "),
            "SUBJECT_TEXT": subject,
            "SUBJECT_HTML": html.escape(subject),
            "FROM": sender,
            "FROM_HTML": html.escape(sender),
            "TEXT": text,
            "QUOTED": "\n".join(f"> {line}" if line else ">" for line in text.split("\n")),
            "TEXT_HTML": "\n".join(
                f'<p class="MsoNormal">{html.escape(line) or "<o:p>&nbsp;</o:p>"}</p>'
                for line in text.split("\n")
            ),
        }
    with open(template, encoding="utf-8") as file:
        mail = file.read()
    for name, value in words.items():
        mail = mail.replace(f"@{name}@", value)
    sys.stdout.buffer.write(mail.encode("utf-8"))


main(*sys.argv[1:])
