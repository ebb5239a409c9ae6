"""The tables, and over them the views that are the public interface.

What each *file* says is kept by file (``said``, ``answers``, ``statements``, ``axioms_``), so that replacing a file is
replacing its rows. What spans files (``things``, ``owl``, ``targets.thing_id``, ``axioms_.first``) is derived from that
by the settle, over what is listed in the ``dirty_`` tables.
"""

from __future__ import annotations

from ghsync_plugins.backends.sqlite.search import SEARCHABLE

APPLICATION_ID = 0x67687379
"""``ghsy``: how SQLite's header tells that the file is ours."""

SETTLED, LISTED, EVERYTHING = 0, 1, 2
"""``sources.unsettled``: still to be settled is nothing, what the dirty_ tables list, or all (after a first load)."""

_TABLES = """
CREATE TABLE sources (
    source_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    location TEXT, identity TEXT, commit_id TEXT,
    fingerprint TEXT NOT NULL DEFAULT '',
    clean INTEGER NOT NULL DEFAULT 0,
    unsettled INTEGER NOT NULL DEFAULT 2,
    counts TEXT NOT NULL DEFAULT '[0,0,0,0,0]'
);
-- What a source noted down for its next run, as JSON: apart from its row, which every write of files reads.
CREATE TABLE memories (source_id INTEGER PRIMARY KEY, memory TEXT NOT NULL);
CREATE TABLE files_ (
    file_id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL, path TEXT NOT NULL,
    blob_id TEXT NOT NULL, size INTEGER NOT NULL,
    kind TEXT, status TEXT NOT NULL, reason TEXT,
    commit_id TEXT, synced_at TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    edges INTEGER NOT NULL DEFAULT 0,
    arrived INTEGER NOT NULL DEFAULT 1, -- new since the last run that came to its end
    UNIQUE (path, source_id)
);
CREATE INDEX files_arrived ON files_ (source_id) WHERE arrived;
CREATE INDEX files_failed ON files_ (source_id) WHERE status = 'failed';
CREATE TABLE issues (
    file_id INTEGER NOT NULL, severity TEXT NOT NULL,
    stage TEXT, line INTEGER, code TEXT NOT NULL, message TEXT NOT NULL
);
CREATE INDEX issues_of_file ON issues (file_id);

-- A node of the graph, its columns merged from all files that say it; kind is null until the settle has seen it.
CREATE TABLE things (
    thing_id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL, id TEXT NOT NULL,
    kind TEXT, label TEXT, home INTEGER, line INTEGER, properties TEXT NOT NULL DEFAULT '{}',
    UNIQUE (id, source_id) -- in this order, so that an id is found in all sources
);
-- The same for what only classes (facet 1) and properties (facet 2) have; data is JSON.
CREATE TABLE owl (
    thing_id INTEGER NOT NULL, facet INTEGER NOT NULL, source_id INTEGER NOT NULL,
    kind TEXT NOT NULL, label TEXT, home INTEGER, line INTEGER, data TEXT NOT NULL,
    PRIMARY KEY (thing_id, facet)
) WITHOUT ROWID;
-- What one file says of a thing: as a node (facet 0), a class (1), a property (2).
CREATE TABLE said (
    thing_id INTEGER NOT NULL, facet INTEGER NOT NULL, file_id INTEGER NOT NULL,
    declared INTEGER NOT NULL, kind TEXT NOT NULL, label TEXT, line INTEGER, data TEXT NOT NULL,
    PRIMARY KEY (thing_id, facet, file_id)
) WITHOUT ROWID;
CREATE INDEX said_by_file ON said (file_id);

CREATE TABLE names (
    name_id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL, scope TEXT NOT NULL, text TEXT NOT NULL,
    UNIQUE (source_id, scope, text)
);
-- The names that a file's things answer to.
CREATE TABLE answers (
    name_id INTEGER NOT NULL, file_id INTEGER NOT NULL, thing_id INTEGER NOT NULL, path TEXT NOT NULL,
    rank INTEGER NOT NULL,
    PRIMARY KEY (name_id, file_id, thing_id, path)
) WITHOUT ROWID;
CREATE INDEX answers_of_file ON answers (file_id);

-- A reference, once for all who use it: edges point here, so that an alias which moves changes one row. thing_id and
-- id say what it means since the last settle; a digest of all its parts is its key.
CREATE TABLE targets (
    target_id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL, key BLOB NOT NULL,
    name TEXT NOT NULL, stub TEXT, path TEXT NOT NULL, folder TEXT NOT NULL,
    thing_id INTEGER, id TEXT,
    UNIQUE (source_id, key)
);
CREATE TABLE target_names (
    target_id INTEGER NOT NULL, position INTEGER NOT NULL, name_id INTEGER NOT NULL,
    PRIMARY KEY (target_id, position)
) WITHOUT ROWID;

CREATE TABLE edge_types (type_id INTEGER PRIMARY KEY, type TEXT NOT NULL UNIQUE);
-- One end of a file's edges, named once; then the edges themselves. written is the target as spelled, where that is not
-- its name; count is null for 1, properties for none.
CREATE TABLE subjects (
    subject_id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL, from_target INTEGER NOT NULL,
    UNIQUE (file_id, from_target)
);
CREATE TABLE statements (
    subject_id INTEGER NOT NULL, type_id INTEGER NOT NULL, to_target INTEGER NOT NULL,
    line INTEGER, count INTEGER, written TEXT, properties TEXT,
    PRIMARY KEY (subject_id, type_id, to_target)
) WITHOUT ROWID;

-- arguments: JSON list of canonical texts, null where axiom_targets has a reference. text is null until its references
-- are resolved; of equal axioms the first stands for all, with the annotations of all in merged.
CREATE TABLE axioms_ (
    axiom_id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL, source_id INTEGER NOT NULL,
    kind TEXT NOT NULL, arguments TEXT NOT NULL, line INTEGER, annotations TEXT NOT NULL,
    text TEXT, subject TEXT, object TEXT,
    first INTEGER NOT NULL DEFAULT 0, merged TEXT
);
CREATE INDEX axioms_of_file ON axioms_ (file_id);
CREATE TABLE axiom_targets (
    axiom_id INTEGER NOT NULL, position INTEGER NOT NULL, target_id INTEGER NOT NULL, written TEXT NOT NULL,
    PRIMARY KEY (axiom_id, position)
) WITHOUT ROWID;

CREATE TABLE dirty_things (thing_id INTEGER PRIMARY KEY);
CREATE TABLE dirty_names (name_id INTEGER PRIMARY KEY);
CREATE TABLE dirty_targets (target_id INTEGER PRIMARY KEY);
CREATE TABLE dirty_axioms (source_id INTEGER, kind TEXT, text TEXT, PRIMARY KEY (source_id, kind, text)) WITHOUT ROWID;
-- Axioms whose references are to be read for the first time.
CREATE TABLE unwritten_axioms (axiom_id INTEGER PRIMARY KEY);

CREATE TABLE runs_ (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL, commit_id TEXT, status TEXT NOT NULL,
    started_at TEXT NOT NULL, ended_at TEXT NOT NULL, statistics TEXT NOT NULL
);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""

EDGE_NAME = "iif(b.name = b.stub AND a.name IS NOT a.stub, a.name, b.name)"
"""What an edge refers by. Of one that points back at what its file defines, that is the name of the other end."""

EDGES_BY_FILE = """FROM files_ f
    CROSS JOIN subjects u ON u.file_id = f.file_id
    CROSS JOIN statements e ON e.subject_id = u.subject_id
    CROSS JOIN targets a ON a.target_id = u.from_target
    CROSS JOIN targets b ON b.target_id = e.to_target
    CROSS JOIN edge_types y ON y.type_id = e.type_id
    WHERE a.id IS NOT NULL AND b.id IS NOT NULL"""
"""The edges of the view from the files on, for a condition on ``f``: SQLite would rather begin elsewhere."""

# Joins are LEFT and one hop from the driving table, which lets SQLite start from whichever column is asked for.
_VIEWS = """
CREATE VIEW files AS
SELECT s.name AS source, f.path, f.blob_id, f.size, f.kind, f.status, f.reason, f.commit_id, f.synced_at
FROM files_ f LEFT JOIN sources s ON s.source_id = f.source_id;

