#!/bin/bash
# The page: what a customer sees, what nobody else finds, and the headers that keep it private.
. "$(dirname "$0")/../lib/site.sh"

site_new acme mail.authserv_id=mx.example
mw agent add alice@acme.example --name 'Alice Durand' --queue support >/dev/null || exit 1

printf '<script>alert(1)</script>' >"$T/evil.html"
mail '=?utf-8?b?Wm/DqSA8Yj5NYXJ0aW48L2I+?= <zoe@client.test>' "$DESK" \
    'Panne <script>alert(2)</script> & "co"' "--b
Content-Type: text/plain; charset=utf-8

Bonjour <img src=x onerror=alert(3)>
voir https://exemple.test/?a=1&b=2 et javascript:alert(4)

--b
Content-Type: text/html; name=\"plan.html\"
Content-Disposition: attachment; filename=\"plan.html\"
Content-Transfer-Encoding: base64

$(base64 "$T/evil.html")
--b--" 'Content-Type: multipart/mixed; boundary=b' "$(proven client.test)" >"$T/mails/question"
deliver "$T/mails/question" || exit 1
mail 'Yann <yann@other.test>' "$DESK" 'Autre ticket' 'SECRET-DE-YANN' "$(proven other.test)" >"$T/mails/other"
deliver "$T/mails/other"
notify_once
told=$(sent_mails alice@acme.example | head -1)

