// name: check_homeless() read -> rows
// Nodes that lack the customer they must belong to, activities without one of their two ends.
MATCH (n:Stakeholder) WHERE NOT EXISTS { (n)-[:WORKS_AT]->(:Customer) }
RETURN 'stakeholder' AS kind, n.id AS id
UNION ALL
MATCH (n:Department) WHERE NOT EXISTS { (n)-[:PART_OF]->(:Customer) }
RETURN 'department' AS kind, n.id AS id
UNION ALL
MATCH (n:Deal) WHERE NOT EXISTS { (n)-[:FOR_CUSTOMER]->(:Customer) }
RETURN 'deal' AS kind, n.id AS id
UNION ALL
MATCH (n:Activity)
WHERE NOT EXISTS { (n)-[:HELD_WITH]->(:Stakeholder) } OR NOT EXISTS { (n)-[:HELD_BY]->(:Member) }
RETURN 'activity' AS kind, n.id AS id

// name: check_doubled() read -> rows
// Influences that stand twice between the same people in the same scope.
MATCH (a:Stakeholder)-[r:INFLUENCES]->(b:Stakeholder)
WITH a, b, coalesce(r.deal_id, '') AS scope, count(r) AS times
WHERE times > 1
RETURN a.id AS from_id, b.id AS to_id, scope, times
ORDER BY from_id, to_id, scope

// name: check_ranges() read -> rows
// Judgements whose values are out of their range.
MATCH (a:Stakeholder)-[r:INFLUENCES]->(b:Stakeholder)
WHERE r.strength IS NULL OR r.strength <= 0 OR r.strength > 1
RETURN 'influence' AS kind, a.id AS from_id, b.id AS to_id, toString(r.strength) AS value
UNION ALL
MATCH (a:Stakeholder)-[r:SUPPORTS]->(b:Deal)
WHERE r.stance < -2 OR r.stance > 2
RETURN 'support' AS kind, a.id AS from_id, b.id AS to_id, toString(r.stance) AS value
UNION ALL
MATCH (a:Member)-[r:KNOWS]->(b:Stakeholder)
WHERE r.strength <= 0 OR r.strength > 1 OR r.closeness < 1 OR r.closeness > 5
RETURN 'knows' AS kind, a.id AS from_id, b.id AS to_id,
       toString(coalesce(r.strength, r.closeness)) AS value
UNION ALL
MATCH (a:Stakeholder)-[r:INTERESTED_IN]->(b:Deal)
WHERE r.level < 0 OR r.level > 1
RETURN 'interest' AS kind, a.id AS from_id, b.id AS to_id, toString(r.level) AS value

// name: count_nodes() read -> rows
// How many nodes of each kind there are.
MATCH (n:Customer) RETURN 'customers' AS kind, count(n) AS total
UNION ALL MATCH (n:Department) RETURN 'departments' AS kind, count(n) AS total
UNION ALL MATCH (n:Stakeholder) RETURN 'stakeholders' AS kind, count(n) AS total
UNION ALL MATCH (n:Deal) RETURN 'deals' AS kind, count(n) AS total
UNION ALL MATCH (n:Offering) RETURN 'offerings' AS kind, count(n) AS total
UNION ALL MATCH (n:Team) RETURN 'teams' AS kind, count(n) AS total
UNION ALL MATCH (n:Member) RETURN 'members' AS kind, count(n) AS total
UNION ALL MATCH (n:Activity) RETURN 'activities' AS kind, count(n) AS total
