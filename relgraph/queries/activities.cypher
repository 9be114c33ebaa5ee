// name: stored_activities(ids) read -> rows
// What the database holds of these activities, to compare an import with.
UNWIND $ids AS wanted
MATCH (n:Activity {id: wanted})
OPTIONAL MATCH (n)-[:HELD_BY]->(m:Member)
OPTIONAL MATCH (n)-[:HELD_WITH]->(p:Stakeholder)
OPTIONAL MATCH (n)-[:CONCERNS]->(d:Deal)
RETURN n {.*} AS node,
       m.id AS member_id, p.id AS stakeholder_id, d.id AS deal_id
ORDER BY n.id, member_id, stakeholder_id, deal_id

// name: create_activities(rows, now) write -> value
// Make new activities; how many were made.
UNWIND $rows AS row
CREATE (n:Activity {id: row.id})
SET n += row.props, n.created_at = $now, n.updated_at = $now,
    n.version = coalesce(row.version, 1)
RETURN count(n) AS made

// name: update_activities(rows, now) write -> value
// Change activities that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (n:Activity {id: row.id})
SET n.locked = true
WITH n, row
WHERE coalesce(n.version, 0) = row.version
SET n += row.props, n.updated_at = $now, n.version = row.version + 1
REMOVE n.locked
RETURN count(n) AS changed

// name: delete_activities(rows) write -> none
// Take activities out.
UNWIND $rows AS row
MATCH (n:Activity {id: row.id})
DETACH DELETE n

// name: link_activities_member_id(rows) write -> value
// Point activities at what their member_id names; how many were.
UNWIND $rows AS row
MATCH (n:Activity {id: row.id})
MATCH (t:Member {id: row.to})
MERGE (n)-[r:HELD_BY]->(t)
RETURN count(r) AS linked

// name: unlink_activities_member_id(rows) write -> none
// Part activities from what their member_id named before.
UNWIND $rows AS row
MATCH (n:Activity {id: row.id})-[r:HELD_BY]->(t:Member {id: row.to})
DELETE r

// name: link_activities_stakeholder_id(rows) write -> value
// Point activities at what their stakeholder_id names; how many were.
UNWIND $rows AS row
MATCH (n:Activity {id: row.id})
MATCH (t:Stakeholder {id: row.to})
MERGE (n)-[r:HELD_WITH]->(t)
RETURN count(r) AS linked

// name: unlink_activities_stakeholder_id(rows) write -> none
// Part activities from what their stakeholder_id named before.
UNWIND $rows AS row
MATCH (n:Activity {id: row.id})-[r:HELD_WITH]->(t:Stakeholder {id: row.to})
DELETE r

// name: link_activities_deal_id(rows) write -> value
// Point activities at what their deal_id names; how many were.
UNWIND $rows AS row
MATCH (n:Activity {id: row.id})
MATCH (t:Deal {id: row.to})
MERGE (n)-[r:CONCERNS]->(t)
RETURN count(r) AS linked

// name: unlink_activities_deal_id(rows) write -> none
// Part activities from what their deal_id named before.
UNWIND $rows AS row
MATCH (n:Activity {id: row.id})-[r:CONCERNS]->(t:Deal {id: row.to})
DELETE r

// name: list_activities(after, limit, q, updated_since) read -> rows
// Activities by id, from the one after `after` on; `q` is a kind, null filters nothing.
MATCH (n:Activity)
WHERE n.id > $after
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR n.kind = $q)
WITH n ORDER BY n.id LIMIT $limit
OPTIONAL MATCH (n)-[:HELD_BY]->(m:Member)
OPTIONAL MATCH (n)-[:HELD_WITH]->(p:Stakeholder)
OPTIONAL MATCH (n)-[:CONCERNS]->(d:Deal)
RETURN n {.*} AS node, m.id AS member_id, p.id AS stakeholder_id, d.id AS deal_id
ORDER BY n.id, member_id, stakeholder_id, deal_id

// name: get_activity(id) read -> row
// One activity with the ids that it refers to.
MATCH (n:Activity {id: $id})
OPTIONAL MATCH (n)-[:HELD_BY]->(m:Member)
OPTIONAL MATCH (n)-[:HELD_WITH]->(p:Stakeholder)
OPTIONAL MATCH (n)-[:CONCERNS]->(d:Deal)
RETURN n {.*} AS node, m.id AS member_id, p.id AS stakeholder_id, d.id AS deal_id
ORDER BY member_id, stakeholder_id, deal_id
LIMIT 1

// name: pointing_at_stakeholders(ids) read -> rows
// The activities with these people.
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})<-[:HELD_WITH]-(a:Activity)
RETURN 'activities' AS table, a.id AS id, 'stakeholder_id' AS column
ORDER BY id

// name: pointing_at_deals(ids) read -> rows
// The activities that concern these deals.
UNWIND $ids AS wanted
MATCH (n:Deal {id: wanted})<-[:CONCERNS]-(a:Activity)
RETURN 'activities' AS table, a.id AS id, 'deal_id' AS column
ORDER BY id
