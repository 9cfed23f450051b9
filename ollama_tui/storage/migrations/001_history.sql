-- Conversations, their trees of messages, and what the program remembers.
--
-- Ids are UUIDv7 text, times are milliseconds since 1970 (UTC), JSON holds what is only ever read whole. The `number`
-- of a row is this file's own and leaves it never: it gives the order of arrival and the rows of the search index.
-- Every table keeps its rowid, by which a damaged file is read row by row. No STRICT tables and no RETURNING: the
-- Python 3.11 of RHEL 9 comes with SQLite 3.34.

CREATE TABLE conversation (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL DEFAULT '',
    title_key TEXT NOT NULL DEFAULT '',         -- the title as the list's filter compares it
    title_source TEXT NOT NULL DEFAULT 'none',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    host_id TEXT NOT NULL DEFAULT '',           -- how the next question is asked: no host and no model is "not chosen"
    model TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT '',
    system TEXT NOT NULL DEFAULT '',
    options TEXT NOT NULL DEFAULT '{}',
    think TEXT,
    format TEXT,
    keep_alive TEXT,
    leaf_id TEXT,                               -- the last message of the branch that was open last
    pinned INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER,                         -- in the bin since then,
    purge_at INTEGER                            -- and gone for good after that
);
CREATE INDEX conversation_recent ON conversation (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX conversation_pinned ON conversation (updated_at, id) WHERE deleted_at IS NULL AND pinned = 1;
CREATE INDEX conversation_binned ON conversation (purge_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE conversation_tag (
    number INTEGER PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    UNIQUE (conversation_id, tag)
);
CREATE INDEX conversation_tag_name ON conversation_tag (tag);

-- A conversation that does not exist yet can have a draft, so this refers to none.
CREATE TABLE draft (
    number INTEGER PRIMARY KEY,
    conversation_id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL
);

CREATE TABLE message (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES message (id),   -- no cascade: SQLite follows one to a depth of 1,000 only
    position INTEGER NOT NULL DEFAULT 0,        -- among the children of its parent
    chosen_id TEXT,                             -- the child that was shown last
    role TEXT NOT NULL,                         -- user, assistant, system, tool, summary
    text TEXT NOT NULL DEFAULT '',
    thinking TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    tool_calls TEXT,
    tool_name TEXT NOT NULL DEFAULT '',
    tool_call_id TEXT NOT NULL DEFAULT '',
    host_id TEXT NOT NULL DEFAULT '',           -- who answered
    model TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT '',
    ending TEXT NOT NULL DEFAULT 'complete',
    end_reason TEXT NOT NULL DEFAULT '',
    failure TEXT,                               -- {"code": …, "params": {…}}
    figures TEXT,
    sent TEXT,                                  -- what was sent, but for the messages:
    sent_ids TEXT,                              -- {"sent": […], "left_out": […]}, each a list of ids, or of [from, to) along the way from the root
    covers TEXT,                                -- of a summary: the ids of the messages that it stands for
    indexed INTEGER NOT NULL DEFAULT 0          -- whether the search index has it
);
CREATE INDEX message_child ON message (conversation_id, parent_id, position);
CREATE INDEX message_parent ON message (parent_id);
CREATE INDEX message_asked ON message (number) WHERE role = 'user';
CREATE INDEX message_unfinished ON message (number) WHERE ending = 'unfinished';
CREATE INDEX message_unindexed ON message (number) WHERE indexed = 0;

-- What has arrived of an unfinished answer; its end folds them into the message.
CREATE TABLE piece (
    number INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    thinking TEXT NOT NULL
);
CREATE INDEX piece_message ON piece (message_id);

CREATE TABLE attachment (
    number INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    content BLOB NOT NULL
);

CREATE TABLE message_attachment (
    number INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL REFERENCES attachment (sha256),
    sent_sha256 TEXT REFERENCES attachment (sha256),    -- what was sent instead, if it was converted
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX message_attachment_message ON message_attachment (message_id);
CREATE INDEX message_attachment_sha256 ON message_attachment (sha256);
CREATE INDEX message_attachment_sent ON message_attachment (sent_sha256) WHERE sent_sha256 IS NOT NULL;

-- Questions that wait for a running answer to end.
CREATE TABLE queued (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX queued_conversation ON queued (conversation_id);

CREATE TABLE queued_attachment (
    number INTEGER PRIMARY KEY,
    queued_id TEXT NOT NULL REFERENCES queued (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL REFERENCES attachment (sha256),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX queued_attachment_queued ON queued_attachment (queued_id);
CREATE INDEX queued_attachment_sha256 ON queued_attachment (sha256);

-- Running programs that write answers, and which answers each writes.
CREATE TABLE instance (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    pid INTEGER NOT NULL,
    started TEXT NOT NULL,                      -- when the process started, as its system tells it
    place TEXT NOT NULL,                        -- machine, boot and process namespace: where the pid means something
    expires_at INTEGER NOT NULL
);

CREATE TABLE lease (
    number INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE REFERENCES message (id) ON DELETE CASCADE,
    instance_id TEXT NOT NULL
);

CREATE TABLE state (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
);
INSERT INTO state (key, value) VALUES ('storage.search-scheme', '1');

-- Words for the search, made from messages by `storage.search`; the rowid is the message's number.
CREATE VIRTUAL TABLE found USING fts5 (
    text, thinking, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
);
