-- Mailwicket's first store. Times are seconds since 1970 UTC; ids are never reused where people
-- may have written them down. Text is clean UTF-8; bytes are BLOBs.

-- One front door: an address and the numbering of its tickets.
CREATE TABLE queue (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL UNIQUE,          -- "support": for admins
    address     TEXT    NOT NULL,                 -- as we write it
    address_key TEXT    NOT NULL UNIQUE,          -- lower-cased ASCII: as we compare it
    prefix      TEXT    NOT NULL UNIQUE,          -- "SUP"
    language    TEXT    NOT NULL,                 -- "fr" or "en"
    last_number INTEGER NOT NULL DEFAULT 0,
    removed     INTEGER NOT NULL DEFAULT 0        -- no new tickets; old ones stay readable
) STRICT;

-- Anybody who ever wrote or is on the desk.
CREATE TABLE person (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT    NOT NULL DEFAULT '',
    role     INTEGER NOT NULL DEFAULT 0,          -- 0 requester, 1 technician, 2 admin
    is_list  INTEGER NOT NULL DEFAULT 0,          -- a distribution list: notified, never given a secret
    language TEXT    NOT NULL DEFAULT '',         -- '': the ticket's
    epoch    INTEGER NOT NULL DEFAULT 1           -- raised to kill every secret and link of theirs
) STRICT;
CREATE INDEX person_on_desk ON person(name) WHERE role > 0;

