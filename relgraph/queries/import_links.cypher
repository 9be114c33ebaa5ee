// name: link_teams_parent_id(rows) write -> value
// Point teams at what their parent_id names; how many were.
UNWIND $rows AS row
MATCH (n:Team {id: row.id})
MATCH (t:Team {id: row.to})
MERGE (n)-[r:PART_OF]->(t)
RETURN count(r) AS linked

// name: unlink_teams_parent_id(rows) write -> none
// Part teams from what their parent_id named before.
UNWIND $rows AS row
MATCH (n:Team {id: row.id})-[r:PART_OF]->(t:Team {id: row.to})
DELETE r

// name: link_members_team_id(rows) write -> value
// Point members at what their team_id names; how many were.
UNWIND $rows AS row
MATCH (n:Member {id: row.id})
MATCH (t:Team {id: row.to})
MERGE (n)-[r:MEMBER_OF]->(t)
RETURN count(r) AS linked

// name: unlink_members_team_id(rows) write -> none
// Part members from what their team_id named before.
UNWIND $rows AS row
MATCH (n:Member {id: row.id})-[r:MEMBER_OF]->(t:Team {id: row.to})
DELETE r

// name: link_members_manager_id(rows) write -> value
// Point members at what their manager_id names; how many were.
UNWIND $rows AS row
MATCH (n:Member {id: row.id})
MATCH (t:Member {id: row.to})
MERGE (n)-[r:REPORTS_TO {line: 'solid', primary: true}]->(t)
RETURN count(r) AS linked

// name: unlink_members_manager_id(rows) write -> none
// Part members from what their manager_id named before.
UNWIND $rows AS row
MATCH (n:Member {id: row.id})-[r:REPORTS_TO {line: 'solid', primary: true}]->(t:Member {id: row.to})
DELETE r

// name: link_customers_parent_id(rows) write -> value
// Point customers at what their parent_id names; how many were.
UNWIND $rows AS row
MATCH (n:Customer {id: row.id})
MATCH (t:Customer {id: row.to})
MERGE (n)-[r:PART_OF]->(t)
RETURN count(r) AS linked

// name: unlink_customers_parent_id(rows) write -> none
// Part customers from what their parent_id named before.
UNWIND $rows AS row
MATCH (n:Customer {id: row.id})-[r:PART_OF]->(t:Customer {id: row.to})
DELETE r

// name: link_customers_owner_id(rows) write -> value
// Point customers at what their owner_id names; how many were.
UNWIND $rows AS row
MATCH (n:Customer {id: row.id})
MATCH (t:Member {id: row.to})
MERGE (t)-[r:OWNS]->(n)
RETURN count(r) AS linked

// name: unlink_customers_owner_id(rows) write -> none
// Part customers from what their owner_id named before.
UNWIND $rows AS row
MATCH (t:Member {id: row.to})-[r:OWNS]->(n:Customer {id: row.id})
DELETE r

// name: link_departments_customer_id(rows) write -> value
// Point departments at what their customer_id names; how many were.
UNWIND $rows AS row
MATCH (n:Department {id: row.id})
MATCH (t:Customer {id: row.to})
MERGE (n)-[r:PART_OF]->(t)
RETURN count(r) AS linked

// name: unlink_departments_customer_id(rows) write -> none
// Part departments from what their customer_id named before.
UNWIND $rows AS row
MATCH (n:Department {id: row.id})-[r:PART_OF]->(t:Customer {id: row.to})
DELETE r

// name: link_departments_parent_id(rows) write -> value
// Point departments at what their parent_id names; how many were.
UNWIND $rows AS row
MATCH (n:Department {id: row.id})
MATCH (t:Department {id: row.to})
MERGE (n)-[r:PART_OF]->(t)
RETURN count(r) AS linked

// name: unlink_departments_parent_id(rows) write -> none
// Part departments from what their parent_id named before.
UNWIND $rows AS row
MATCH (n:Department {id: row.id})-[r:PART_OF]->(t:Department {id: row.to})
DELETE r

// name: link_stakeholders_department_id(rows) write -> value
// Point stakeholders at what their department_id names; how many were.
UNWIND $rows AS row
MATCH (n:Stakeholder {id: row.id})
MATCH (t:Department {id: row.to})
MERGE (n)-[r:IN_DEPARTMENT]->(t)
RETURN count(r) AS linked

