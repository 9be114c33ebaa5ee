// name: export_employments(after, limit) read -> rows
// All edges of a kind that start from the next nodes after `after`.
MATCH (a:Stakeholder) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
MATCH (a)-[r:WORKS_AT]->(b:Customer)
RETURN a.id AS stakeholder_id, b.id AS customer_id, r {.*} AS edge
ORDER BY stakeholder_id, customer_id

// name: export_reports_to(after, limit) read -> rows
// All edges of a kind that start from the next nodes after `after`.
MATCH (a:Stakeholder) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
MATCH (a)-[r:REPORTS_TO]->(b:Stakeholder)
RETURN a.id AS from_id, b.id AS to_id, r {.*} AS edge
ORDER BY from_id, to_id

// name: export_influences(after, limit) read -> rows
// All edges of a kind that start from the next nodes after `after`.
MATCH (a:Stakeholder) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
MATCH (a)-[r:INFLUENCES]->(b:Stakeholder)
RETURN a.id AS from_id, b.id AS to_id, r {.*} AS edge
ORDER BY from_id, to_id, edge.scope

// name: export_relations(after, limit) read -> rows
// All edges of a kind that start from the next nodes after `after`.
MATCH (a:Stakeholder) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
MATCH (a)-[r:RELATED_TO]->(b:Stakeholder)
RETURN a.id AS from_id, b.id AS to_id, r {.*} AS edge
ORDER BY from_id, to_id, edge.kind

// name: export_supports(after, limit) read -> rows
// All edges of a kind that start from the next nodes after `after`.
MATCH (a:Stakeholder) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
MATCH (a)-[r:SUPPORTS]->(b:Deal)
RETURN a.id AS stakeholder_id, b.id AS deal_id, r {.*} AS edge
ORDER BY stakeholder_id, deal_id

// name: export_interests(after, limit) read -> rows
// All edges of a kind that start from the next nodes after `after`.
MATCH (a:Stakeholder) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
MATCH (a)-[r:INTERESTED_IN]->(b:Deal)
RETURN a.id AS stakeholder_id, b.id AS deal_id, r {.*} AS edge
ORDER BY stakeholder_id, deal_id

// name: export_roles(after, limit) read -> rows
// All edges of a kind that start from the next nodes after `after`.
MATCH (a:Stakeholder) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
MATCH (a)-[r:PLAYS]->(b:Deal)
RETURN a.id AS stakeholder_id, b.id AS deal_id, r {.*} AS edge
ORDER BY stakeholder_id, deal_id, edge.role

// name: export_knows(after, limit) read -> rows
// All edges of a kind that start from the next nodes after `after`.
MATCH (a:Member) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
MATCH (a)-[r:KNOWS]->(b:Stakeholder)
RETURN a.id AS member_id, b.id AS stakeholder_id, r {.*} AS edge
ORDER BY member_id, stakeholder_id

// name: export_last_stakeholder(after, limit) read -> value
// Id of the last of the next nodes after `after`; null if there is none.
MATCH (a:Stakeholder) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
RETURN max(a.id) AS last

// name: export_last_member(after, limit) read -> value
// Id of the last of the next nodes after `after`; null if there is none.
MATCH (a:Member) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
RETURN max(a.id) AS last
