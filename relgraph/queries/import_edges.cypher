// name: stored_employments(rows) read -> rows
// What the database holds of these edges, to compare an import with.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:WORKS_AT]->(b:Customer {id: row.customer_id})
RETURN a.id AS stakeholder_id, b.id AS customer_id, r {.*} AS edge
ORDER BY stakeholder_id, customer_id

// name: create_employments(rows, now) write -> value
// Make new edges; how many are new.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})
MATCH (b:Customer {id: row.customer_id})
MERGE (a)-[r:WORKS_AT]->(b)
ON CREATE SET r += row.props, r.created_at = $now, r.updated_at = $now,
  r.version = coalesce(row.version, 1)
RETURN sum(CASE WHEN r.created_at = $now THEN 1 ELSE 0 END) AS made

// name: update_employments(rows, now) write -> value
// Change edges that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:WORKS_AT]->(b:Customer {id: row.customer_id})
SET r.locked = true
WITH r, row
WHERE coalesce(r.version, 0) = row.version
SET r += row.props, r.updated_at = $now, r.version = row.version + 1
REMOVE r.locked
RETURN count(r) AS changed

// name: delete_employments(rows) write -> none
// Take back edges that an unfinished import made.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:WORKS_AT]->(b:Customer {id: row.customer_id})
DELETE r

// name: stored_reports_to(rows) read -> rows
// What the database holds of these edges, to compare an import with.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:REPORTS_TO]->(b:Stakeholder {id: row.to_id})
RETURN a.id AS from_id, b.id AS to_id, r {.*} AS edge
ORDER BY from_id, to_id

// name: create_reports_to(rows, now) write -> value
// Make new edges; how many are new.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})
MATCH (b:Stakeholder {id: row.to_id})
MERGE (a)-[r:REPORTS_TO]->(b)
ON CREATE SET r += row.props, r.created_at = $now, r.updated_at = $now,
  r.version = coalesce(row.version, 1)
RETURN sum(CASE WHEN r.created_at = $now THEN 1 ELSE 0 END) AS made

// name: update_reports_to(rows, now) write -> value
// Change edges that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:REPORTS_TO]->(b:Stakeholder {id: row.to_id})
SET r.locked = true
WITH r, row
WHERE coalesce(r.version, 0) = row.version
SET r += row.props, r.updated_at = $now, r.version = row.version + 1
REMOVE r.locked
RETURN count(r) AS changed

// name: delete_reports_to(rows) write -> none
// Take back edges that an unfinished import made.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:REPORTS_TO]->(b:Stakeholder {id: row.to_id})
DELETE r

// name: stored_influences(rows) read -> rows
// What the database holds of these edges, to compare an import with.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:INFLUENCES {scope: row.scope}]->(b:Stakeholder {id: row.to_id})
RETURN a.id AS from_id, b.id AS to_id, r {.*} AS edge
ORDER BY from_id, to_id, edge.scope

// name: create_influences(rows, now) write -> value
// Make new edges; how many are new.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})
MATCH (b:Stakeholder {id: row.to_id})
MERGE (a)-[r:INFLUENCES {scope: row.scope}]->(b)
ON CREATE SET r += row.props, r.created_at = $now, r.updated_at = $now,
  r.version = coalesce(row.version, 1)
RETURN sum(CASE WHEN r.created_at = $now THEN 1 ELSE 0 END) AS made

// name: update_influences(rows, now) write -> value
// Change edges that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:INFLUENCES {scope: row.scope}]->(b:Stakeholder {id: row.to_id})
SET r.locked = true
WITH r, row
WHERE coalesce(r.version, 0) = row.version
SET r += row.props, r.updated_at = $now, r.version = row.version + 1
REMOVE r.locked
RETURN count(r) AS changed

// name: delete_influences(rows) write -> none
// Take back edges that an unfinished import made.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:INFLUENCES {scope: row.scope}]->(b:Stakeholder {id: row.to_id})
DELETE r

// name: stored_relations(rows) read -> rows
// What the database holds of these edges, to compare an import with.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:RELATED_TO {kind: row.kind}]->(b:Stakeholder {id: row.to_id})
RETURN a.id AS from_id, b.id AS to_id, r {.*} AS edge
ORDER BY from_id, to_id, edge.kind

// name: create_relations(rows, now) write -> value
// Make new edges; how many are new.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})
MATCH (b:Stakeholder {id: row.to_id})
MERGE (a)-[r:RELATED_TO {kind: row.kind}]->(b)
ON CREATE SET r += row.props, r.created_at = $now, r.updated_at = $now,
  r.version = coalesce(row.version, 1)
RETURN sum(CASE WHEN r.created_at = $now THEN 1 ELSE 0 END) AS made

// name: update_relations(rows, now) write -> value
// Change edges that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:RELATED_TO {kind: row.kind}]->(b:Stakeholder {id: row.to_id})
SET r.locked = true
WITH r, row
WHERE coalesce(r.version, 0) = row.version
SET r += row.props, r.updated_at = $now, r.version = row.version + 1
REMOVE r.locked
RETURN count(r) AS changed

// name: delete_relations(rows) write -> none
// Take back edges that an unfinished import made.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:RELATED_TO {kind: row.kind}]->(b:Stakeholder {id: row.to_id})
DELETE r

