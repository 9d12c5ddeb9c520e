#!/bin/bash
# Hostile and broken mails: each is taken, ends in one ledger row and harms nothing.
. "$(dirname "$0")/../lib/site.sh"

site_new acme mail.authserv_id=mx.example
mw agent add alice@acme.example --name Alice --queue support >/dev/null || exit 1

rows() { mw ledger --json | wc -l; }
# taken NAME: the mail in $T/mails/NAME is answered with 0 and has one row; its verdict is $verdict.
taken() {
    local before status
    before=$(rows)
    deliver "$T/mails/$1" "$DESK" "${2-stranger@client.test}"
    status=$?
    verdict=$(ledger 'd["verdict"]')
    id=$(ledger 'd["ticket"] or ""')
    is "taken, one ledger row: $1" "$status, $(($(rows) - before))" '0, 1'
}
write() { cat >"$T/mails/$1"; }

# --- file names -----------------------------------------------------------------------------
python3 - >"$T/mails/filenames" <<'END'
import base64
names = [
    'filename="' + "long" * 2560 + '.txt"',
    'filename="../../../../tmp/mailwicket-escape.txt"',
    'filename="C:\\\\windows\\\\win.ini"',
    'filename*=utf-8\'\'%E2%80%8B.htaccess',
    'filename*=utf-8\'\'a%0d%0aX-Injected:%20yes.txt',
    'filename="=?utf-8?q?b=0D=0ABcc:_evil=40evil.test?="',
    'filename="nul\0byte.txt"',
    'filename="<script>alert(1)</script>.html"',
    'filename*=utf-8\'\'%E2%80%AEfdp.exe',
]
out = ["From: Zoe <zoe@client.test>", "To: support@acme.example", "Subject: names",
       "Message-ID: <names@client.test>", "MIME-Version: 1.0",
       'Content-Type: multipart/mixed; boundary="b"', "", "--b",
       "Content-Type: text/plain", "", "see files"]
for n, name in enumerate(names):
    out += ["--b", "Content-Type: text/plain", "Content-Disposition: attachment; " + name,
            "Content-Transfer-Encoding: base64", "", base64.b64encode(b"file %d" % n).decode()]
out += ["--b--", ""]
print("\n".join(out), end="")
END
taken filenames
is 'it is a ticket' "$verdict" ticket
is 'all nine files are there' "$(ticket "$id" 'len(d["messages"][0]["attachments"])')" 9
is 'their contents are what was sent' \
    "$(ticket "$id" 'd["messages"][0]["attachments"][1]["sha256"]')" \
    "$(printf 'file 1' | sha256sum | cut -d' ' -f1)"
is 'no name holds a control character or a direction mark' "$(ticket "$id" '
[a["name"] for a in d["messages"][0]["attachments"]
 if any(ord(c) < 32 or 127 <= ord(c) < 160 or 0x202a <= ord(c) <= 0x202e or 0x2066 <= ord(c) <= 0x2069
        for c in a["name"])]')" '[]'
is 'no name is longer than 255 bytes' \
    "$(ticket "$id" 'max(len(a["name"].encode()) for a in d["messages"][0]["attachments"]) <= 255')" true
is 'no file is ever named by a mail' \
    "$(find "$SITE" /tmp -maxdepth 3 \( -name '*htaccess*' -o -name '*mailwicket-escape*' -o -name 'long*long*' \) 2>/dev/null)" ''

# --- header injection -----------------------------------------------------------------------
mail '=?utf-8?q?Zoe=0D=0ABcc=3A_evil=40evil.test?= <zoe@client.test>' "$DESK" \
    '=?utf-8?q?Panne=0D=0ABcc=3A_evil=40evil.test=0D=0A=0D=0ABody?=' 'Texte.' \
    "$(proven client.test)" | write injection
taken injection
is 'it is a ticket' "$verdict" ticket
notify_once
is 'encoded line breaks become no header of ours' \
    "$(sent_bytes | tr -d '\r' | grep -c -i -E '^(bcc|x-injected):')" 0
is 'nobody else gets the mail' "$(sent_mails | while read -r f; do mail_to "$f"; done | grep -c evil)" 0
is 'titles are one line' "$(ticket "$id" '"\n" in d["title"] or "\r" in d["title"]')" false

# --- no sender, too many senders --------------------------------------------------------------
: | write nothing
taken nothing
is 'an empty mail is held' "$verdict" held
printf 'Subject: only a header' | write unended
taken unended
printf '\n\nonly a body\n' | write headless
taken headless
mail x "$DESK" 'Sans expéditeur' 'Texte.' 'From: ' | grep -v '^From:' | write nofrom
taken nofrom
is 'without From it is held' "$verdict" held
number=0
while IFS= read -r from; do
    number=$((number + 1))
    printf 'Authentication-Results: mx.example; dmarc=pass header.from=acme.example\nReceived: x\n%b\nTo: %s\nSubject: Je suis Alice\nMessage-ID: <alice%s@x.test>\n\nStatus: closed\n' \
        "$from" "$DESK" "$number" | write "from$number"
    taken "from$number"
    unlike "whoever wrote this is not Alice: $from" \
        "$([ "$verdict" = held ] || ticket "$id" 'd["requester"]["address"]')" '^alice@acme\.example$'
    unlike "nor proves to be anybody of this ticket: $from" "$(ledger 'd["proofs"]')" 'secret|confirmation'