CREATE VIEW nodes AS
SELECT t.id, s.name AS source, t.kind, t.label, f.path, t.line, t.properties
FROM things t LEFT JOIN sources s ON s.source_id = t.source_id LEFT JOIN files_ f ON f.file_id = t.home
WHERE t.kind IS NOT NULL;

CREATE VIEW edges AS
SELECT s.name AS source, a.id AS from_id, b.id AS to_id, y.type,
       -- Of an edge that points back at what its file defines, the name is that of the other end.
       iif(b.name = b.stub AND a.name IS NOT a.stub, a.name, b.name) AS name, f.path, e.line,
       coalesce(e.count, 1) AS count, coalesce(e.properties, '{}') AS properties
FROM statements e
JOIN subjects u ON u.subject_id = e.subject_id
LEFT JOIN files_ f ON f.file_id = u.file_id
LEFT JOIN targets a ON a.target_id = u.from_target
LEFT JOIN sources s ON s.source_id = a.source_id
LEFT JOIN targets b ON b.target_id = e.to_target
LEFT JOIN edge_types y ON y.type_id = e.type_id
WHERE a.id IS NOT NULL AND b.id IS NOT NULL;

CREATE VIEW classes AS
SELECT t.id AS iri, s.name AS source, o.label, json_extract(o.data, '$.comment') AS comment, f.path, o.line,
       json_extract(o.data, '$.annotations') AS annotations
