"""Tells in plain words what the demo did: tell.py LANGUAGE arrived|decided|sent …

    arrived FILE EXPLAINED     what came in, and how it is understood (mailwicket explain --json)
    decided LEDGER             the last line of mailwicket ledger --json
    sent FILE…                 the mails that went out
"""

import email
import email.header
import email.policy
import json
import sys
import textwrap

WORDS = {
    "from": ("From", "De"),
    "subject": ("Subject", "Objet"),
    "file": ("File", "Fichier"),
    "wrote": ("Wrote", "Texte"),
    "quoted": ("{} quoted lines are set aside, one click away", "{} lignes citées sont mises de côté, à un clic"),
    "attached": ("Attached", "Joint"),
    "decided": ("Decided", "Décision"),
    "why": ("Why", "Pourquoi"),
    "sent": ("Sent to", "Envoyé à"),
    "nothing": ("Nothing goes out.", "Rien ne part."),
    "proofs": ("proven by {}", "preuve : {}"),
    "unproven": ("nothing proven", "rien de prouvé"),
    "bytes": ("{:,} bytes", "{:,} octets"),
}
VERDICTS = {
    "ticket": ("a new ticket, {}", "une nouvelle demande, {}"),
    "reply": ("a public reply in {}", "une réponse publique dans {}"),
    "note": ("an internal note in {}", "une note interne dans {}"),
    "held": ("held for the desk to look at", "retenu, le guichet doit regarder"),
    "auto-reply": (
        "an automatic reply, kept in {} for the desk; nobody is written to",
        "une réponse automatique, gardée dans {} pour le guichet ; personne n’est prévenu",
    ),
}
PROOFS = {
    "secret": ("the secret reply address", "l’adresse de réponse secrète"),
    "domain": ("the sender's mail domain (DMARC)", "le domaine de l’expéditeur (DMARC)"),
    "token": ("the token in the subject", "le jeton de l’objet"),
    "message-id": ("a Message-ID of ours", "un Message-ID de chez nous"),
    "confirmation": ("a confirmation", "une confirmation"),
}


REASONS = {
    "a new ticket": "une demande nouvelle",
    "an agent's answer": "la réponse de quelqu’un du guichet",
    "a participant's reply": "la réponse de quelqu’un qui prend part à la demande",
    "machine mail:": "courrier automatique :",
}


def say(label, text):
    print(f"   {label:<9} {text}")


def arrived(path, explained):
    mail = json.loads(open(explained, encoding="utf-8").readlines()[-1])
    sender = mail["from"][0]
    say(word("from"), f"{sender['name']} <{sender['address']}>")
    say(word("subject"), mail["subject"])
    label = word("wrote")
    for line in mail["reply"].strip().splitlines():
        for piece in textwrap.wrap(line, 84):
            say(label, piece)
            label = ""
    quoted = [line for line in mail["quoted"].splitlines() if line.strip()]
    if quoted:
        say("", "(" + word("quoted").format(len(quoted)) + ")")
    for file in mail["attachments"]:
        size = word("bytes").format(file["size"]).replace(",", " ")
        say(word("attached"), f"{file['name']}, {file['type']}, {size}")
    say(word("file"), path)


def decided(ledger):
    row = json.loads(open(ledger, encoding="utf-8").readlines()[-1])
    text = VERDICTS.get(row["verdict"], (row["verdict"],) * 2)[FRENCH]
    say(word("decided"), text.format(row["ticket"]))
    proofs = [PROOFS[name][FRENCH] for name in row["proofs"]]
    proven = word("proofs").format(", ".join(proofs)) if proofs else word("unproven")
    reason = row["reason"]
    if FRENCH:
        for english, french in REASONS.items():
            reason = reason.replace(english, french)
    say(word("why"), f"{reason} ({proven})")


def sent(*paths):
    if not paths:
        say(word("sent"), word("nothing"))
    for path in paths:
        with open(path, "rb") as file:
            mail = email.message_from_binary_file(file, policy=email.policy.compat32)
        say(word("sent"), f"{decoded(mail['To'])} – {decoded(mail['Subject'])}")
        say("", path)


def decoded(value):
    return str(email.header.make_header(email.header.decode_header(" ".join(value.split()))))


def word(name):
    return WORDS[name][FRENCH]


FRENCH = sys.argv[1] == "fr"
{"arrived": arrived, "decided": decided, "sent": sent}[sys.argv[2]](*sys.argv[3:])
