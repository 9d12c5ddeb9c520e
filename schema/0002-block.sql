-- Senders whose mail is held without a word.
CREATE TABLE block (
    key   TEXT    PRIMARY KEY,                    -- an address, or a domain without @; as compared
    added INTEGER NOT NULL
) STRICT;
