-- Noted before the outside is touched: whoever wakes up late and makes anew what is being taken away sees it, and takes it
-- away himself.

ALTER TABLE fences ADD COLUMN lifting_at timestamptz;
ALTER TABLE steps ADD COLUMN undoing_at timestamptz;