-- The addresses of a person. Exactly one is the one we write to.
CREATE TABLE address (
    key        TEXT    PRIMARY KEY,               -- lower-cased ASCII
    address    TEXT    NOT NULL,                  -- as we write it
    person     INTEGER NOT NULL REFERENCES person(id),
    is_primary INTEGER NOT NULL DEFAULT 0,
    paused     INTEGER NOT NULL DEFAULT 0,        -- when a permanent bounce came; 0: writable
    why_paused TEXT    NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX address_one_primary ON address(person) WHERE is_primary;

-- Who on the desk hears of a queue's tickets.
CREATE TABLE membership (
    queue  INTEGER NOT NULL REFERENCES queue(id),
    person INTEGER NOT NULL REFERENCES person(id),
    PRIMARY KEY (queue, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_person ON membership(person);

-- The bytes of every mail that was taken, once each, in pieces of 64 KiB.
CREATE TABLE raw (
    id   INTEGER PRIMARY KEY,
    hash BLOB    NOT NULL,                        -- SHA-256 of all bytes
    size INTEGER NOT NULL
) STRICT;
CREATE INDEX raw_hash ON raw(hash);
CREATE TABLE raw_piece (
    raw   INTEGER NOT NULL REFERENCES raw(id),
    seq   INTEGER NOT NULL,                       -- 0, 1, …
    bytes BLOB    NOT NULL,
    PRIMARY KEY (raw, seq)
) STRICT;

CREATE TABLE ticket (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    queue     INTEGER NOT NULL REFERENCES queue(id),
    number    INTEGER NOT NULL,
    token     TEXT    NOT NULL DEFAULT '',        -- in subjects; says which ticket, never who
    title     TEXT    NOT NULL,
    status    TEXT    NOT NULL,
    priority  INTEGER NOT NULL,                   -- 0 low, 1 normal, 2 high, 3 urgent
    type      TEXT    NOT NULL DEFAULT '',
    language  TEXT    NOT NULL,
    requester INTEGER NOT NULL REFERENCES person(id),
    created   INTEGER NOT NULL,
    updated   INTEGER NOT NULL,
    UNIQUE (queue, number)
) STRICT;
-- The statuses that end a ticket's life: what is left is what a desk lists all day.
CREATE INDEX ticket_open ON ticket(updated)
    WHERE status NOT IN ('resolved', 'closed', 'cancelled');
CREATE INDEX ticket_requester ON ticket(requester, created);

-- Tickets that belong together (a mail to two queues). Stored both ways round.
CREATE TABLE ticket_link (
    ticket INTEGER NOT NULL REFERENCES ticket(id),
    other  INTEGER NOT NULL REFERENCES ticket(id),
    PRIMARY KEY (ticket, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE assignee (
    ticket INTEGER NOT NULL REFERENCES ticket(id),
    person INTEGER NOT NULL REFERENCES person(id),
    PRIMARY KEY (ticket, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignee_person ON assignee(person);

-- One person in one ticket at one visibility: what a reply address is minted for.
CREATE TABLE participation (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket     INTEGER NOT NULL REFERENCES ticket(id),
    person     INTEGER NOT NULL REFERENCES person(id),
    visibility INTEGER NOT NULL,                  -- 0 public, 1 internal: of what they answer
    role       INTEGER NOT NULL,                  -- 0 requester, 1 watcher, 2 staff
    since      INTEGER NOT NULL DEFAULT 0,        -- first message they may see; 0: all
    subject    TEXT    NOT NULL,                  -- frozen: of every mail they get
    root       TEXT    NOT NULL DEFAULT '',       -- Message-ID their thread hangs on
    UNIQUE (ticket, person, visibility)
) STRICT;

CREATE TABLE message (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket         INTEGER REFERENCES ticket(id), -- NULL: held outside any ticket
    queue          INTEGER NOT NULL REFERENCES queue(id),
    raw            INTEGER REFERENCES raw(id),
    author         INTEGER REFERENCES person(id), -- NULL: a stranger
    author_name    TEXT    NOT NULL,              -- as the From line had it
    author_address TEXT    NOT NULL,
    visibility     INTEGER NOT NULL,              -- 0 public, 1 internal, 2 held, 3 dropped
    intent         INTEGER NOT NULL DEFAULT 0,    -- visibility it takes when accepted
    kind           TEXT    NOT NULL,              -- as the ledger's mail kind
    subject        TEXT    NOT NULL,
    message_id     TEXT    NOT NULL,
    content_hash   BLOB    NOT NULL,              -- the same mail by another way has the same
    created        INTEGER NOT NULL,
    reply          TEXT    NOT NULL,              -- the sender's words, scrubbed of our secrets
    signature      TEXT    NOT NULL,
    quoted         TEXT    NOT NULL,
    quotes_us      INTEGER NOT NULL DEFAULT 0,    -- quoted repeats our notification: staff only
    held_reason    TEXT    NOT NULL DEFAULT '',
    unparsed       TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX message_ticket ON message(ticket, id);
CREATE INDEX message_message_id ON message(message_id);
CREATE INDEX message_content ON message(content_hash);
CREATE INDEX message_held ON message(id) WHERE visibility = 2;

-- What a message answers, so that a parent that arrives late finds its reply.
CREATE TABLE message_reference (
    message_id TEXT    NOT NULL,
    message    INTEGER NOT NULL REFERENCES message(id),
    PRIMARY KEY (message_id, message)
) STRICT, WITHOUT ROWID;

-- Who a mail was written to (To and Cc, lower-cased), so that an addressee's answer is known.
CREATE TABLE message_addressee (
    message INTEGER NOT NULL REFERENCES message(id),
    key     TEXT    NOT NULL,
    PRIMARY KEY (message, key)
) STRICT, WITHOUT ROWID;

-- Where in the raw mail an attachment lies; its bytes are never stored twice.
CREATE TABLE attachment (
    message    INTEGER NOT NULL REFERENCES message(id),
    n          INTEGER NOT NULL,                  -- 1, 2, … within the message
    name       TEXT    NOT NULL,
    type       TEXT    NOT NULL,
    charset    TEXT    NOT NULL,
    content_id TEXT    NOT NULL,
    is_inline  INTEGER NOT NULL,
    size       INTEGER NOT NULL,                  -- decoded
    sha256     TEXT    NOT NULL,
    offset     INTEGER NOT NULL,
    length     INTEGER NOT NULL,                  -- encoded
    encoding   TEXT    NOT NULL,
    staff_only INTEGER NOT NULL DEFAULT 0,        -- holds a secret of ours (a forwarded notification)
    PRIMARY KEY (message, n)
) STRICT, WITHOUT ROWID;

-- Every change of a ticket: who, what, from, to.
CREATE TABLE event (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket INTEGER NOT NULL REFERENCES ticket(id),
    at     INTEGER NOT NULL,
    actor  INTEGER REFERENCES person(id),         -- NULL: the gateway itself or the command line
    what   TEXT    NOT NULL,
    old    TEXT    NOT NULL DEFAULT '',
    new    TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX event_ticket ON event(ticket, id);

-- One row a delivery, whatever became of it.
CREATE TABLE ledger (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    sender      TEXT    NOT NULL,                 -- envelope; '': null sender
    recipient   TEXT    NOT NULL,
    queue_id    TEXT    NOT NULL DEFAULT '',      -- Postfix's
    size        INTEGER NOT NULL,
    message_id  TEXT    NOT NULL,
    key         BLOB    NOT NULL,                 -- the delivery key
    verdict     TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    proofs      TEXT    NOT NULL DEFAULT '',      -- "secret domain": found; space-separated
    person      INTEGER REFERENCES person(id),
    ticket      INTEGER REFERENCES ticket(id),
    message     INTEGER REFERENCES message(id),
    raw         INTEGER REFERENCES raw(id)
) STRICT;
-- Redelivery is success without effect; a refused mail may come again when the cause is gone.
CREATE UNIQUE INDEX ledger_key ON ledger(key) WHERE verdict NOT IN ('duplicate', 'refused');

-- What is to be written to whom; rendered once, so that a retry is the same bytes.
CREATE TABLE outbox (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT    NOT NULL,               -- names the template
    person        INTEGER NOT NULL REFERENCES person(id),
    address       TEXT    NOT NULL,               -- at commit time
    ticket        INTEGER REFERENCES ticket(id),
    participation INTEGER REFERENCES participation(id),
    message       INTEGER REFERENCES message(id),
    event         INTEGER REFERENCES event(id),
    confirmation  INTEGER REFERENCES confirmation(id),
    message_id    TEXT    NOT NULL UNIQUE,        -- ours, without <>
    unproven      INTEGER NOT NULL DEFAULT 0,     -- caused by a sender who proved nothing
    brief         INTEGER NOT NULL DEFAULT 0,     -- nothing the sender wrote may be in it
    created       INTEGER NOT NULL,
    state         TEXT    NOT NULL DEFAULT 'waiting', -- waiting, sent, dead
    tries         INTEGER NOT NULL DEFAULT 0,
    next          INTEGER NOT NULL,               -- not before
    done          INTEGER NOT NULL DEFAULT 0,     -- when sent or dead
    error         TEXT    NOT NULL DEFAULT '',    -- of the last try
    rendered      INTEGER NOT NULL DEFAULT 0      -- its pieces are complete
) STRICT;
CREATE INDEX outbox_waiting ON outbox(next, id) WHERE state = 'waiting';
CREATE INDEX outbox_address ON outbox(address, kind, created);
CREATE INDEX outbox_unproven ON outbox(created) WHERE unproven;
CREATE TABLE outbox_piece (
    outbox INTEGER NOT NULL REFERENCES outbox(id),
    seq    INTEGER NOT NULL,
    bytes  BLOB    NOT NULL,
    PRIMARY KEY (outbox, seq)
) STRICT;

-- Page links: only the SHA-256 of what stands in the address bar.
CREATE TABLE link (
    hash    BLOB    PRIMARY KEY,
    ticket  INTEGER NOT NULL REFERENCES ticket(id),
    person  INTEGER NOT NULL REFERENCES person(id),
    epoch   INTEGER NOT NULL,                     -- of the person when minted
    expires INTEGER NOT NULL DEFAULT 0            -- 0: with the ticket
) STRICT, WITHOUT ROWID;

-- A one-time question to a person: "did you write this?"
CREATE TABLE confirmation (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    person  INTEGER NOT NULL REFERENCES person(id),
    message INTEGER NOT NULL REFERENCES message(id), -- held until then; its hash is what is confirmed
    expires INTEGER NOT NULL,
    used    INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What servers were seen to sign Authentication-Results with, for `mailwicket doctor`.
CREATE TABLE authserv_seen (
    server TEXT    PRIMARY KEY,
    last   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
