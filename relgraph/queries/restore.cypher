// name: put_changes(rows) write -> none
// Bring notes of an export back; those that are there already stay as they are.
UNWIND $rows AS row
MERGE (c:Change {id: row.id})
SET c += row.props

// name: delete_changes(rows) write -> none
// Take notes out again that an unfinished import brought back.
UNWIND $rows AS row
MATCH (c:Change {id: row.id})
DELETE c

// name: delete_deletions(rows) write -> none
// The same for what says that nodes were removed.
UNWIND $rows AS row
MATCH (d:Deletion {id: row.id})
DELETE d

// name: all_deletions(after, limit) read -> rows
// What says that nodes were removed, page by page.
MATCH (d:Deletion) WHERE d.place > $after
RETURN d {.*} AS deletion
ORDER BY d.place
LIMIT $limit

// name: stamp_teams(rows) write -> none
// Give teams the versions and times of an export.
UNWIND $rows AS row
MATCH (n:Team {id: row.id})
SET n += row.props

// name: stamp_members(rows) write -> none
// Give members the versions and times of an export.
UNWIND $rows AS row
MATCH (n:Member {id: row.id})
SET n += row.props

// name: stamp_customers(rows) write -> none
// Give customers the versions and times of an export.
UNWIND $rows AS row
MATCH (n:Customer {id: row.id})
SET n += row.props

// name: stamp_departments(rows) write -> none
// Give departments the versions and times of an export.
UNWIND $rows AS row
MATCH (n:Department {id: row.id})
SET n += row.props

// name: stamp_offerings(rows) write -> none
// Give offerings the versions and times of an export.
UNWIND $rows AS row
MATCH (n:Offering {id: row.id})
SET n += row.props

// name: stamp_stakeholders(rows) write -> none
// Give stakeholders the versions and times of an export.
UNWIND $rows AS row
MATCH (n:Stakeholder {id: row.id})
SET n += row.props

// name: stamp_deals(rows) write -> none
// Give deals the versions and times of an export.
UNWIND $rows AS row
MATCH (n:Deal {id: row.id})
SET n += row.props

// name: stamp_activities(rows) write -> none
// Give activities the versions and times of an export.
UNWIND $rows AS row
MATCH (n:Activity {id: row.id})
SET n += row.props

// name: stamp_employments(rows) write -> none
// Give these edges the versions and times of an export.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:WORKS_AT]->(b:Customer {id: row.customer_id})
SET r += row.props

// name: stamp_reports_to(rows) write -> none
// Give these edges the versions and times of an export.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:REPORTS_TO]->(b:Stakeholder {id: row.to_id})
SET r += row.props

// name: stamp_influences(rows) write -> none
// Give these edges the versions and times of an export.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:INFLUENCES {scope: row.scope}]->(b:Stakeholder {id: row.to_id})
SET r += row.props

// name: stamp_relations(rows) write -> none
// Give these edges the versions and times of an export.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})-[r:RELATED_TO {kind: row.kind}]->(b:Stakeholder {id: row.to_id})
SET r += row.props

// name: stamp_supports(rows) write -> none
// Give these edges the versions and times of an export.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:SUPPORTS]->(b:Deal {id: row.deal_id})
SET r += row.props

// name: stamp_interests(rows) write -> none
// Give these edges the versions and times of an export.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:INTERESTED_IN]->(b:Deal {id: row.deal_id})
SET r += row.props

// name: stamp_roles(rows) write -> none
// Give these edges the versions and times of an export.
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.stakeholder_id})-[r:PLAYS {role: row.role}]->(b:Deal {id: row.deal_id})
SET r += row.props

// name: stamp_knows(rows) write -> none
// Give these edges the versions and times of an export.
UNWIND $rows AS row
MATCH (a:Member {id: row.member_id})-[r:KNOWS]->(b:Stakeholder {id: row.stakeholder_id})
SET r += row.props
