// name: stored_teams(ids) read -> rows
// What the database holds of these teams, to compare an import with.
UNWIND $ids AS wanted
MATCH (n:Team {id: wanted})
OPTIONAL MATCH (n)-[:PART_OF]->(p:Team)
RETURN n {.*} AS node,
       p.id AS parent_id
ORDER BY n.id, parent_id

// name: create_teams(rows, now) write -> value
// Make new teams; how many were made.
UNWIND $rows AS row
CREATE (n:Team {id: row.id})
SET n += row.props, n.created_at = $now, n.updated_at = $now,
    n.version = coalesce(row.version, 1)
RETURN count(n) AS made

// name: update_teams(rows, now) write -> value
// Change teams that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (n:Team {id: row.id})
SET n.locked = true
WITH n, row
WHERE coalesce(n.version, 0) = row.version
SET n += row.props, n.updated_at = $now, n.version = row.version + 1
REMOVE n.locked
RETURN count(n) AS changed

// name: delete_teams(rows) write -> none
// Take back teams that an unfinished import made.
UNWIND $rows AS row
MATCH (n:Team {id: row.id})
DETACH DELETE n

// name: stored_members(ids) read -> rows
// What the database holds of these our people, to compare an import with.
UNWIND $ids AS wanted
MATCH (n:Member {id: wanted})
OPTIONAL MATCH (n)-[:MEMBER_OF]->(t:Team)
OPTIONAL MATCH (n)-[:REPORTS_TO]->(m:Member)
RETURN n {.*} AS node,
       t.id AS team_id, m.id AS manager_id
ORDER BY n.id, team_id, manager_id

// name: create_members(rows, now) write -> value
// Make new our people; how many were made.
UNWIND $rows AS row
CREATE (n:Member {id: row.id})
SET n += row.props, n.created_at = $now, n.updated_at = $now,
    n.version = coalesce(row.version, 1)
RETURN count(n) AS made

// name: update_members(rows, now) write -> value
// Change our people that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (n:Member {id: row.id})
SET n.locked = true
WITH n, row
WHERE coalesce(n.version, 0) = row.version
SET n += row.props, n.updated_at = $now, n.version = row.version + 1
REMOVE n.locked
RETURN count(n) AS changed

// name: delete_members(rows) write -> none
// Take back our people that an unfinished import made.
UNWIND $rows AS row
MATCH (n:Member {id: row.id})
DETACH DELETE n

// name: stored_customers(ids) read -> rows
// What the database holds of these customers, to compare an import with.
UNWIND $ids AS wanted
MATCH (n:Customer {id: wanted})
OPTIONAL MATCH (n)-[:PART_OF]->(p:Customer)
OPTIONAL MATCH (n)<-[:OWNS]-(o:Member)
RETURN n {.*} AS node,
       p.id AS parent_id, o.id AS owner_id
ORDER BY n.id, parent_id, owner_id

// name: create_customers(rows, now) write -> value
// Make new customers; how many were made.
UNWIND $rows AS row
CREATE (n:Customer {id: row.id})
SET n += row.props, n.created_at = $now, n.updated_at = $now,
    n.version = coalesce(row.version, 1)
RETURN count(n) AS made

// name: update_customers(rows, now) write -> value
// Change customers that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (n:Customer {id: row.id})
SET n.locked = true
WITH n, row
WHERE coalesce(n.version, 0) = row.version
SET n += row.props, n.updated_at = $now, n.version = row.version + 1
REMOVE n.locked
RETURN count(n) AS changed

// name: delete_customers(rows) write -> none
// Take back customers that an unfinished import made.
UNWIND $rows AS row
MATCH (n:Customer {id: row.id})
DETACH DELETE n

// name: stored_departments(ids) read -> rows
// What the database holds of these departments, to compare an import with.
UNWIND $ids AS wanted
MATCH (n:Department {id: wanted})
OPTIONAL MATCH (n)-[:PART_OF]->(c:Customer)
OPTIONAL MATCH (n)-[:PART_OF]->(p:Department)
RETURN n {.*} AS node,
       c.id AS customer_id, p.id AS parent_id
ORDER BY n.id, customer_id, parent_id

// name: create_departments(rows, now) write -> value
// Make new departments; how many were made.
UNWIND $rows AS row
CREATE (n:Department {id: row.id})
SET n += row.props, n.created_at = $now, n.updated_at = $now,
    n.version = coalesce(row.version, 1)
RETURN count(n) AS made

// name: update_departments(rows, now) write -> value
// Change departments that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (n:Department {id: row.id})
SET n.locked = true
WITH n, row
WHERE coalesce(n.version, 0) = row.version
SET n += row.props, n.updated_at = $now, n.version = row.version + 1
REMOVE n.locked
RETURN count(n) AS changed

