// name: edges_of_stakeholders(ids) read -> rows
// Every edge of these people, whichever end they are, as rows of the import format.
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})-[r:REPORTS_TO]->(b:Stakeholder)
RETURN 'reports_to' AS table, n.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second
UNION ALL
UNWIND $ids AS wanted
MATCH (a:Stakeholder)-[r:REPORTS_TO]->(n:Stakeholder {id: wanted})
RETURN 'reports_to' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})-[r:INFLUENCES]->(b:Stakeholder)
RETURN 'influences' AS table, n.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second, edge.scope
UNION ALL
UNWIND $ids AS wanted
MATCH (a:Stakeholder)-[r:INFLUENCES]->(n:Stakeholder {id: wanted})
RETURN 'influences' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second, edge.scope
UNION ALL
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})-[r:RELATED_TO]->(b:Stakeholder)
RETURN 'relations' AS table, n.id AS first, b.id AS second, r {.*} AS edge
ORDER BY first, second, edge.kind
UNION ALL
UNWIND $ids AS wanted
MATCH (a:Stakeholder)-[r:RELATED_TO]->(n:Stakeholder {id: wanted})
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
MATCH (a:Member)-[r:KNOWS]->(n:Stakeholder {id: wanted})
RETURN 'knows' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second

// name: edges_of_deals(ids) read -> rows
// Every edge of these deals, and the influences that hold for them alone.
UNWIND $ids AS wanted
MATCH (a:Stakeholder)-[r:SUPPORTS]->(n:Deal {id: wanted})
RETURN 'supports' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second
UNION ALL
UNWIND $ids AS wanted
MATCH (a:Stakeholder)-[r:INTERESTED_IN]->(n:Deal {id: wanted})
RETURN 'interests' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second
UNION ALL
UNWIND $ids AS wanted
MATCH (a:Stakeholder)-[r:PLAYS]->(n:Deal {id: wanted})
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
MATCH (a:Stakeholder)-[r:WORKS_AT]->(n:Customer {id: wanted})
RETURN 'employments' AS table, a.id AS first, n.id AS second, r {.*} AS edge
ORDER BY first, second

// name: pointing_at_customers(ids) read -> rows
// What names these customers: departments, deals, people, members of a group.
UNWIND $ids AS wanted
MATCH (m:Department)-[:PART_OF]->(n:Customer {id: wanted})
RETURN 'departments' AS table, m.id AS id, 'customer_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (m:Deal)-[:FOR_CUSTOMER]->(n:Customer {id: wanted})
RETURN 'deals' AS table, m.id AS id, 'customer_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (m:Stakeholder)-[:WORKS_AT]->(n:Customer {id: wanted})
RETURN 'stakeholders' AS table, m.id AS id, 'customer_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (m:Customer)-[:PART_OF]->(n:Customer {id: wanted})
RETURN 'customers' AS table, m.id AS id, 'parent_id' AS column
ORDER BY id

// name: pointing_at_departments(ids) read -> rows
// What names these departments: people in them, departments below them.
UNWIND $ids AS wanted
MATCH (m:Stakeholder)-[:IN_DEPARTMENT]->(n:Department {id: wanted})
RETURN 'stakeholders' AS table, m.id AS id, 'department_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (m:Department)-[:PART_OF]->(n:Department {id: wanted})
RETURN 'departments' AS table, m.id AS id, 'parent_id' AS column
ORDER BY id

// name: pointing_at_teams(ids) read -> rows
// What names these teams: our people in them, teams below them.
UNWIND $ids AS wanted
MATCH (m:Member)-[:MEMBER_OF]->(n:Team {id: wanted})
RETURN 'members' AS table, m.id AS id, 'team_id' AS column
ORDER BY id
UNION ALL
UNWIND $ids AS wanted
MATCH (m:Team)-[:PART_OF]->(n:Team {id: wanted})
RETURN 'teams' AS table, m.id AS id, 'parent_id' AS column
ORDER BY id

// name: pointing_at_members(ids) read -> rows
// What names these people of ours: who reports to them, what they own, their activities.
UNWIND $ids AS wanted
MATCH (m:Member)-[:REPORTS_TO]->(n:Member {id: wanted})
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
