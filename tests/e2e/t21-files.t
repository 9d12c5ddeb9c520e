#!/bin/bash
# Files within files: winmail.dat, opaque S/MIME, uuencode in a text. They stand on the page and in
# the team's mail as what they are, byte for byte.
. "$(dirname "$0")/../lib/site.sh"

site_new acme mail.authserv_id=mx.example
mw agent add alice@acme.example --name 'Alice Durand' --queue support >/dev/null || exit 1
plan="$T/Plan du bâtiment.pdf"
head -c 200000 /dev/urandom >"$plan"
sum=$(sha256sum <"$plan" | cut -d' ' -f1)

# one NAME FILE TYPE: sends FILE as the whole of a mail.
one() {
    mail 'Zoé <zoe@client.test>' "$DESK" "$1" "$(base64 "$2")" "$(proven client.test)" \
        "Content-Type: $3" 'Content-Transfer-Encoding: base64' >"$T/mails/$1"
    deliver "$T/mails/$1"
}

page_start || exit 1
# looks NAME WORDS TICKET: what became of it.
looks() {
    local name=$1 words=$2 id=$3 mine='[a for a in d["messages"][0]["attachments"] if a["name"].endswith("ment.pdf")][0]'
    is "$name: its text is read" "$(ticket "$id" 'd["messages"][0]["text"].strip()')" "$words"
    is "$name: the file is told by its name and size" "$(ticket "$id" "$mine[\"size\"]")" 200000
    is "$name: and by what is in it" "$(ticket "$id" "$mine[\"sha256\"]")" "$sum"
    local file
    file=$(page "$(link "$id")" | grep -o 'href="[^"]*\.pdf"' | head -1 | sed 's/href="//; s/"$//; s/&amp;/\&/g')
    is "$name: the page gives it" "$(page "$file" | sha256sum | cut -d' ' -f1)" "$sum"
    sent_clear
    notify_once
    like "$name: the team gets it" "$(python3 "$TESTS/lib/mail.py" parts "$(last_sent alice@acme.example)")" "$sum"
}

python3 "$TESTS/lib/nested.py" tnef "$plan" >"$T/winmail.dat"
one winmail "$T/winmail.dat" 'application/ms-tnef; name=winmail.dat'
looks 'winmail.dat' 'Le plan, comme promis.' SUP-1
unlike 'nobody sees a winmail.dat' "$(ticket SUP-1 'd["messages"][0]["attachments"]')" winmail

python3 "$TESTS/lib/nested.py" p7m "$plan" >"$T/smime.p7m"
one smime "$T/smime.p7m" 'application/pkcs7-mime; name=smime.p7m; smime-type=signed-data'
looks 'S/MIME' 'Le plan, signé.' SUP-2
like 'the signature is kept' "$(ticket SUP-2 'd["messages"][0]["attachments"]')" 'smime\.p7m'

{
    echo 'Le plan, à l’ancienne.'
    python3 -c '
import binascii, sys
raw = open(sys.argv[1], "rb").read()
print("begin 644 batiment.pdf")
for at in range(0, len(raw), 45):
    sys.stdout.write(binascii.b2a_uu(raw[at:at + 45]).decode())
print("`\nend")' "$plan"
} >"$T/uuencoded"
one uuencode "$T/uuencoded" 'text/plain; charset=utf-8'
looks 'uuencode' 'Le plan, à l’ancienne.' SUP-3

finish
