-- Who speaks of the tomato, by whatever name, and how? Pages, journals, classes and individuals, to the line.
WITH tomato AS (
    SELECT source, id FROM nodes WHERE label = 'Tomato' AND kind IN ('page', 'class')
)
SELECT f.kind, f.label AS who, e.type AS says, t.label AS of_what, e.name AS called, e.path || ':' || e.line AS place
FROM tomato
JOIN edges e ON e.source = tomato.source AND e.to_id = tomato.id
JOIN nodes f ON f.source = e.source AND f.id = e.from_id
JOIN nodes t ON t.source = e.source AND t.id = e.to_id
ORDER BY f.kind, f.label, e.type, e.name
