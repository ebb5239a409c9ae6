-- Which pages are asked for most and not yet written?
SELECT n.label AS page, sum(e.count) AS mentions, group_concat(DISTINCT f.label) AS mentioned_by
FROM nodes n
JOIN edges e ON e.source = n.source AND e.to_id = n.id
JOIN nodes f ON f.source = e.source AND f.id = e.from_id
WHERE n.kind = 'stub' AND e.type <> 'tag'
GROUP BY n.source, n.id
HAVING sum(e.count) > 1
ORDER BY mentions DESC, page
