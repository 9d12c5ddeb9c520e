-- When the desk was last told that an address takes no more mail: once a day is enough.
ALTER TABLE address ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
