-- Conversations that follow another on a second platform, and rights that one process holds alone.

ALTER TABLE threads ADD COLUMN mirror_of text REFERENCES threads (key);
CREATE INDEX mirrors ON threads (mirror_of) WHERE mirror_of IS NOT NULL;

-- An edit of an old message may have been posted anew: the newest message of a key is the one to edit.
DROP INDEX posted_messages;
CREATE INDEX shown_messages ON chat_outbox (thread_key, message_key, sequence)
  WHERE kind = 'post' OR status = 'sent';

CREATE TABLE ownerships (
  name text PRIMARY KEY,
  owner text NOT NULL,
  until timestamptz NOT NULL
);