page_start || exit 1
url=$(link SUP-1)
path=/ticket/${url##*/}
like 'the link holds 128 bits at least' "$url" '/ticket/[0-9a-z]{26,}$'

# --- the page -------------------------------------------------------------------------------
html=$(page "$url")
is 'the page opens' "$(page "$url" -o /dev/null -w '%{http_code} %{content_type}')" \
    '200 text/html; charset=utf-8'
unlike 'what a sender wrote never becomes HTML' "$html" '<script|<img src=x|onerror=alert\(3\)>|<b>Martin'
like 'it is shown as text' "$html" '&lt;script&gt;alert\(2\)'
like 'a web address is a link' "$html" '<a [^>]*href="https://exemple\.test/\?a=1&amp;b=2"'
unlike 'a javascript address is none' "$html" 'href="javascript:'
like 'it is in French' "$html" '<html[^>]* lang="fr"'
like 'it fits a phone' "$html" '<meta[^>]*viewport'
like 'one can reply by mail' "$html" 'href="mailto:support'
unlike 'the mail button holds no secret' "$html" 'support(\+|%2[Bb])r[0-9]'
unlike 'no script at all' "$html" '<script'
unlike 'nothing of another ticket' "$html" 'SECRET-DE-YANN'
is 'HEAD has no body' "$(page "$url" -I -o /dev/null -w '%{http_code} %{size_download}')" '200 0'

# --- notes stay inside ------------------------------------------------------------------------
answer "$told" 'Evil <evil@evil.test>' 'TEXTE-RETENU' "$(proven evil.test)" >"$T/mails/held"
deliver "$T/mails/held" "$(mail_reply_to "$told")"
is 'a stranger’s mail is held' "$(ledger 'd["verdict"]')" held
unlike 'and not on the page' "$(page "$url")$(page "$url.json")" 'TEXTE-RETENU'
like 'the admin sees it' "$(mw ticket show SUP-1 --json)" 'TEXTE-RETENU'

# --- JSON and files -----------------------------------------------------------------------------
like 'JSON is JSON' "$(page "$url.json" -o /dev/null -w '%{content_type}')" '^application/json'
is 'it tells the same ticket' "$(page "$url.json" | json 'd["id"], d["status"], len(d["messages"])')" \
    '["SUP-1", "new", 1]'
file=$(grep -o "$path/file/[0-9.]*/[^\"]*" <<<"$html" | head -1)
like 'the page links the file' "$file" '/file/[0-9.]+/plan\.html$'
is 'the file is what was sent' "$(page "$file" | sha256sum)" "$(sha256sum <"$T/evil.html")"
headers=$(page "$file" -D - -o /dev/null | tr -d '\r')
like 'it is a download, not a page' "$headers" '^Content-Disposition: attachment'
unlike 'its sender does not choose its type' "$headers" '^Content-Type: text/html'
like 'it is sandboxed' "$headers" '^Content-Security-Policy: .*sandbox'

# --- privacy headers, everywhere -----------------------------------------------------------------
for where in "$path" "$path.json" "$file" /ticket/nonsense / /healthz /style.css; do
    headers=$(page "$where" -D - -o /dev/null | tr -d '\r')
    for wanted in '^Referrer-Policy: no-referrer' "^Content-Security-Policy: .*default-src 'none'" \
        '^X-Robots-Tag: .*noindex' '^Cache-Control: .*no-store' '^X-Content-Type-Options: nosniff'; do
        [ "$where" = /style.css ] && [[ $wanted == *Cache-Control* ]] && continue
        like "header on ${where/${url##*/}/HASH}: $wanted" "$headers" "$wanted"
    done
done
headers=$(page "$path" -D - -o /dev/null | tr -d '\r')
like 'no frames, no forms, no base' "$headers" \
    "form-action 'none'.*frame-ancestors 'none'.*base-uri 'none'"

# --- one 404 ---------------------------------------------------------------------------------------
hash=${url##*/}
same() { page "$1" -D - | tr -d '\r' | grep -v '^Date:'; }
wanted=$(same /ticket/aaaaaaaaaaaaaaaaaaaaaaaaaa)
like 'an unknown link is a 404' "$wanted" '^HTTP/1.1 404'
count=0
for where in / /ticket /ticket/ /ticket/x "/ticket/${hash}x" "/ticket/${hash%?}" "/ticket/$hash/" "//ticket/$hash" \
    "/ticket//$hash" "/ticket/$hash.css" "/ticket/$hash.html" "/ticket/$hash%00" "/ticket/..%2f$hash" \
    "/ticket/../ticket/$hash" "/ticket/$hash/file/" "/ticket/$hash/file/999.1/plan.html" "/ticket/$hash/file/1.999/plan.html" "/ticket/$hash/file/1/plan.html" "/ticket/$hash/file/2.1/plan.html" \
    "/ticket/$hash/file/-1.1/plan.html" "/ticket/$hash/file/99999999999999999999.1/plan.html" \
    "/ticket/aaaaaaaaaaaaaaaaaaaaaaaaaa.json" "${file/$hash/aaaaaaaaaaaaaaaaaaaaaaaaaa}" /favicon.ico /etc/passwd; do
    count=$((count + 1))
    is "the same 404 for address $count" "$(same "$where")" "$wanted"
done
for method in POST PUT DELETE OPTIONS; do
    ok "no $method" test "$(page "$path" -X "$method" -o /dev/null -w '%{http_code}')" -ge 400
done

# --- looking changes nothing -------------------------------------------------------------------------
digest() { cat "$SITE/data/mailwicket.db" "$SITE/data/mailwicket.db-wal" | sha256sum; }
before=$(digest)
for _ in 1 2 3; do
    page "$path" -o /dev/null
    page "$path.json" -o /dev/null
    page "$file" -o /dev/null
done
is 'looking at pages changes no byte of the database' "$(digest)" "$before"

# --- readers, revoked and expired links ----------------------------------------------------------------
alice=$(link SUP-1 alice@acme.example)
nok 'each reader has a link of their own' test "$alice" = "$url"
like "a technician's page shows what is held" "$(page "$alice")" 'TEXTE-RETENU'
mw agent revoke alice@acme.example >/dev/null
is 'a revoked link is the same 404' "$(same "/ticket/${alice##*/}")" "$wanted"
ok 'the customer’s still opens' test "$(page "$path" -o /dev/null -w '%{http_code}')" = 200
as_desk flock "$SITE/data/lock" sqlite3 "$SITE/data/mailwicket.db" 'UPDATE link SET expires = 1'
is 'an expired link is the same 404' "$(same "$path")" "$wanted"

# --- health ---------------------------------------------------------------------------------------------
is '/healthz is well' "$(page /healthz -o /dev/null -w '%{http_code}')" 200
mv "$SITE/data" "$SITE/away"
is 'without the database: 503' "$(page "$path" -o /dev/null -w '%{http_code}')" 503
is '/healthz says so' "$(page /healthz -o /dev/null -w '%{http_code}')" 503
like 'private headers even then' "$(page "$path" -D - -o /dev/null)" '^Referrer-Policy: no-referrer'
mv "$SITE/away" "$SITE/data"
is 'when it is back, so is the page' "$(page /healthz -o /dev/null -w '%{http_code}')" 200

finish
