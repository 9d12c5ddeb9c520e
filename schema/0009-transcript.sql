-- Who gets the whole of a ticket when it is closed.
ALTER TABLE queue ADD COLUMN archive    TEXT    NOT NULL DEFAULT ''; -- an address; '': none
ALTER TABLE queue ADD COLUMN transcript INTEGER NOT NULL DEFAULT 0;  -- the requester does
-- participation.role: 3 archive. It takes no part, and gets no secret.
