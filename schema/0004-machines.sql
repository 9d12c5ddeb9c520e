-- What becomes of machines' mail that belongs to no ticket: held, or a ticket of its own.
ALTER TABLE queue ADD COLUMN machines TEXT NOT NULL DEFAULT 'hold' CHECK (machines IN ('hold', 'ticket'));
