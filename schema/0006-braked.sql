-- Only acknowledgements and questions are counted by address; an index of all mails cost every
-- delivery a page for each person it writes to.
DROP INDEX outbox_address;
CREATE INDEX outbox_braked ON outbox(address, kind, created)
    WHERE kind IN ('acknowledgement', 'confirm');