// name: stored_supports(rows) read -> rows
// What the database holds of these edges, to compare an import with.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:SUPPORTS]->(b:Deal {id: row.deal_id})
RETURN a.id AS stakeholder_id, b.id AS deal_id, r {.*} AS edge
ORDER BY stakeholder_id, deal_id

// name: create_supports(rows, now) write -> value
// Make new edges; how many are new.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})
MATCH (b:Deal {id: row.deal_id})
MERGE (a)-[r:SUPPORTS]->(b)
ON CREATE SET r += row.props, r.created_at = $now, r.updated_at = $now,
  r.version = coalesce(row.version, 1)
RETURN sum(CASE WHEN r.created_at = $now THEN 1 ELSE 0 END) AS made

// name: update_supports(rows, now) write -> value
// Change edges that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:SUPPORTS]->(b:Deal {id: row.deal_id})
SET r.locked = true
WITH r, row
WHERE coalesce(r.version, 0) = row.version
SET r += row.props, r.updated_at = $now, r.version = row.version + 1
REMOVE r.locked
RETURN count(r) AS changed

// name: delete_supports(rows) write -> none
// Take back edges that an unfinished import made.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:SUPPORTS]->(b:Deal {id: row.deal_id})
DELETE r

// name: stored_interests(rows) read -> rows
// What the database holds of these edges, to compare an import with.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:INTERESTED_IN]->(b:Deal {id: row.deal_id})
RETURN a.id AS stakeholder_id, b.id AS deal_id, r {.*} AS edge
ORDER BY stakeholder_id, deal_id

// name: create_interests(rows, now) write -> value
// Make new edges; how many are new.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})
MATCH (b:Deal {id: row.deal_id})
MERGE (a)-[r:INTERESTED_IN]->(b)
ON CREATE SET r += row.props, r.created_at = $now, r.updated_at = $now,
  r.version = coalesce(row.version, 1)
RETURN sum(CASE WHEN r.created_at = $now THEN 1 ELSE 0 END) AS made

// name: update_interests(rows, now) write -> value
// Change edges that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:INTERESTED_IN]->(b:Deal {id: row.deal_id})
SET r.locked = true
WITH r, row
WHERE coalesce(r.version, 0) = row.version
SET r += row.props, r.updated_at = $now, r.version = row.version + 1
REMOVE r.locked
RETURN count(r) AS changed

// name: delete_interests(rows) write -> none
// Take back edges that an unfinished import made.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:INTERESTED_IN]->(b:Deal {id: row.deal_id})
DELETE r

// name: stored_roles(rows) read -> rows
// What the database holds of these edges, to compare an import with.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:PLAYS {role: row.role}]->(b:Deal {id: row.deal_id})
RETURN a.id AS stakeholder_id, b.id AS deal_id, r {.*} AS edge
ORDER BY stakeholder_id, deal_id, edge.role

// name: create_roles(rows, now) write -> value
// Make new edges; how many are new.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})
MATCH (b:Deal {id: row.deal_id})
MERGE (a)-[r:PLAYS {role: row.role}]->(b)
ON CREATE SET r += row.props, r.created_at = $now, r.updated_at = $now,
  r.version = coalesce(row.version, 1)
RETURN sum(CASE WHEN r.created_at = $now THEN 1 ELSE 0 END) AS made

// name: update_roles(rows, now) write -> value
// Change edges that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:PLAYS {role: row.role}]->(b:Deal {id: row.deal_id})
SET r.locked = true
WITH r, row
WHERE coalesce(r.version, 0) = row.version
SET r += row.props, r.updated_at = $now, r.version = row.version + 1
REMOVE r.locked
RETURN count(r) AS changed

// name: delete_roles(rows) write -> none
// Take back edges that an unfinished import made.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:PLAYS {role: row.role}]->(b:Deal {id: row.deal_id})
DELETE r

// name: stored_knows(rows) read -> rows
// What the database holds of these edges, to compare an import with.
UNWIND $rows AS row
MATCH (a:Member {id: row.member_id})-[r:KNOWS]->(b:Stakeholder {id: row.stakeholder_id})
RETURN a.id AS member_id, b.id AS stakeholder_id, r {.*} AS edge
ORDER BY member_id, stakeholder_id

// name: create_knows(rows, now) write -> value
// Make new edges; how many are new.
UNWIND $rows AS row
MATCH (a:Member {id: row.member_id})
MATCH (b:Stakeholder {id: row.stakeholder_id})
MERGE (a)-[r:KNOWS]->(b)
ON CREATE SET r += row.props, r.created_at = $now, r.updated_at = $now,
  r.version = coalesce(row.version, 1)
RETURN sum(CASE WHEN r.created_at = $now THEN 1 ELSE 0 END) AS made

// name: update_knows(rows, now) write -> value
// Change edges that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (a:Member {id: row.member_id})-[r:KNOWS]->(b:Stakeholder {id: row.stakeholder_id})
SET r.locked = true
WITH r, row
WHERE coalesce(r.version, 0) = row.version
SET r += row.props, r.updated_at = $now, r.version = row.version + 1
REMOVE r.locked
RETURN count(r) AS changed

// name: delete_knows(rows) write -> none
// Take back edges that an unfinished import made.
UNWIND $rows AS row
MATCH (a:Member {id: row.member_id})-[r:KNOWS]->(b:Stakeholder {id: row.stakeholder_id})
DELETE r