// name: delete_departments(rows) write -> none
// Take back departments that an unfinished import made.
UNWIND $rows AS row
MATCH (n:Department {id: row.id})
DETACH DELETE n

// name: inside_departments(ids) read -> rows
// Who and what is in these departments, with the customer that each belongs to now.
UNWIND $ids AS wanted
MATCH (d:Department {id: wanted})<-[:IN_DEPARTMENT]-(p:Stakeholder)
MATCH (p)-[w:WORKS_AT]->(c:Customer)
WHERE w.until IS NULL
RETURN d.id AS department_id, 'stakeholders' AS kind, p.id AS id, c.id AS customer_id
ORDER BY department_id, id, customer_id
UNION ALL
UNWIND $ids AS wanted
MATCH (d:Department {id: wanted})<-[:PART_OF]-(e:Department)
MATCH (e)-[:PART_OF]->(c:Customer)
RETURN d.id AS department_id, 'departments' AS kind, e.id AS id, c.id AS customer_id
ORDER BY department_id, id, customer_id

// name: stored_offerings(ids) read -> rows
// What the database holds of these offerings, to compare an import with.
UNWIND $ids AS wanted
MATCH (n:Offering {id: wanted})
RETURN n {.*} AS node
ORDER BY n.id

// name: create_offerings(rows, now) write -> value
// Make new offerings; how many were made.
UNWIND $rows AS row
CREATE (n:Offering {id: row.id})
SET n += row.props, n.created_at = $now, n.updated_at = $now,
    n.version = coalesce(row.version, 1)
RETURN count(n) AS made

// name: update_offerings(rows, now) write -> value
// Change offerings that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (n:Offering {id: row.id})
SET n.locked = true
WITH n, row
WHERE coalesce(n.version, 0) = row.version
SET n += row.props, n.updated_at = $now, n.version = row.version + 1
REMOVE n.locked
RETURN count(n) AS changed

// name: delete_offerings(rows) write -> none
// Take back offerings that an unfinished import made.
UNWIND $rows AS row
MATCH (n:Offering {id: row.id})
DETACH DELETE n

// name: stored_stakeholders(ids) read -> rows
// What the database holds of these stakeholders, to compare an import with.
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})
OPTIONAL MATCH (n)-[w:WORKS_AT]->(c:Customer)
OPTIONAL MATCH (n)-[:IN_DEPARTMENT]->(d:Department)
OPTIONAL MATCH (n)-[:REPORTS_TO {line: 'solid', primary: true}]->(m:Stakeholder)
RETURN n {.*} AS node,
       c.id AS customer_id, d.id AS department_id, m.id AS manager_id, w.since AS since, w.until AS until
ORDER BY n.id, customer_id, department_id, manager_id

// name: create_stakeholders(rows, now) write -> value
// Make new stakeholders; how many were made.
UNWIND $rows AS row
CREATE (n:Stakeholder {id: row.id})
SET n += row.props, n.created_at = $now, n.updated_at = $now,
    n.version = coalesce(row.version, 1)
RETURN count(n) AS made

// name: update_stakeholders(rows, now) write -> value
// Change stakeholders that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (n:Stakeholder {id: row.id})
SET n.locked = true
WITH n, row
WHERE coalesce(n.version, 0) = row.version
SET n += row.props, n.updated_at = $now, n.version = row.version + 1
REMOVE n.locked
RETURN count(n) AS changed

// name: delete_stakeholders(rows) write -> none
// Take back stakeholders that an unfinished import made.
UNWIND $rows AS row
MATCH (n:Stakeholder {id: row.id})
DETACH DELETE n

// name: stored_deals(ids) read -> rows
// What the database holds of these deals, to compare an import with.
UNWIND $ids AS wanted
MATCH (n:Deal {id: wanted})
OPTIONAL MATCH (n)-[:FOR_CUSTOMER]->(c:Customer)
OPTIONAL MATCH (n)<-[:OWNS]-(o:Member)
RETURN n {.*} AS node,
       c.id AS customer_id, o.id AS owner_id
ORDER BY n.id, customer_id, owner_id

// name: create_deals(rows, now) write -> value
// Make new deals; how many were made.
UNWIND $rows AS row
CREATE (n:Deal {id: row.id})
SET n += row.props, n.created_at = $now, n.updated_at = $now,
    n.version = coalesce(row.version, 1)
RETURN count(n) AS made

// name: update_deals(rows, now) write -> value
// Change deals that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (n:Deal {id: row.id})
SET n.locked = true
WITH n, row
WHERE coalesce(n.version, 0) = row.version
SET n += row.props, n.updated_at = $now, n.version = row.version + 1
REMOVE n.locked
RETURN count(n) AS changed

// name: delete_deals(rows) write -> none
// Take back deals that an unfinished import made.
UNWIND $rows AS row
MATCH (n:Deal {id: row.id})
DETACH DELETE n