done <<'END'
From: alice@acme.example\nFrom: evil@evil.test
From: evil@evil.test, alice@acme.example
From: "alice@acme.example" <evil@evil.test>
From: alice@acme.example <evil@evil.test>
From: team: alice@acme.example, evil@evil.test;
From: alice@acme.example\\000.evil.test
From: alice@acme.example@evil.test
From: <@acme.example:evil@evil.test>
From: аlice@acme.example
From: alıce@acme.example
From: ａlice@acme.example
From: alice@acme。example
END

# --- envelope senders ---------------------------------------------------------------------------
for sender in '-oQ/tmp@x.test' ';id;@x.test' '--recipient=x' '"a b"@x.test' '$(id)@x.test'; do
    mail 'Zoé <zoe@client.test>' "$DESK" 'Expéditeur' "Texte $sender" | write sender
    taken sender "$sender"
    is 'the sender is taken literally' "$(ledger 'd["sender"]')" "$sender"
done

# --- shapes that break parsers --------------------------------------------------------------------
python3 - "$T/mails" <<'END'
import sys
head = "From: Zoe <zoe@client.test>\nTo: support@acme.example\nSubject: shape\nMessage-ID: <%s@client.test>\nMIME-Version: 1.0\n"
def write(name, text):
    with open(f"{sys.argv[1]}/{name}", "wb") as out:
        out.write((head % name).encode() + (text if isinstance(text, bytes) else text.encode()))
write("groups", "Cc: " + "g:" * 40000 + "\n\nbody\n")
write("commas", "Cc: " + "a," * 50000 + "\n\nbody\n")
write("fields", "X-A: b\n" * 100000 + "\nbody\n")
write("longline", "X-A: " + "b" * 3000000 + "\n\nbody\n")
write("nested", "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(5000)) + "\nbody\n")
write("parts", "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\n\n" * 100000 + "--b--\n")
write("rfc822", "Content-Type: message/rfc822\n\n" * 3000 + "body\n")
write("noboundary", "Content-Type: multipart/mixed\n\nbody\n")
write("parameters", "Content-Type: text/plain" + "".join(f"; p{i}=v" for i in range(8000)) + "\n\nbody\n")
write("charset", b"Content-Type: text/plain; charset=x-klingon\n\ncaf\xe9 \xff\xfe\n")
write("nul", b"Content-Type: text/plain; charset=utf-8\n\nbefore\0after\n")
write("badbase64", "Content-Transfer-Encoding: base64\n\n=SGVs=bG8*&^%\n")
write("bodyline", "\n" + "x" * 3000000)
write("html", "Content-Type: text/html; charset=utf-8\n\n" + "<div>" * 100000 + "deep</div>\n")
write("crs", b"\n" + b"\r" * 10000 + b"\n.\n..\n")
END
for name in groups commas fields longline nested parts rfc822 noboundary parameters charset nul \
    badbase64 bodyline html crs; do
    SECONDS=0
    taken "$name"
    ok "long before Postfix loses patience: $name" test "$SECONDS" -le 40
    ok "explain understands it too: $name" mw explain --json "$T/mails/$name"
done
mail 'Zoé <zoe@client.test>' "$DESK" 'Après' 'Toujours là ?' "$(proven client.test)" | write after
taken after
is 'the next mail is served as ever' "$verdict" ticket
deliver "$T/mails/nul"
is 'what stands behind a NUL is kept' \
    "$(mw ledger --json | json '[r["ticket"] for r in all if "nul@client" in r["message_id"]][0]' |
        while read -r id; do ticket "$id" '"after" in d["messages"][0]["text"]'; done)" true

# --- more shapes, all of them within the time and memory that one mail may take --------------------
plain=${MAILWICKET_RELEASE:-$BUILD}
if grep -q -a __asan_init "$plain/mailwicket"; then
    diag 'time and memory of the shapes: not measured, this is the sanitizer build'
