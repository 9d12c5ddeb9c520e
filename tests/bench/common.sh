# What the measures share: a private site as in tests/lib/site.sh, mails, rounds, verdicts.
#
# A measure compares the product with a peer in one run, in alternating rounds, because machines
# differ and are busy; only the ratio means something. Each ends with lines for machines:
#   measure NAME VALUE floor FLOOR pass|FAIL
#   measure NAME - floor FLOOR skipped

. "$(dirname "${BASH_SOURCE[0]}")/../lib/site.sh"

HERE=$TESTS/bench
ROUNDS=5
# A generator of mails and a program that pipes them into a command; neither is part of this
# project, they stand beside the checkout.
TOOLS=${BENCH_TOOLS:-$TESTS/../../shared/bench}

lines=()
missed=0

measure_line() { # NAME VALUE BOUND WORD [floor|ceiling]
    lines+=("measure $1 ${2:-none} ${5:-floor} $3 $4")
    [ "$4" != FAIL ] || missed=1
}
# At least the floor.
measure() { # NAME VALUE FLOOR
    local word
    word=$(awk -v v="$2" -v f="$3" 'BEGIN { print (v != "" && v + 0 >= f ? "pass" : "FAIL") }')
    measure_line "$@" "$word"
}
# At most the ceiling: for what is used.
measure_most() { # NAME VALUE CEILING
    local word
    word=$(awk -v v="$2" -v c="$3" 'BEGIN { print (v != "" && v + 0 <= c ? "pass" : "FAIL") }')
    measure_line "$@" "$word" ceiling
}
# The floor and no more: for what is counted.
measure_exactly() { # NAME VALUE FLOOR
    measure_line "$@" "$([ "$2" = "$3" ] && echo pass || echo FAIL)"
}

