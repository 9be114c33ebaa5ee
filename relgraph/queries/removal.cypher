// name: edges_of_stakeholders(ids) read -> rows
// Every edge of these people, whichever end they are, as rows of the import format.
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})-[r:REPORTS_TO]->(b:Stakeholder)
RETURN 'reports_to' AS table, n.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})<-[r:REPORTS_TO]-(a:Stakeholder)
RETURN 'reports_to' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})-[r:INFLUENCES]->(b:Stakeholder)
RETURN 'influences' AS table, n.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second, edge.scope
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})<-[r:INFLUENCES]-(a:Stakeholder)
RETURN 'influences' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second, edge.scope
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})-[r:RELATED_TO]->(b:Stakeholder)
RETURN 'relations' AS table, n.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second, edge.kind
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})<-[r:RELATED_TO]-(a:Stakeholder)
RETURN 'relations' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second, edge.kind
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})-[r:WORKS_AT]->(b:Customer)
RETURN 'employments' AS table, n.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})-[r:SUPPORTS]->(b:Deal)
RETURN 'supports' AS table, n.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})-[r:INTERESTED_IN]->(b:Deal)
RETURN 'interests' AS table, n.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})-[r:PLAYS]->(b:Deal)
RETURN 'roles' AS table, n.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second, edge.role
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})<-[r:KNOWS]-(a:Member)
RETURN 'knows' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second

// name: edges_of_deals(ids) read -> rows
// Every edge of these deals, and the influences that hold for them alone.
UNWIND $ids AS wanted
MATCH (n:Deal {id: wanted})<-[r:SUPPORTS]-(a:Stakeholder)
RETURN 'supports' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Deal {id: wanted})<-[r:INTERESTED_IN]-(a:Stakeholder)
RETURN 'interests' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Deal {id: wanted})<-[r:PLAYS]-(a:Stakeholder)
RETURN 'roles' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second, edge.role
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Deal {id: wanted})-[:FOR_CUSTOMER]->(:Customer)<-[:WORKS_AT]-(a:Stakeholder)
MATCH (a)-[r:INFLUENCES {scope: n.id}]->(b:Stakeholder)
RETURN 'influences' AS table, a.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second, edge.scope

// name: edges_of_members(ids) read -> rows
// Whom these people of ours know.
UNWIND $ids AS wanted
MATCH (n:Member {id: wanted})-[r:KNOWS]->(b:Stakeholder)
RETURN 'knows' AS table, n.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second

// name: edges_of_customers(ids) read -> rows
// Who works or has worked at these customers.
UNWIND $ids AS wanted
MATCH (n:Customer {id: wanted})<-[r:WORKS_AT]-(a:Stakeholder)
RETURN 'employments' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second

// name: pointing_at_customers(ids) read -> rows
// What names these customers: departments, deals, people, members of a group.
UNWIND $ids AS wanted
MATCH (n:Customer {id: wanted})<-[:PART_OF]-(m:Department)
RETURN 'departments' AS table, m.id AS id, 'customer_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Customer {id: wanted})<-[:FOR_CUSTOMER]-(m:Deal)
RETURN 'deals' AS table, m.id AS id, 'customer_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Customer {id: wanted})<-[:WORKS_AT]-(m:Stakeholder)
RETURN 'stakeholders' AS table, m.id AS id, 'customer_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Customer {id: wanted})<-[:PART_OF]-(m:Customer)
RETURN 'customers' AS table, m.id AS id, 'parent_id' AS column
ORDER BY id

// name: pointing_at_departments(ids) read -> rows
// What names these departments: people in them, departments below them.
UNWIND $ids AS wanted
MATCH (n:Department {id: wanted})<-[:IN_DEPARTMENT]-(m:Stakeholder)
RETURN 'stakeholders' AS table, m.id AS id, 'department_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Department {id: wanted})<-[:PART_OF]-(m:Department)
RETURN 'departments' AS table, m.id AS id, 'parent_id' AS column
ORDER BY id

// name: pointing_at_teams(ids) read -> rows
// What names these teams: our people in them, teams below them.
UNWIND $ids AS wanted
MATCH (n:Team {id: wanted})<-[:MEMBER_OF]-(m:Member)
RETURN 'members' AS table, m.id AS id, 'team_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Team {id: wanted})<-[:PART_OF]-(m:Team)
RETURN 'teams' AS table, m.id AS id, 'parent_id' AS column
ORDER BY id

// name: pointing_at_members(ids) read -> rows
// What names these people of ours: who reports to them, what they own, their activities.
UNWIND $ids AS wanted
MATCH (n:Member {id: wanted})<-[:REPORTS_TO]-(m:Member)
RETURN 'members' AS table, m.id AS id, 'manager_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Member {id: wanted})-[:OWNS]->(m:Customer)
RETURN 'customers' AS table, m.id AS id, 'owner_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Member {id: wanted})-[:OWNS]->(m:Deal)
RETURN 'deals' AS table, m.id AS id, 'owner_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Member {id: wanted})<-[:HELD_BY]-(m:Activity)
RETURN 'activities' AS table, m.id AS id, 'member_id' AS column
ORDER BY id
