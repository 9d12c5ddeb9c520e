-- What one mail asked to be done, and by whom. The same mail asks once, by whatever ways it came.
CREATE TABLE run (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    at           INTEGER NOT NULL,
    person       INTEGER NOT NULL REFERENCES person(id),
    queue        INTEGER NOT NULL REFERENCES queue(id), -- whose address was written to
    ticket       INTEGER REFERENCES ticket(id),         -- NULL: sent to an address for questions
    language     TEXT    NOT NULL,                      -- of the answer
    subject      TEXT    NOT NULL,                      -- of the mail, which the answer answers
    message_id   TEXT    NOT NULL,
    content_hash BLOB    NOT NULL,
    done         INTEGER NOT NULL,                      -- all of it; else nothing
    text         TEXT    NOT NULL DEFAULT '',           -- what was not published, to be sent again
    undone       INTEGER NOT NULL DEFAULT 0             -- when
) STRICT;
CREATE INDEX run_content ON run(content_hash);
CREATE INDEX run_last ON run(person, ticket, id);
-- Its lines. Bulk commands have one for each ticket.
CREATE TABLE command (
    run    INTEGER NOT NULL REFERENCES run(id),
    n      INTEGER NOT NULL,
    line   TEXT    NOT NULL,                            -- as written
    verb   TEXT    NOT NULL,                            -- "close"; '' unknown
    ticket INTEGER REFERENCES ticket(id),
    good   INTEGER NOT NULL,                            -- nothing is wrong with it
    answer TEXT    NOT NULL,                            -- what it did, or what is wrong
    undo   TEXT    NOT NULL DEFAULT '',                 -- the line that undoes it
    PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

ALTER TABLE outbox ADD COLUMN run INTEGER REFERENCES run(id); -- what is answered

-- A ticket keeps its number and address when another queue takes it over.
ALTER TABLE ticket ADD COLUMN served INTEGER NOT NULL DEFAULT 0; -- by this queue; 0: its own
CREATE TABLE ticket_tag (
    ticket INTEGER NOT NULL REFERENCES ticket(id),
    tag    TEXT    NOT NULL,
    PRIMARY KEY (ticket, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_tag_tag ON ticket_tag(tag);
ALTER TABLE ticket ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0; -- when; in the trash since
ALTER TABLE ticket ADD COLUMN merged  INTEGER NOT NULL DEFAULT 0; -- into this ticket
ALTER TABLE ticket ADD COLUMN rating  INTEGER NOT NULL DEFAULT 0; -- 1 to 5, by the requester; 0 none
ALTER TABLE ticket ADD COLUMN rating_comment TEXT NOT NULL DEFAULT '';
CREATE INDEX ticket_deleted ON ticket(deleted) WHERE deleted > 0;
ALTER TABLE ticket_link ADD COLUMN kind TEXT NOT NULL DEFAULT 'linked'; -- depends, needed, duplicate, original
ALTER TABLE participation ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;  -- they want to hear nothing
ALTER TABLE ticket ADD COLUMN due    INTEGER NOT NULL DEFAULT 0; -- to be done by; 0: no matter when
ALTER TABLE ticket ADD COLUMN until  INTEGER NOT NULL DEFAULT 0; -- waiting so long; 0: for an answer
CREATE INDEX ticket_until ON ticket(until) WHERE until > 0;
-- As the desk's lists have them: what presses most first, then what was left for longest. The other
-- columns let it be counted without looking at the tickets.
CREATE INDEX ticket_pressing ON ticket(priority DESC, updated, queue, served, deleted, status)
    WHERE status NOT IN ('resolved', 'closed', 'cancelled') AND deleted = 0;