else
    mkdir "$T/shapes"
    python3 "$TESTS/lib/shapes.py" "$T/shapes"
    # A line a mail that takes more than it may: its name, seconds, megabytes.
    excess=$(python3 "$TESTS/lib/weigh.py" 2 256 "$plain/mailwicket" explain --json -- "$T/shapes"/*)
    is 'no shape takes more than 2 s or 256 MB to read, and each is explained' "$excess" ''
fi

# --- caps -------------------------------------------------------------------------------------------
# A mail over a cap is kept whole, with the reason, and its header still says where it belongs.
site_new caps mail.authserv_id=mx.example limits.header_bytes=4K limits.header_fields=40 \
    limits.address_bytes=600 limits.parts=5 limits.depth=3
mail 'Zoé <zoe@client.test>' "$DESK" 'Imprimante' 'Elle clignote.' "$(proven client.test)" \
    'Message-ID: <first@client.test>' | write first
taken first zoe@client.test
notify_once
subject=$(python3 "$TESTS/lib/mail.py" header Subject "$(last_sent zoe@client.test)")
secret=$(mail_reply_to "$(last_sent zoe@client.test)")
of() { # COUNT TEXT [END]: the text, so many times
    python3 -c 'import sys; print(sys.argv[2] * int(sys.argv[1]) + "".join(sys.argv[3:]))' "$@"
}
over() { # NAME REASON HEADER BODY
    mail 'Zoé <zoe@client.test>' "$secret" "Re: $subject" "$4" "$(proven client.test)" \
        "Message-ID: <$1@client.test>" "$3" | write "over-$1"
    taken "over-$1" zoe@client.test
    is "unparsed, into the ticket it answers: $1" \
        "$verdict, $id, $(ledger 'd["message_id"]')" "unparsed, SUP-1, $1@client.test"
    like 'the ledger says which cap' "$(ledger 'd["reason"]')" "^$2"
    like 'so does explain, which still knows the sender' "$(mw explain --json "$T/mails/over-$1" |
        json 'd["why"] + " " + d["from"][0]["address"] + " " + d["subject"]')" \
        "^$2 zoe@client.test Re: .*Imprimante"
}
over bytes 'a header of more than 4096 bytes' "X-Long:$(of 1000 $' mot\n')" rouge
over fields 'more than 40 header fields' "$(of 40 $'X-Many: 1\n')" rouge
over address 'an address field of more than 600 bytes' "Cc: $(of 60 'a@b.test, ' c@d.test)" rouge
nest='Content-Type: multipart/mixed; boundary=b'
over parts 'more than 5 parts' "$nest" "$(of 6 $'--b\n\nx\n')"
over depth 'parts nested more than 3 deep' "$nest" "$(of 4 $'--b\n'"$nest"$'\n\n')"
is 'all of them are in the one ticket' \
    "$(mw ticket list --all --json | json 'len(all)'), $(ticket SUP-1 'len(d["messages"])')" '1, 6'
mail 'Zoé <zoe@client.test>' "$secret" "Re: $subject" 'Sous les limites.' "$(proven client.test)" |
    write under
taken under zoe@client.test
is 'what is under the caps is parsed' "$verdict, $id" 'reply, SUP-1'
site_use acme

# --- size -----------------------------------------------------------------------------------------
{
    mail 'Zoé <zoe@client.test>' "$DESK" 'Gros' "--b
Content-Type: text/plain

Voici le fichier.
--b
Content-Type: application/zip; name=gros.zip
Content-Disposition: attachment; filename=gros.zip
Content-Transfer-Encoding: base64
" 'Content-Type: multipart/mixed; boundary=b'
    head -c 36000000 /dev/zero | openssl enc -aes-128-ctr -K 00 -iv 00 2>/dev/null | base64
    echo '--b--'
} | write big
if grep -q -a __asan_init "$plain/mailwicket-mda"; then
    taken big
    diag 'memory of the 50 MB mail: not measured, this is the sanitizer build'
else
    install -m 755 "$plain/mailwicket-mda" "$T/bin/mailwicket-mda-plain"
    cat >"$T/bin/peak" <<'END'
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:]).returncode
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
    before=$(rows)
    read -r status peak < <(as_desk python3 "$T/bin/peak" "$T/bin/mailwicket-mda-plain" \
        --sender zoe@client.test --recipient "$DESK" <"$T/mails/big")
    is 'taken, one ledger row: big' "$status, $(($(rows) - before))" '0, 1'
    ok "a mail of 50 MB takes less than 16 MB of memory ($peak kB)" test "$peak" -lt 16384
fi
is 'the file of the 50 MB mail is whole' \
    "$(ticket "$(ledger 'd["ticket"]')" 'd["messages"][0]["attachments"][0]["size"]')" 36000000
{ cat "$T/mails/big"; head -c 6000000 /dev/zero | tr '\0' '\n'; } | write toobig
deliver "$T/mails/toobig"
is 'a mail over message_bytes is refused with 65' "$?, $(ledger 'd["verdict"]')" '65, refused'
is 'silently' "$(cat "$SITE/mda.out")" ''
deliver "$T/mails/after" nobody@acme.example
is 'an unknown recipient is refused with 67' "$?, $(ledger 'd["verdict"]')" '67, refused'

is 'the database is sound' "$(as_desk sqlite3 "$SITE/data/mailwicket.db" 'PRAGMA integrity_check')" ok
finish
