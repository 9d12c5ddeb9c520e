# A private Postfix made of the files in postfix-example/: own configuration, queue and data
# folders below $T, free loopback ports, own log. The system's Postfix is never looked at.
#
# Only paths, the user and the program's path are put in place; a line of the example that is no
# longer there stops the test. Needs tests/lib/site.sh and root.

postfix_daemons=$(postconf -h daemon_directory 2>/dev/null || echo /usr/lib/postfix/sbin)

postfix_need() {
    [ "$(id -u)" -eq 0 ] || skip_all "a private Postfix needs root"
    [ -x "$postfix_daemons/master" ] || skip_all "Postfix is not installed"
}

# Copies one file of the example with our paths in it.
postfix_example() { # FILE [EXPRESSION…]: sed expressions, each of which must change something
    local file=$TESTS/../postfix-example/$1 text was expression
    shift
    text=$(cat "$file") || return 1
    for expression in "$@" "s|/etc/postfix/|$POSTFIX/|"; do
        was=$text
        text=$(sed -E "$expression" <<<"$text")
    done
    printf '%s\n' "$text"
}

# postfix_new own-domain|subdomain [PARAMETER=VALUE…]: writes the configuration. In the first
# case the desk's domain is in mydestination, in the second it is the desk's own. WIRING=pipe does
# without the server, which otherwise is started here if it is not running.
postfix_new() {
    local variant=$1 domain=${DESK#*@} program
    WIRING=${WIRING:-lmtp}
    shift
    POSTFIX=$T/postfix
    { read -r POSTFIX_PORT; read -r SINK_PORT; } < <(free_ports 2)
    mkdir -m 755 "$POSTFIX" "$POSTFIX/queue" "$POSTFIX/log"
    install -d -o postfix -m 700 "$POSTFIX/data"

    {
        cat <<END
compatibility_level = 3.6
queue_directory = $POSTFIX/queue
data_directory = $POSTFIX/data
maillog_file = $POSTFIX/log/mail.log
maillog_file_prefixes = $POSTFIX/log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.example
mydestination = mx.example $([ "$variant" = subdomain ] || echo "$domain")
alias_maps =
alias_database =
message_size_limit = 104857600
relayhost = [127.0.0.1]:$SINK_PORT
notify_classes =
# Deferred mail is tried again when a test says so.
queue_run_delay = 1h
minimal_backoff_time = 1h
maximal_backoff_time = 1h
END
        postfix_example main.cf
        [ "$WIRING" = lmtp ] || postfix_example main.cf.pipe
        postfix_example "main.cf.$variant" "s/desk\.example\.org/$domain/"
        printf '%s\n' "$@" | sed 's/=/ = /'
    } >"$POSTFIX/main.cf"

    program="$T/bin/mailwicket-mda --config $SITE/mailwicket.conf"
    {
        cat <<END
127.0.0.1:$POSTFIX_PORT inet n - n - - smtpd
pickup    unix  n - n 60  1 pickup
cleanup   unix  n - n -   0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -   - trivial-rewrite
bounce    unix  - - n -   0 bounce
defer     unix  - - n -   0 bounce
trace     unix  - - n -   0 bounce
verify    unix  - - n -   1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -   - proxymap
proxywrite unix - - n -   1 proxymap
smtp      unix  - - n -   - smtp
relay     unix  - - n -   - smtp
showq     unix  n - n -   - showq
error     unix  - - n -   - error
retry     unix  - - n -   - error
discard   unix  - - n -   - discard
local     unix  - n n -   - local
virtual   unix  - n n -   - virtual
lmtp      unix  - - n -   - lmtp
anvil     unix  - - n -   1 anvil
scache    unix  - - n -   1 scache
postlog   unix-dgram n - n - 1 postlogd
END
        if [ "$WIRING" = lmtp ]; then
            postfix_example master.cf
        else
            postfix_example master.cf.pipe \
                "s|user=mailwicket |user=nobody |" \
                "s|argv=/usr/local/bin/mailwicket-mda|argv=${MDA:-$program}|"
        fi
    } >"$POSTFIX/master.cf"
    if [ "$WIRING" = lmtp ]; then
        [ -n "$SERVER" ] && kill -0 "$SERVER" || server_start || return 1
    else
        grep -q 'user=nobody' "$POSTFIX/master.cf" && grep -q "argv=$T\|argv=${MDA:-$T}" "$POSTFIX/master.cf" ||
            { diag "postfix-example/master.cf.pipe is not what this test knows"; return 1; }
    fi

    postfix_example mailwicket-dsn-filter >"$POSTFIX/mailwicket-dsn-filter"
    postfix_map
}

# What an admin does after adding a queue.
postfix_map() {
    mw queue map 2>"$POSTFIX/map.log" | sed "s|unix:/run/mailwicket/|unix:$SITE/run/|" \
        >"$POSTFIX/mailwicket-queues"
    [ "${PIPESTATUS[0]}" -eq 0 ] ||
        { diag "queue map: $(cat "$POSTFIX/map.log")"; return 1; }
}

postfix_start() {
    on_exit="postfix_stop $on_exit"
    postfix -c "$POSTFIX" start >"$POSTFIX/start.log" 2>&1 ||
        { diag "postfix start: $(cat "$POSTFIX/start.log" "$POSTFIX/log/mail.log")"; return 1; }
    eventually 20 postfix_answers
}

postfix_answers() {
    local line
    exec 9<>"/dev/tcp/127.0.0.1/$POSTFIX_PORT" || return 1
    read -r -t 5 line <&9
    echo QUIT >&9
    exec 9>&-
    [[ $line == 220* ]]
}

postfix_reload() {
    postfix -c "$POSTFIX" reload >/dev/null 2>&1
    eventually 20 postfix_answers
}

postfix_stop() {
    local pid
    [ -f "$POSTFIX/queue/pid/master.pid" ] || return 0
    pid=$(tr -d ' ' <"$POSTFIX/queue/pid/master.pid")
    kill "$pid" 2>/dev/null || return 0
    eventually 10 postfix_gone "$pid" || kill -KILL -- "-$pid"
    # postlogd outlives its master by an eye-blink and still writes.
    sleep 0.2
}
postfix_gone() {
    ! kill -0 "$1"
}

# Tries everything that was deferred at once.
postfix_flush() {
    postqueue -c "$POSTFIX" -f
}

# What waits, one JSON object a mail.
postfix_queue() {
    postqueue -c "$POSTFIX" -j
}

# Waits until nothing is left in the queue, or (with "deferred") nothing but deferred mail.
postfix_settled() { # [SECONDS [deferred]]
    eventually "${1:-30}" postfix_still "$2"
}
postfix_still() {
    ! postfix_queue | grep -v "\"queue_name\": \"${1:-none}\"" | grep -q .
}

postfix_log() {
    cat "$POSTFIX/log/mail.log"
}

# send FILE [RECIPIENT [SENDER]]: by SMTP, as another mail server would, which greets as $HELO.
# Prints the dialogue; the status is swaks's.
send() {
    swaks --server "127.0.0.1:$POSTFIX_PORT" --helo "${HELO:-client.test}" --suppress-data \
        --from "${3-$(mail_from "$1")}" --to "${2:-$DESK}" --data - <"$1" 2>&1
}

# A server that takes everything that Postfix sends to the world: one file a mail in $T/sink,
# with the envelope in X-Mail-Args and X-Rcpt-Args.
sink_start() {
    install -d -o nobody -m 755 "$T/sink"
    # It drops its rights itself and wants to know where it may write.
    (cd "$T/sink" && exec smtp-sink -u nobody -d "$T/sink/%s." "127.0.0.1:$SINK_PORT" 128) \
        >"$T/sink.log" 2>&1 &
    own $!
    eventually 10 sink_answers
}
sink_answers() {
    (exec 9<>"/dev/tcp/127.0.0.1/$SINK_PORT")
}
