#!/bin/bash
# The transcript: what arrives at the archive and at the requester when a ticket is closed, and
# what the command line writes. What is in a file is asked of a parser, not of its text.
. "$(dirname "$0")/../lib/site.sh"

site_new acme mail.authserv_id=mx.example
mw agent add alice@acme.example --name 'Alice Durand' --queue support >/dev/null || exit 1

# read_html FILE: what is in it, in the array H: `text`, what a reader sees; `tags`, all elements
# but those that only part words; `handlers`, attributes that run, fetch or lead somewhere;
# `images`, the beginning of each; `policy`; `classes`, `first` and `count` of messages; `events`.
declare -A H
read_html() {
    local name value
    H=()
    while IFS= read -r -d '' name && IFS= read -r -d '' value; do
        H[$name]=$value
    done < <(python3 - "$1" <<'END'
import html.parser, sys

PLAIN = "b bdi p li ol ul dl dt dd div span time small details summary q".split()
LEADING = "href srcset action style ping formaction data".split()

class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text, self.messages, self.classes = [], [], [], []
        self.events, self.into, self.style = [], None, False

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.style |= tag == "style"
        names = dict(attributes).get("class") or ""
        if tag == "li" and names.startswith("msg"):
            self.into = self.messages
            self.classes.append(names)
            self.into.append([])
        elif tag == "li" and names == "event":
            self.into = self.events
            self.into.append([])

    def handle_endtag(self, tag):
        self.style &= tag != "style"
        if tag == "ol":
            self.into = None

    def handle_data(self, data):
        if not self.style:
            self.text.append(data)
            if self.into:
                self.into[-1].append(data)

def words(pieces):
    return " ".join(" ".join(pieces).split())

page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
attributes = [(n, v) for t, a in page.tags for n, v in a.items()]
found = {
    "text": words(page.text),
    "language": dict(page.tags)["html"]["lang"],
    "tags": " ".join(sorted({t for t, a in page.tags} - set(PLAIN))),
    "handlers": " ".join(n for n, v in attributes if n.startswith("on") or n in LEADING),
    "images": " ".join(a["src"].split(",")[0] for t, a in page.tags if t == "img"),
    "policy": " ".join(a["content"] for t, a in page.tags if "http-equiv" in a),
    "classes": ", ".join(page.classes),
    "count": str(len(page.messages)),
    "first": words(page.messages[0]),
    "events": " | ".join(words(e) for e in page.events),
}
sys.stdout.write("".join(f"{name}\0{value}\0" for name, value in found.items()))
END
    )
}

# The mail to ADDRESS that carries a transcript, and the file in it.
carrier() { # ADDRESS
    sent_mails "$1" | tail -1
}
unpack() { # ADDRESS FILE
    python3 - "$(carrier "$1")" "$2" <<'END'
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
parts = [p for p in mail.iter_attachments()]
print(len(parts), parts[0].get_content_type(), parts[0].get_content_charset(), parts[0].get_filename())
open(sys.argv[2], "wb").write(parts[0].get_payload(decode=True))
END
}

# --- a ticket with everything in it -------------------------------------------------------------
png=iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
mail '=?utf-8?b?Wm/DqSA8Yj5NYXJ0aW48L2I+?= <zoe@client.test>' "$DESK" \
    'Panne <script>alert(1)</script> & "co"' "--b
Content-Type: text/plain; charset=utf-8

Bonjour <img src=x onerror=alert(2)>
voir https://exemple.test/?a=1&b=2

Second paragraphe </p></li><script>alert(3)</script>

--b
Content-Type: image/png; name=\"écran.png\"
Content-Disposition: attachment; filename=\"ecran.png\"
Content-Transfer-Encoding: base64

$png
--b
Content-Type: image/png; name=\"faux.png\"
Content-Disposition: attachment; filename=\"faux.png\"

<script>alert(4)</script>
--b
Content-Type: application/pdf; name=\"devis.pdf\"
Content-Disposition: attachment; filename=\"devis.pdf\"

