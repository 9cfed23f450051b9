-- A tree that is worked on: answers that the person changed, messages that were copied, and those that were deleted.

ALTER TABLE message ADD COLUMN edited_from TEXT;        -- the answer whose text the person changed into this one
ALTER TABLE message ADD COLUMN copied_from TEXT;        -- the message, of another conversation, that this is a copy of
ALTER TABLE message ADD COLUMN deleted_at INTEGER;      -- it has left its branches since then,
ALTER TABLE message ADD COLUMN purge_at INTEGER;        -- and is emptied for good after that
CREATE INDEX message_copied ON message (copied_from) WHERE copied_from IS NOT NULL;
CREATE INDEX message_binned ON message (purge_at) WHERE purge_at IS NOT NULL;