// name: unlink_stakeholders_department_id(rows) write -> none
// Part stakeholders from what their department_id named before.
UNWIND $rows AS row
MATCH (n:Stakeholder {id: row.id})-[r:IN_DEPARTMENT]->(t:Department {id: row.to})
DELETE r

// name: link_stakeholders_manager_id(rows, now) write -> value
// Give people the manager whom their manager_id names; how many lines are new.
UNWIND $rows AS row
MATCH (n:Stakeholder {id: row.id})
MATCH (t:Stakeholder {id: row.to})
MERGE (n)-[r:REPORTS_TO]->(t)
ON CREATE SET r.line = 'solid', r.primary = true, r.created_at = $now, r.updated_at = $now,
  r.version = coalesce(row.version, 1)
RETURN sum(CASE WHEN r.created_at = $now THEN 1 ELSE 0 END) AS linked

// name: unlink_stakeholders_manager_id(rows) write -> none
// Part stakeholders from what their manager_id named before.
UNWIND $rows AS row
MATCH (n:Stakeholder {id: row.id})-[r:REPORTS_TO {line: 'solid', primary: true}]->(t:Stakeholder {id: row.to})
DELETE r

// name: lines_of_people(ids) read -> rows
// The reporting lines of people, solid and dotted.
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})-[r:REPORTS_TO]->(t:Stakeholder)
RETURN n.id AS id, t.id AS to, r {.*} AS line
ORDER BY id, to

// name: set_lines(rows, now) write -> value
// Say of reporting lines whether they are solid, and whether manager_id names them; how many were.
UNWIND $rows AS row
MATCH (n:Stakeholder {id: row.id})-[r:REPORTS_TO]->(t:Stakeholder {id: row.to})
SET r.line = row.line, r.primary = row.primary, r.updated_at = $now,
    r.version = coalesce(r.version, 0) + 1
RETURN count(r) AS said

// name: link_deals_customer_id(rows) write -> value
// Point deals at what their customer_id names; how many were.
UNWIND $rows AS row
MATCH (n:Deal {id: row.id})
MATCH (t:Customer {id: row.to})
MERGE (n)-[r:FOR_CUSTOMER]->(t)
RETURN count(r) AS linked

// name: unlink_deals_customer_id(rows) write -> none
// Part deals from what their customer_id named before.
UNWIND $rows AS row
MATCH (n:Deal {id: row.id})-[r:FOR_CUSTOMER]->(t:Customer {id: row.to})
DELETE r

// name: link_deals_owner_id(rows) write -> value
// Point deals at what their owner_id names; how many were.
UNWIND $rows AS row
MATCH (n:Deal {id: row.id})
MATCH (t:Member {id: row.to})
MERGE (t)-[r:OWNS]->(n)
RETURN count(r) AS linked

// name: unlink_deals_owner_id(rows) write -> none
// Part deals from what their owner_id named before.
UNWIND $rows AS row
MATCH (t:Member {id: row.to})-[r:OWNS]->(n:Deal {id: row.id})
DELETE r

// name: link_stakeholders_customer_id(rows, now) write -> value
// Employ people at a customer; how many employments are new.
UNWIND $rows AS row
MATCH (n:Stakeholder {id: row.id})
MATCH (t:Customer {id: row.to})
MERGE (n)-[r:WORKS_AT]->(t)
ON CREATE SET r += row.props, r.created_at = $now, r.updated_at = $now, r.version = coalesce(row.version, 1)
RETURN sum(CASE WHEN r.created_at = $now THEN 1 ELSE 0 END) AS linked

// name: change_employments(rows, now) write -> value
// Change since and until of employments; how many.
UNWIND $rows AS row
MATCH (n:Stakeholder {id: row.id})-[r:WORKS_AT]->(t:Customer {id: row.to})
SET r += row.props, r.updated_at = $now, r.version = coalesce(r.version, 0) + 1
RETURN count(r) AS changed

// name: unlink_stakeholders_customer_id(rows) write -> none
// Take back an employment that an unfinished import made.
UNWIND $rows AS row
MATCH (n:Stakeholder {id: row.id})-[r:WORKS_AT]->(t:Customer {id: row.to})
DELETE r
