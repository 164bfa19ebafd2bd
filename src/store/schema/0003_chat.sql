-- Conversations, messages on their way out, actions that came in.

CREATE TABLE threads (
  key text PRIMARY KEY,
  platform text NOT NULL,
  workspace text NOT NULL,
  channel text NOT NULL,
  root_id text,
  next_sequence integer NOT NULL DEFAULT 1,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE chat_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  thread_key text NOT NULL REFERENCES threads (key),
  sequence integer NOT NULL,
  nonce text NOT NULL UNIQUE CHECK (length(nonce) <= 25),
  kind text NOT NULL CHECK (kind IN ('post', 'edit')),
  message_key text NOT NULL,
  coalesce_key text,
  notification jsonb NOT NULL,
  status text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'sending', 'sent', 'superseded', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  doubtful boolean NOT NULL DEFAULT false,
  next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  claimed_by text,
  claim_until timestamptz,
  remote_id text,
  last_error text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sent_at timestamptz,
  UNIQUE (thread_key, sequence)
);

CREATE INDEX unsent_messages ON chat_outbox (thread_key, sequence) WHERE status IN ('pending', 'sending');
CREATE INDEX posted_messages ON chat_outbox (thread_key, message_key) WHERE kind = 'post';

-- Each action of a person is recorded by its platform ID before it has an effect.
CREATE TABLE inbox (
  platform text NOT NULL,
  delivery_id text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (platform, delivery_id)
);