un devis
--b--" 'Content-Type: multipart/mixed; boundary=b' "$(proven client.test)" >"$T/mails/question"
deliver "$T/mails/question" || exit 1
notify_once
cp "$(sent_mails alice@acme.example | head -1)" "$T/told"
told=$T/told
answer "$told" 'Alice <alice@acme.example>' 'REPONSE-PUBLIQUE' "$(proven acme.example)" >"$T/mails/answer"
deliver "$T/mails/answer" "$(mail_reply_to "$told")"
is 'the technician answers' "$(ledger 'd["verdict"]')" reply
answer "$told" 'Evil <evil@evil.test>' 'TEXTE-RETENU' "$(proven evil.test)" >"$T/mails/held"
deliver "$T/mails/held" "$(mail_reply_to "$told")"
is 'a stranger’s mail is held' "$(ledger 'd["verdict"]')" held
notify_once
held=$(last_sent alice@acme.example)
answer "$held" 'Alice <alice@acme.example>' 'NOTE-INTERNE' "$(proven acme.example)" >"$T/mails/note"
deliver "$T/mails/note" "$(mail_reply_to "$held")"
is 'the technician notes' "$(ledger 'd["verdict"]')" note
mw ticket set SUP-1 --assign alice@acme.example --priority high
notify_once

# --- closing ------------------------------------------------------------------------------------
sent_clear
mw ticket set SUP-1 --status closed
notify_once
is 'closing sends no transcript where none is wanted' "$(mw outbox list --json | json '[r["kind"] for r in all].count("transcript")')" 0
mw ticket set SUP-1 --status open
notify_once
nok 'an archive is no address of ours' mw queue set support --archive "$DESK"
nok 'nor any word' mw queue set support --archive here
nok 'yes or no' mw queue set support --transcript perhaps
ok 'the queue gets an archive' mw queue set support --archive archive@acme.example --transcript yes
like 'which its list shows' "$(mw queue list)" 'transcripts to archive@acme.example and the requester'
is 'and its JSON' "$(mw queue list --json | json 'd["archive"], d["transcript"]')" '["archive@acme.example", true]'

sent_clear
mw ticket set SUP-1 --status resolved
notify_once
is 'resolving sends none' "$(mw outbox list --json | json '[r["kind"] for r in all].count("transcript")')" 0
sent_clear
mw ticket set SUP-1 --status closed
notify_once
is 'closing sends one mail to the archive, one to the requester' \
    "$(sent_count archive@acme.example), $(sent_count zoe@client.test)" '1, 1'
is 'its file is an HTML file named for the ticket' "$(unpack archive@acme.example "$T/all.html")" \
    '1 text/html utf-8 SUP-1.html'
is 'so is the requester’s' "$(unpack zoe@client.test "$T/some.html")" '1 text/html utf-8 SUP-1.html'

# --- the archive's --------------------------------------------------------------------------------
mail=$(carrier archive@acme.example)
is 'the archive is written from the desk, to answer to the desk' "$(mail_reply_to "$mail")" "$DESK"
unlike 'it gets no secret and no link' "$(mail_all "$mail")" 'support\+r[0-9]|/ticket/[0-9a-z]'
is 'not even a page that nobody has' "$(as_desk sqlite3 -readonly "$SITE/data/mailwicket.db" \
    "SELECT count(*) FROM link JOIN address USING (person) WHERE key = 'archive@acme.example'")" 0
like 'it is told what it is' "$(mail_text "$mail")" 'Cette adresse reçoit les tickets fermés de la file support'
is 'who takes part does not change' "$(ticket SUP-1 'len(d["watchers"])')" 0
read_html "$T/all.html"
is 'the archive sees notes and held mail, marked' "${H[classes]}" 'msg, msg desk, msg held, msg desk note'
like 'all of it' "${H[text]}" 'REPONSE-PUBLIQUE.*TEXTE-RETENU.*NOTE-INTERNE'
like 'with what happened between' "${H[events]}" \
    'Priorité : normale → haute.*confié à Alice Durand.*État : résolu → fermé'

# --- the requester's --------------------------------------------------------------------------------
mail=$(carrier zoe@client.test)
text=$(mail_text "$mail")
like 'the mail says that the ticket is closed' "$text" 'Son statut a changé.: fermé'
like 'and names the file' "$text" 'Transcription.: SUP-1.html \('
is 'they are told in one mail' \
    "$(mw outbox list --json | json '[r["kind"] for r in all][-2:]')" '["transcript", "transcript"]'
read_html "$T/some.html"
is 'the requester sees no note and nothing held' "${H[classes]}" 'msg, msg desk'
unlike 'not a word of them' "$(cat "$T/some.html")" 'TEXTE-RETENU|NOTE-INTERNE|evil'
like 'but the answer' "${H[text]}" 'REPONSE-PUBLIQUE'

