-- A single Chinese character is looked for as the beginning of a word, as is what is being typed: with the first
-- characters of all words in the index, that takes no longer than a whole word. What was said is indexed again, a
-- little at a time, after the start.

DROP TABLE found;
CREATE VIRTUAL TABLE found USING fts5 (
    text, thinking, content = '', columnsize = 0, prefix = '1', tokenize = 'unicode61 remove_diacritics 2'
);
UPDATE message SET indexed = 0 WHERE indexed <> 0;