FROM owl o JOIN things t ON t.thing_id = o.thing_id
LEFT JOIN sources s ON s.source_id = t.source_id LEFT JOIN files_ f ON f.file_id = o.home
WHERE o.facet = 1;

CREATE VIEW properties AS
SELECT t.id AS iri, s.name AS source, o.kind, o.label, json_extract(o.data, '$.domain') AS domain,
       json_extract(o.data, '$.range') AS range, f.path, o.line,
       json_extract(o.data, '$.characteristics') AS characteristics
FROM owl o JOIN things t ON t.thing_id = o.thing_id
LEFT JOIN sources s ON s.source_id = t.source_id LEFT JOIN files_ f ON f.file_id = o.home
WHERE o.facet = 2;

CREATE VIEW axioms AS
SELECT s.name AS source, a.kind, a.subject, a.object, a.text, f.path, a.line,
       coalesce(a.merged, a.annotations) AS annotations
FROM axioms_ a LEFT JOIN sources s ON s.source_id = a.source_id LEFT JOIN files_ f ON f.file_id = a.file_id
WHERE a.first = 1;

CREATE VIEW runs AS
SELECT id, source, commit_id, status, started_at, ended_at, statistics FROM runs_;
"""

LATE_INDEXES = {
    "things_at_home": "things (home)",
    "targets_of_thing": "targets (thing_id)",
    "targets_by_id": "targets (id)",
    "target_names_by_name": "target_names (name_id)",
    "subjects_by_target": "subjects (from_target)",
    "statements_to": "statements (to_target, subject_id)",
    "axioms_by_text": "axioms_ (source_id, kind, text)",
    "axioms_by_subject": "axioms_ (subject)",
    "axioms_by_object": "axioms_ (object)",
    "axiom_targets_by_target": "axiom_targets (target_id)",
    "things_known": "things (source_id) WHERE kind IS NOT NULL",
    "owl_of_source": "owl (source_id, facet)",
    "axioms_shown": "axioms_ (source_id) WHERE first = 1",
    "files_edges": "files_ (source_id, edges)",
}
"""Indexes that no write of a file needs. The first settle makes them, much faster than they would grow row by row.
The last four are what the graph is counted by, without reading its rows."""


def _ends(column: str, end: str) -> str:
    """What the files say themselves; then what axioms do, whose references have got their meaning in the settle."""
    kinds = ", ".join(f"'{prefix}Property{end}'" for prefix in ("Object", "Data", "Annotation"))
    return f"""(SELECT json_group_array(value) FROM (
           SELECT value FROM (
               SELECT j.value, '' AS path, j.key AS place FROM json_each(o.data, '$.{column}') j
               UNION ALL
               SELECT a.object, f.path, a.line FROM axioms_ a JOIN files_ f ON f.file_id = a.file_id
               WHERE a.subject = t.id AND a.source_id = t.source_id AND a.first = 1 AND a.kind IN ({kinds})
           ) GROUP BY value ORDER BY min(path), min(place))) AS {column}"""


_PROPERTIES_BY_AXIOMS = f"""
DROP VIEW properties;
CREATE VIEW properties AS
SELECT t.id AS iri, s.name AS source, o.kind, o.label,
       {_ends("domain", "Domain")},
       {_ends("range", "Range")},
       f.path, o.line, json_extract(o.data, '$.characteristics') AS characteristics
FROM owl o JOIN things t ON t.thing_id = o.thing_id
LEFT JOIN sources s ON s.source_id = t.source_id LEFT JOIN files_ f ON f.file_id = o.home
WHERE o.facet = 2;
"""

MIGRATIONS: tuple[str, ...] = (_TABLES + _VIEWS, _PROPERTIES_BY_AXIOMS, SEARCHABLE)
"""Entry i takes a database from schema version i (``PRAGMA user_version``) to i + 1; an empty file has version 0."""

VERSION = len(MIGRATIONS)