# Ends a measure.
report() {
    printf '%s\n' "${lines[@]}"
    exit "$missed"
}
# Ends a measure that cannot be taken here.
skip() { # WHY NAME FLOOR
    echo "  skipped: $1"
    measure_line "$2" - "$3" skipped
    report
}
die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# The median of a column of a file that has a line a round.
median() { # FILE COLUMN
    awk -v c="$2" '{ print $c }' "$1" | sort -g |
        awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
ratio() { # A B
    awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f\n", a / b }'
}

# --- the site -------------------------------------------------------------------------------

# bench_site NAME [GROUP.KEY=VALUE]…: makes a site, believing the mail server mx.example.
bench_site() {
    site_new "$1" mail.authserv_id=mx.example limits.tickets_per_hour=100000 "${@:2}" || die "no site"
}

# Starts a program as the desk's user, to be ended with the measure.
start() { # LOG COMMAND…
    local log=$1
    shift
    exec_as_desk "$@" >"$log" 2>&1 &
    own $!
}

notifier_start() {
    start "$SITE/notifier.log" "$T/bin/mailwicket-notifier"
    eventually 10 test -S "$SITE/data/notifier.sock" || die "notifier: $(cat "$SITE/notifier.log")"
}
# Waits until all is sent, so that the next to be measured has the machine for itself.
notifier_idle() {
    eventually 300 outbox_empty || die "the outbox does not get empty"
}
outbox_empty() {
    [ "$(sql "SELECT count(*) FROM outbox WHERE state = 'waiting'")" = 0 ]
}

# Asks the database file itself, past the product.
sql() {
    as_desk sqlite3 -readonly -separator ' ' "$SITE/data/mailwicket.db" "$1"
}

# --- mails ----------------------------------------------------------------------------------

# Makes mails ($T/generated) and $T/pipeblast, or skips the measure.
need_mails() { # COUNT NAME FLOOR
    [ -r "$TOOLS/gen_mails.py" ] && [ -r "$TOOLS/pipeblast.c" ] ||
        skip "gen_mails.py and pipeblast.c are not in $TOOLS (BENCH_TOOLS may name another)" "$2" "$3"
    ${CC:-cc} -O2 -w -o "$T/pipeblast" "$TOOLS/pipeblast.c" || die "pipeblast.c does not compile"
    python3 "$TOOLS/gen_mails.py" "$T/mails/generated" "$1" >/dev/null || die "gen_mails.py failed"
    mv "$T/mails/list" "$T/generated"
}

# pipe LIST FROM COUNT CONCURRENCY COMMAND…: a process a mail, as the desk's user. Prints mails/s,
# latency p50 and p99 (ms), CPU (ms a mail), peak memory (kB) and how many failed.
pipe() {
    as_desk "$T/pipeblast" "$@" | sed -nE 's/.* rate=([0-9.]+).* p50=([0-9.]+).*'\
' p99=([0-9.]+).* childcpu=([0-9.]+).* maxrss=([0-9]+).* fail=([0-9]+).*/\1 \2 \3 \4 \5 \6/p'
}
mda=("$T/bin/mailwicket-mda" --sender bench@client.test --recipient)

# --- LMTP -----------------------------------------------------------------------------------

# Compiles a program of the generators' folder, or skips the measure.
need_tool() { # NAME MEASURE FLOOR [COMPILER ARGUMENT…]
    [ -r "$TOOLS/$1.c" ] || skip "$1.c is not in $TOOLS (BENCH_TOOLS may name another)" "$2" "$3"
    ${CC:-cc} -O2 -w -o "$T/$1" "$TOOLS/$1.c" "${@:4}" || die "$1.c does not compile"
}

# lmtp_blast PORT LIST FROM COUNT CONNECTIONS [lmtp|smtp]: over kept connections. Prints mails/s,
# latency p50 and p99 (ms) and how many failed.
lmtp_blast() {
    "$T/lmtpblast" "${6:-lmtp}" "127.0.0.1:$1" "$2" "$3" "$4" "$5" 1 "$DESK" 2>/dev/null |
        sed -nE 's|.* rate=([0-9.]+)/s p50=([0-9.]+)ms p99=([0-9.]+)ms.* fail=([0-9]+)|\1 \2 \3 \4|p'
}

# A desk with three technicians and 400 tickets of customers, so that there is something to answer
# ($SITE/out holds the acknowledgements). The server runs at $PORT as $SERVER.
desk_in_use() { # NAME [GROUP.KEY=VALUE]…
    bench_site "$1" limits.acknowledgements_per_hour=1000 limits.unproven_mails_per_ten_minutes=0 "${@:2}"
    local i
    for i in 1 2 3; do
        mw agent add "tech$i@staff.test" --name "Tech $i" --queue support >/dev/null || die "no agent"
    done
    python3 "$HERE/mails.py" "$T/generated" 0 400 "$T/mails/seed" | cut -d' ' -f1 >"$T/seed"
    serve
    lmtp_blast "$PORT" "$T/seed" 0 400 8 >/dev/null
    notify_once || die "no acknowledgements"
    # From now on nothing leaves: the measure is of what comes in.
    site_set mail.transport=smtp://127.0.0.1:9 mail.tls=none
}
serve() {
    PORT=$(free_ports 1)
    server_start --lmtp "127.0.0.1:$PORT" || die "no server"
}

# Dovecot's LMTP server at $PEER, syncing each mail into a Maildir.
dovecot_start() { # MEASURE FLOOR
    local lab=$T/dovecot
    command -v dovecot >/dev/null && [ -r "$TOOLS/dovecot-lmtp.conf" ] && [ "$(id -u)" -eq 0 ] ||
        skip "Dovecot or dovecot-lmtp.conf is missing, or this is not root" "$1" "$2"
    PEER=$(free_ports 1)
    mkdir -p "$lab/dovecot" "$lab/data/md" "$lab/run"
    chown -R mail "$lab/data"
    sed -E "s|LAB|$lab|; s|^base_dir = .*|base_dir = $lab/run|; s|^state_dir = .*|state_dir = $lab/state|
            s|port = 2424|port = $PEER|" "$TOOLS/dovecot-lmtp.conf" >"$lab/conf"
    dovecot -c "$lab/conf" || die "dovecot does not start"
    on_exit="dovecot_stop $on_exit"
    eventually 10 lmtp "$PEER" '' || die "dovecot does not answer"
}
dovecot_stop() {
    dovecot -c "$T/dovecot/conf" stop
}
