-- Full-text search over messages. The index holds words and no text: what is shown comes from the
-- messages. Without positions (detail=none) it has a sixth of the size of what it indexes.
--
-- A delivery writes nothing for it. Message ids only grow and commits come one after another, so
-- one number says which messages wait: those past search_state.indexed_to. The notifier fills the
-- index behind their back, and raises it.
CREATE VIRTUAL TABLE search USING fts5(words, content = '', detail = none,
    tokenize = 'unicode61 remove_diacritics 2');
-- Segments are merged in small steps by the notifier, never within a commit: a merge that FTS5
-- starts by itself may take the lock for seconds.
INSERT INTO search (search, rank) VALUES ('automerge', 0);
INSERT INTO search (search, rank) VALUES ('crisismerge', 1999);

-- The words themselves, for looking up those with a common beginning.
CREATE VIRTUAL TABLE search_word USING fts5vocab(search, instance);

CREATE TABLE search_state (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    indexed_to INTEGER NOT NULL                   -- the last message that was looked at
) STRICT;
INSERT INTO search_state (one, indexed_to) VALUES (1, 0);

-- Messages that changed since they were indexed. An entry can only be taken out of the index with
-- the words it was put in with, so these are kept until then.
CREATE TABLE search_pending (
    message INTEGER PRIMARY KEY,                  -- may be gone
    was     TEXT    NOT NULL
) STRICT;

-- What is indexed of a message: the first words are its queue, as one that nobody writes, so that
-- a technician's search reads only what they may see; the others what a person would remember.
CREATE VIEW search_text AS
    SELECT m.id, m.ticket, coalesce(nullif(t.served, 0), t.queue, m.queue) AS queue, m.visibility,
        char(57344) || coalesce(nullif(t.served, 0), t.queue, m.queue) || ' ' || coalesce(t.title, '') || char(10) ||
        m.subject || char(10) || m.author_name || ' ' || m.author_address || char(10) ||
        substr(m.reply, 1, 50000) AS words
    FROM message m LEFT JOIN ticket t ON t.id = m.ticket;

CREATE TRIGGER search_message_changes
    BEFORE UPDATE OF ticket, queue, visibility, subject, author_name, author_address, reply ON message
    WHEN (old.ticket IS NOT new.ticket OR (old.visibility = 3) <> (new.visibility = 3)
        OR old.queue <> new.queue OR old.subject <> new.subject OR old.reply <> new.reply
        OR old.author_name <> new.author_name OR old.author_address <> new.author_address)
        AND old.id <= (SELECT indexed_to FROM search_state)
BEGIN
    INSERT INTO search_pending (message, was) SELECT id, words FROM search_text s
        WHERE s.id = old.id AND NOT EXISTS (SELECT 1 FROM search_pending p WHERE p.message = old.id);
END;
CREATE TRIGGER search_message_goes BEFORE DELETE ON message
    WHEN old.id <= (SELECT indexed_to FROM search_state)
BEGIN
    INSERT INTO search_pending (message, was) SELECT id, words FROM search_text s
        WHERE s.id = old.id AND NOT EXISTS (SELECT 1 FROM search_pending p WHERE p.message = old.id);
END;
CREATE TRIGGER search_ticket_changes BEFORE UPDATE OF title, queue, served ON ticket
    WHEN old.title <> new.title OR old.queue <> new.queue OR old.served <> new.served
BEGIN
    INSERT INTO search_pending (message, was) SELECT id, words FROM search_text s
        WHERE s.ticket = old.id AND s.id <= (SELECT indexed_to FROM search_state)
        AND NOT EXISTS (SELECT 1 FROM search_pending p WHERE p.message = s.id);
END;
