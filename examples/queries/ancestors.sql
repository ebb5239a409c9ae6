-- What is a tomato? Every class above it, and the line that says so: the way up leads from Markdown into Turtle.
WITH RECURSIVE up(source, id, steps, said_at) AS (
    SELECT source, iri, 0, path || ':' || line FROM classes WHERE label = 'Tomato'
    UNION
    SELECT e.source, e.to_id, up.steps + 1, e.path || ':' || e.line
    FROM up JOIN edges e ON e.source = up.source AND e.from_id = up.id AND e.type = 'subClassOf'
    WHERE up.steps < 50
)
SELECT substr('                    ', 1, 2 * up.steps) || n.label AS class, up.said_at, c.comment AS definition
FROM up
JOIN nodes n ON n.source = up.source AND n.id = up.id
LEFT JOIN classes c ON c.source = up.source AND c.iri = up.id
ORDER BY up.steps, n.label
