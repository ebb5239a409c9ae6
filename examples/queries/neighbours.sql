-- Who speaks of the tomato, by whatever name? Pages, journals, classes and individuals, to the line.
WITH tomato AS (
    SELECT source, id FROM nodes WHERE label = 'Tomato' AND kind IN ('page', 'class')
), said AS (
    SELECT source, from_id, type, name, to_id, path, line FROM edges
    UNION ALL
    SELECT source, subject, 'is a', object, object, path, line FROM axioms WHERE kind = 'ClassAssertion'
)
SELECT n.kind, n.label AS who, said.type AS says, said.name AS of, said.path || ':' || said.line AS place
FROM tomato
JOIN said ON said.source = tomato.source AND said.to_id = tomato.id
JOIN nodes n ON n.source = said.source AND n.id = said.from_id
WHERE said.type NOT IN ('defines', 'part_of')
ORDER BY n.kind, n.label, said.type, said.name
