-- An archive of onrecord: articles, who is in them, and who said what.  README.md beside this file explains it with worked
-- questions.  Everything that one article says hangs on its row in `articles`: delete that, and all of it goes.

CREATE TABLE articles (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,   -- the id that the article came with, or its file
    uri       TEXT,
    headline  TEXT,
    byline    TEXT,
    dateline  TEXT,
    published TEXT,            -- as it was given
    day       TEXT,            -- the same as YYYY-MM-DD; NULL where it is no such date
    language  TEXT,
    text      TEXT,            -- what all offsets index, in code points from 0; NULL if the graph came without it
    meta      TEXT             -- the record's other fields, a JSON object
);
CREATE INDEX articles_by_name ON articles (name);
CREATE INDEX articles_by_day ON articles (day);
CREATE INDEX articles_days ON articles (id, day); -- the days alone: a search puts thousands of quotes in order by them

-- What each stretch of the text is: headline, byline, dateline, caption, boilerplate; what no zone covers is body.
CREATE TABLE zones (
    article_id INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    number     INTEGER NOT NULL, -- in the order of the text
    type       TEXT NOT NULL,
    start      INTEGER NOT NULL,
    "end"      INTEGER NOT NULL,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;

-- ---- who and what there is, over all articles

CREATE TABLE entities (
    id     INTEGER PRIMARY KEY,
    type   TEXT NOT NULL CHECK (type IN ('person', 'organization', 'place')),
    name   TEXT NOT NULL,      -- as the first article has it
    named  INTEGER NOT NULL,   -- 0: no article names it ("officials")
    gender TEXT,               -- male, female or NULL
    articles INTEGER NOT NULL DEFAULT 0, -- that it is in, and
    quotes   INTEGER NOT NULL DEFAULT 0  -- what it says in them; triggers count
);

-- Every name that an entity goes by.
CREATE TABLE names (
    id        INTEGER PRIMARY KEY,
    entity_id INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE,
    name      TEXT NOT NULL,
    UNIQUE (entity_id, name)
);

-- ---- what one article says

-- An entity as one article has it.  To take a merge back is to give an appearance another entity: all else hangs on it.
CREATE TABLE appearances (
    id         INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    node       TEXT NOT NULL,  -- its id in the article's graph: e12
    entity_id  INTEGER REFERENCES entities,
    type       TEXT NOT NULL,
    name       TEXT NOT NULL,
    key        TEXT NOT NULL,  -- the name for comparison: lower case, no accents, no punctuation
    named      INTEGER NOT NULL,
    plural     INTEGER NOT NULL,
    gender     TEXT,
    quotes     INTEGER NOT NULL DEFAULT 0 -- how many it says; triggers count
);
CREATE INDEX appearances_by_article ON appearances (article_id);
CREATE INDEX appearances_by_entity ON appearances (entity_id, article_id);

CREATE TABLE titles (
    id         INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    node       TEXT NOT NULL,
    name       TEXT NOT NULL,
    key        TEXT NOT NULL,
    honorific  INTEGER NOT NULL -- 1: Mr., Dr., Sir; no office
);
CREATE INDEX titles_by_article ON titles (article_id);
CREATE INDEX titles_by_key ON titles (key);

CREATE TABLE mentions (
    id            INTEGER PRIMARY KEY,
    article_id    INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    appearance_id INTEGER REFERENCES appearances ON DELETE CASCADE, -- of this entity,
    title_id      INTEGER REFERENCES titles ON DELETE CASCADE,      -- or of this title
    start         INTEGER NOT NULL,
    "end"         INTEGER NOT NULL,
    text          TEXT NOT NULL,
    kind          TEXT NOT NULL, -- name, nominal or pronoun
    rule          TEXT,
    confidence    REAL
);
CREATE INDEX mentions_by_article ON mentions (article_id);
CREATE INDEX mentions_by_appearance ON mentions (appearance_id);
CREATE INDEX mentions_by_title ON mentions (title_id) WHERE title_id IS NOT NULL;

CREATE TABLE quotes (
    id            INTEGER PRIMARY KEY,
    article_id    INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    node          TEXT NOT NULL,
    form          TEXT NOT NULL, -- direct, mixed or indirect
    text          TEXT NOT NULL, -- its pieces, joined by a space
    speaker_id    INTEGER REFERENCES appearances ON DELETE SET NULL, -- NULL: the article gives none
    speaker_text  TEXT,          -- what the attribution rests on, as written: "he"
    speaker_kind  TEXT,
    speaker_start INTEGER,
    speaker_end   INTEGER,
    cue           TEXT,          -- "warned"
    cue_start     INTEGER,
    cue_end       INTEGER,
    act           TEXT,          -- what kind of saying: said, asked, denied ...
    rule          TEXT,
    confidence    REAL,
    negated       INTEGER NOT NULL, -- 1: the article says that it was not said
    hypothetical  INTEGER NOT NULL,
    repaired      INTEGER NOT NULL, -- 1: a quotation mark was missing
    parent_id     INTEGER REFERENCES quotes ON DELETE SET NULL -- the quote that it stands in
);
CREATE INDEX quotes_by_article ON quotes (article_id);
CREATE INDEX quotes_by_speaker ON quotes (speaker_id, article_id);
CREATE INDEX quotes_core ON quotes (id, article_id, speaker_id); -- what a search looks at, without the words
CREATE INDEX quotes_by_form ON quotes (form);
CREATE INDEX quotes_by_parent ON quotes (parent_id) WHERE parent_id IS NOT NULL;

-- The pieces of a quote in reading order; `quoted` 1: what is inside marks in a mixed quote.
CREATE TABLE spans (
    quote_id INTEGER NOT NULL REFERENCES quotes ON DELETE CASCADE,
    quoted   INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    start    INTEGER NOT NULL,
    "end"    INTEGER NOT NULL,
    PRIMARY KEY (quote_id, quoted, number)
) WITHOUT ROWID;

-- Links between entities: affiliated, based_in, lives_in, part_of.
CREATE TABLE links (
    id         INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    type       TEXT NOT NULL,
    source_id  INTEGER NOT NULL REFERENCES appearances ON DELETE CASCADE,
    target_id  INTEGER NOT NULL REFERENCES appearances ON DELETE CASCADE,
    role       TEXT,
    former     INTEGER NOT NULL,
    rule       TEXT,
    confidence REAL
);
CREATE INDEX links_by_article ON links (article_id);
CREATE INDEX links_by_source ON links (source_id);
CREATE INDEX links_by_target ON links (target_id, type, source_id);

-- Who holds a title ("holds").
CREATE TABLE holders (
    person_id  INTEGER NOT NULL REFERENCES appearances ON DELETE CASCADE,
    title_id   INTEGER NOT NULL REFERENCES titles ON DELETE CASCADE,
    former     INTEGER NOT NULL,
    rule       TEXT,
    confidence REAL,
    PRIMARY KEY (person_id, title_id, former)
) WITHOUT ROWID;
CREATE INDEX holders_by_title ON holders (title_id);

-- Where a title is held ("at").
CREATE TABLE bodies (
    title_id   INTEGER NOT NULL REFERENCES titles ON DELETE CASCADE,
    body_id    INTEGER NOT NULL REFERENCES appearances ON DELETE CASCADE,
    former     INTEGER NOT NULL,
    rule       TEXT,
    confidence REAL,
    PRIMARY KEY (title_id, body_id, former)
) WITHOUT ROWID;
CREATE INDEX bodies_by_body ON bodies (body_id);

-- Who says something for whom in an article: an organization itself, who belongs to it, who holds a title there.  It follows from
-- what stands above, and is kept so that a search for what an organization says need not put it together.
CREATE TABLE voices (
    body_id    INTEGER NOT NULL REFERENCES appearances ON DELETE CASCADE,
    speaker_id INTEGER NOT NULL, -- an appearance in the same article
    PRIMARY KEY (body_id, speaker_id)
) WITHOUT ROWID;

-- Whom and what a quote is about ("mentions").
CREATE TABLE subjects (
    quote_id   INTEGER NOT NULL REFERENCES quotes ON DELETE CASCADE,
    subject_id INTEGER NOT NULL REFERENCES appearances ON DELETE CASCADE,
    rule       TEXT,
    confidence REAL,
    PRIMARY KEY (quote_id, subject_id)
) WITHOUT ROWID;
CREATE INDEX subjects_by_subject ON subjects (subject_id);

-- ---- why two appearances are one entity

-- What an article says by which a person can be known again.  agreed 1: this is why the appearance was joined to its entity.
CREATE TABLE traits (
    appearance_id INTEGER NOT NULL REFERENCES appearances ON DELETE CASCADE,
    kind          TEXT NOT NULL CHECK (kind IN ('name', 'title', 'organization')),
    key           TEXT NOT NULL,
    agreed        INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (appearance_id, kind, key)
) WITHOUT ROWID;

-- The same by entity, each name of a person with each title and organization: what a new appearance is looked up in.  An
-- organization or a place is known by its name: kind is 'type' then, and key its type.
CREATE TABLE identities (
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL,
    key       TEXT NOT NULL,
    entity_id INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE,
    PRIMARY KEY (name, kind, key, entity_id)
) WITHOUT ROWID;
CREATE INDEX identities_by_entity ON identities (entity_id, kind, name);

-- ---- the words

CREATE VIRTUAL TABLE quotes_fts USING fts5 (
    text, content='quotes', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    headline, text, content='articles', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE names_fts USING fts5 (
    name, content='names', content_rowid='id', tokenize='unicode61 remove_diacritics 2');

CREATE TRIGGER quotes_added AFTER INSERT ON quotes BEGIN
    INSERT INTO quotes_fts (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER quotes_gone AFTER DELETE ON quotes BEGIN
    INSERT INTO quotes_fts (quotes_fts, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER articles_added AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, headline, text) VALUES (new.id, new.headline, new.text);
END;
CREATE TRIGGER articles_gone AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, headline, text) VALUES ('delete', old.id, old.headline, old.text);
END;
CREATE TRIGGER names_added AFTER INSERT ON names BEGIN
    INSERT INTO names_fts (rowid, name) VALUES (new.id, new.name);
END;
CREATE TRIGGER names_gone AFTER DELETE ON names BEGIN
    INSERT INTO names_fts (names_fts, rowid, name) VALUES ('delete', old.id, old.name);
END;

-- ---- counts

CREATE TRIGGER quotes_said AFTER INSERT ON quotes WHEN new.speaker_id IS NOT NULL BEGIN
    UPDATE appearances SET quotes = quotes + 1 WHERE id = new.speaker_id;
END;
CREATE TRIGGER quotes_unsaid AFTER DELETE ON quotes WHEN old.speaker_id IS NOT NULL BEGIN
    UPDATE appearances SET quotes = quotes - 1 WHERE id = old.speaker_id;
END;
CREATE TRIGGER quotes_said_by AFTER UPDATE OF speaker_id ON quotes WHEN new.speaker_id IS NOT old.speaker_id BEGIN
    UPDATE appearances SET quotes = quotes - 1 WHERE id = old.speaker_id;
    UPDATE appearances SET quotes = quotes + 1 WHERE id = new.speaker_id;
END;

-- What an appearance gives to its entity and takes away with it.
CREATE TRIGGER appearances_joined AFTER UPDATE OF entity_id ON appearances WHEN new.entity_id IS NOT old.entity_id BEGIN
    UPDATE entities SET quotes = quotes - old.quotes, articles = articles - NOT EXISTS (SELECT 1 FROM appearances p
        WHERE p.entity_id = old.entity_id AND p.article_id = old.article_id) WHERE id = old.entity_id;
    UPDATE entities SET quotes = quotes + new.quotes, articles = articles + NOT EXISTS (SELECT 1 FROM appearances p
        WHERE p.entity_id = new.entity_id AND p.article_id = new.article_id AND p.id <> new.id) WHERE id = new.entity_id;
END;
CREATE TRIGGER appearances_counted AFTER UPDATE OF quotes ON appearances WHEN new.entity_id IS NOT NULL BEGIN
    UPDATE entities SET quotes = quotes + new.quotes - old.quotes WHERE id = new.entity_id;
END;
CREATE TRIGGER appearances_gone AFTER DELETE ON appearances WHEN old.entity_id IS NOT NULL BEGIN
    UPDATE entities SET quotes = quotes - old.quotes, articles = articles - NOT EXISTS (SELECT 1 FROM appearances p
        WHERE p.entity_id = old.entity_id AND p.article_id = old.article_id) WHERE id = old.entity_id;
END;

-- ---- views: where most questions begin

-- Every office that a person holds or held, by article.
CREATE VIEW offices AS
SELECT a.day, p.entity_id AS person_id, pe.name AS person, t.name AS title, b.entity_id AS body_id, be.name AS body,
       h.former, a.id AS article_id, a.name AS article, p.id AS appearance_id
FROM holders h
JOIN appearances p ON p.id = h.person_id
JOIN entities pe ON pe.id = p.entity_id
JOIN titles t ON t.id = h.title_id AND NOT t.honorific
JOIN articles a ON a.id = p.article_id
LEFT JOIN bodies o ON o.title_id = t.id
LEFT JOIN appearances b ON b.id = o.body_id
LEFT JOIN entities be ON be.id = b.entity_id;

-- Who said what: a row for each quote, with the office that says most of the speaker in that article.
CREATE VIEW quotations AS
SELECT q.id, a.day, s.entity_id AS speaker_id, e.name AS speaker, e.type AS speaker_type, s.named, q.speaker_text,
       (SELECT t.name FROM holders h JOIN titles t ON t.id = h.title_id
        WHERE h.person_id = s.id AND NOT t.honorific ORDER BY h.former, t.id LIMIT 1) AS title,
       coalesce(
       (SELECT be.name FROM holders h JOIN titles t ON t.id = h.title_id JOIN bodies o ON o.title_id = t.id
        JOIN appearances b ON b.id = o.body_id JOIN entities be ON be.id = b.entity_id
        WHERE h.person_id = s.id AND NOT t.honorific ORDER BY h.former, t.id LIMIT 1),
       (SELECT be.name FROM links l JOIN appearances b ON b.id = l.target_id JOIN entities be ON be.id = b.entity_id
        WHERE l.source_id = s.id AND l.type = 'affiliated' ORDER BY l.former, l.id LIMIT 1)) AS organization,
       (SELECT h.former FROM holders h JOIN titles t ON t.id = h.title_id
        WHERE h.person_id = s.id AND NOT t.honorific ORDER BY h.former, t.id LIMIT 1) AS former,
       coalesce(q.act, q.cue) AS act, q.form, q.text, q.negated, q.hypothetical, q.node, a.id AS article_id,
       a.name AS article, a.headline, a.uri
FROM quotes q
JOIN articles a ON a.id = q.article_id
LEFT JOIN appearances s ON s.id = q.speaker_id
LEFT JOIN entities e ON e.id = s.entity_id;

-- How often an entity is in the archive.
CREATE VIEW entity_counts AS
SELECT id, type, name, named, gender, articles, quotes FROM entities;
