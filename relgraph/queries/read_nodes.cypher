// name: get_customer(id) read -> row
// One customer with all its properties and the ids that it refers to.
MATCH (n:Customer {id: $id})
OPTIONAL MATCH (n)-[:PART_OF]->(parent:Customer)
OPTIONAL MATCH (n)<-[:OWNS]-(owner:Member)
RETURN n {.*} AS node, parent.id AS parent_id, owner.id AS owner_id
ORDER BY parent_id, owner_id
LIMIT 1

// name: get_department(id) read -> row
// One department with all its properties and the ids that it refers to.
MATCH (n:Department {id: $id})
OPTIONAL MATCH (n)-[:PART_OF]->(c:Customer)
OPTIONAL MATCH (n)-[:PART_OF]->(parent:Department)
RETURN n {.*} AS node, c.id AS customer_id, parent.id AS parent_id
ORDER BY customer_id, parent_id
LIMIT 1

// name: get_stakeholder(id) read -> row
// One stakeholder with all properties and the ids that they refer to; the present employer first.
MATCH (n:Stakeholder {id: $id})
OPTIONAL MATCH (n)-[w:WORKS_AT]->(c:Customer)
OPTIONAL MATCH (n)-[:IN_DEPARTMENT]->(d:Department)
OPTIONAL MATCH (n)-[:REPORTS_TO {line: 'solid', primary: true}]->(m:Stakeholder)
RETURN n {.*} AS node, c.id AS customer_id, d.id AS department_id, m.id AS manager_id,
       w.since AS since, w.until AS until
ORDER BY coalesce(until, '9999') DESC, customer_id, department_id, manager_id
LIMIT 1

// name: get_deal(id) read -> row
// One deal with all its properties and the ids that it refers to.
MATCH (n:Deal {id: $id})
OPTIONAL MATCH (n)-[:FOR_CUSTOMER]->(c:Customer)
OPTIONAL MATCH (n)<-[:OWNS]-(owner:Member)
RETURN n {.*} AS node, c.id AS customer_id, c.name AS customer_name, owner.id AS owner_id
ORDER BY customer_id, owner_id
LIMIT 1

// name: get_offering(id) read -> row
// One offering with all its properties.
MATCH (n:Offering {id: $id})
RETURN n {.*} AS node

// name: get_team(id) read -> row
// One of our teams with all its properties and the team above it.
MATCH (n:Team {id: $id})
OPTIONAL MATCH (n)-[:PART_OF]->(parent:Team)
RETURN n {.*} AS node, parent.id AS parent_id
ORDER BY parent_id
LIMIT 1

// name: get_member(id) read -> row
// One of our people with all properties, team and manager.
MATCH (n:Member {id: $id})
OPTIONAL MATCH (n)-[:MEMBER_OF]->(t:Team)
OPTIONAL MATCH (n)-[:REPORTS_TO {line: 'solid', primary: true}]->(m:Member)
RETURN n {.*} AS node, t.id AS team_id, m.id AS manager_id
ORDER BY team_id, manager_id
LIMIT 1
