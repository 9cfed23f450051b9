-- How often a conversation changed, but for the pieces of an unfinished answer: from it another window knows whether
-- there is anything to read again.

ALTER TABLE conversation ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER conversation_changed AFTER UPDATE OF
    title, host_id, model, digest, system, options, think, format, keep_alive, leaf_id, pinned, archived, deleted_at
ON conversation BEGIN
    UPDATE conversation SET revision = revision + 1 WHERE number = NEW.number;
END;
CREATE TRIGGER message_added AFTER INSERT ON message BEGIN
    UPDATE conversation SET revision = revision + 1 WHERE id = NEW.conversation_id;
END;
CREATE TRIGGER message_changed AFTER UPDATE OF
    parent_id, position, text, thinking, ending, failure, figures, sent, sent_ids, deleted_at
ON message BEGIN
    UPDATE conversation SET revision = revision + 1 WHERE id = NEW.conversation_id;
END;
CREATE TRIGGER message_removed AFTER DELETE ON message BEGIN
    UPDATE conversation SET revision = revision + 1 WHERE id = OLD.conversation_id;
END;
CREATE TRIGGER queued_added AFTER INSERT ON queued BEGIN
    UPDATE conversation SET revision = revision + 1 WHERE id = NEW.conversation_id;
END;
CREATE TRIGGER queued_changed AFTER UPDATE ON queued BEGIN
    UPDATE conversation SET revision = revision + 1 WHERE id IN (OLD.conversation_id, NEW.conversation_id);
END;
CREATE TRIGGER queued_removed AFTER DELETE ON queued BEGIN
    UPDATE conversation SET revision = revision + 1 WHERE id = OLD.conversation_id;
END;
