-- Files within files: the place of an attachment in what (offset, length, encoding) decodes to.
ALTER TABLE attachment ADD COLUMN inner_offset   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attachment ADD COLUMN inner_length   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attachment ADD COLUMN inner_encoding TEXT    NOT NULL DEFAULT ''; -- '': none, all of it