# --- the file itself --------------------------------------------------------------------------------
for file in all some; do
    read_html "$T/$file.html"
    is "$file: only these elements, whatever a sender wrote" "${H[tags]}" \
        'body figcaption figure footer h1 head header html img main meta style title'
    is 'nothing that runs, fetches or leads somewhere' "${H[handlers]}" ''
    is 'one picture, by its first bytes' "${H[images]}" 'data:image/png;base64'
    like 'what is none is listed' "${H[first]}" 'faux.png .*devis.pdf'
    like 'hostile text is text' "${H[first]}" 'Bonjour <img src=x onerror=alert\(2\)>'
    like 'and the title' "${H[text]}" 'SUP-1 · fermé Panne <script>alert\(1\)</script> & "co"'
    like 'a strict policy' "${H[policy]}" "default-src 'none'; img-src data:"
    like 'it says how long it took' "${H[text]}" 'Première réponse .* après .* Résolu .* en '
    unlike 'no reply address, no link of ours' "$(cat "$T/$file.html")" \
        'support\+r|support%2Br|/ticket/[0-9a-z]'
done

# --- the archive is no participant ----------------------------------------------------------------------
sent_clear
mw ticket set SUP-1 --status open
answer "$told" 'Alice <alice@acme.example>' 'SUITE' "$(proven acme.example)" >"$T/mails/more"
deliver "$T/mails/more" "$(mail_reply_to "$told")"
notify_once
is 'what goes on is not told to the archive' "$(sent_count archive@acme.example)" 0

# --- stored as it was sent ------------------------------------------------------------------------------
last=$(mw outbox list --json | json '[r["id"] for r in all if r["kind"] == "transcript"][-1]')
like 'it stands in the outbox' "$(mw outbox show "$last")" 'SUP-1\.html'

# --- too long ----------------------------------------------------------------------------------------------
site_set limits.outgoing_attachment_bytes=4K
sent_clear
mw ticket set SUP-1 --status closed
notify_once
mail=$(carrier zoe@client.test)
is 'too long a transcript does not travel' "$(python3 "$TESTS/lib/mail.py" parts "$mail" | grep -c SUP-1)" 0
text=$(mail_text "$mail")
like 'the mail says so' "$text" 'trop long pour être joint'
like 'and leads to the page' "$text" 'Voir ma demande.: https://desk.acme.example/ticket/[0-9a-z]'
like 'the archive learns how to get it' "$(mail_text "$(carrier archive@acme.example)")" 'mailwicket transcript SUP-1'

# --- on the command line --------------------------------------------------------------------------------
mw transcript SUP-1 >"$T/admin.html"
read_html "$T/admin.html"
is 'the command line shows all, in the ticket’s language' "${H[count]} ${H[language]}" '5 fr'
mw transcript sup-1 --for zoe@client.test >"$T/zoe.html"
unlike 'or what somebody may see' "$(cat "$T/zoe.html")" 'TEXTE-RETENU|NOTE-INTERNE'
is 'nobody else' "$(mw transcript SUP-1 --for evil@evil.test 2>&1 >/dev/null; echo $?)" \
    "mailwicket: evil@evil.test takes no part in the ticket: its requester, watchers and the people of the desk may see it
1"
is 'not the archive either: it is sent what it gets' \
    "$(mw transcript SUP-1 --for archive@acme.example >/dev/null 2>&1; echo $?)" 1
mkdir -m 777 "$T/written"
ok 'into a file' mw transcript SUP-1 --output "$T/written/one.html"
is 'of its owner alone' "$(stat -c %a "$T/written/one.html")" 600
read_html "$T/written/one.html"
is 'with the same in it' "${H[count]}" 5
nok 'an unknown ticket' mw transcript SUP-9 --output "$T/written/two.html"
nok 'leaves no file' test -e "$T/written/two.html"
mw queue set support --archive none --transcript no
is 'an archive can be taken away' "$(mw queue list --json | json 'd["archive"], d["transcript"]')" '[null, false]'

# --- in English ---------------------------------------------------------------------------------------------
mw queue add desk --address desk@acme.example --prefix ENG --language en --transcript yes
mail 'Sam <sam@client.test>' desk@acme.example 'Broken' 'It is red.' "$(proven client.test)" >"$T/mails/english"
deliver "$T/mails/english" desk@acme.example
mw ticket set ENG-1 --status resolved
site_set limits.outgoing_attachment_bytes=
mw ticket set ENG-1 --status closed
notify_once
unpack sam@client.test "$T/english.html" >/dev/null
read_html "$T/english.html"
like 'in English for who reads English' "${H[text]}" \
    'Asked by Sam .*Resolved .* in less than a minute .*State: resolved → closed'
like 'the mail, too' "$(mail_text "$(carrier sam@client.test)")" 'Its status changed: closed'

finish
