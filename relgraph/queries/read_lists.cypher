// name: list_customers(after, limit, q, updated_since, kind, industry, region, grade) read -> rows
// Customers by id, from the one after `after` on. `q` is lower case; null filters nothing.
MATCH (n:Customer)
WHERE n.id > $after
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q)
  AND ($kind IS NULL OR n.kind = $kind)
  AND ($industry IS NULL OR n.industry = $industry)
  AND ($region IS NULL OR n.region = $region)
  AND ($grade IS NULL OR n.grade = $grade)
WITH n ORDER BY n.id LIMIT $limit
OPTIONAL MATCH (n)-[:PART_OF]->(parent:Customer)
OPTIONAL MATCH (n)<-[:OWNS]-(owner:Member)
RETURN n {.*} AS node, parent.id AS parent_id, owner.id AS owner_id
ORDER BY n.id, parent_id, owner_id

// name: list_departments(after, limit, q, updated_since, function) read -> rows
// Departments by id, from the one after `after` on.
MATCH (n:Department)
WHERE n.id > $after
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q)
  AND ($function IS NULL OR n.function = $function)
WITH n ORDER BY n.id LIMIT $limit
OPTIONAL MATCH (n)-[:PART_OF]->(c:Customer)
OPTIONAL MATCH (n)-[:PART_OF]->(parent:Department)
RETURN n {.*} AS node, c.id AS customer_id, parent.id AS parent_id
ORDER BY n.id, customer_id, parent_id

// name: list_departments_of_customer(after, limit, q, updated_since, function, customer_id) read -> rows
// Departments of one customer by id, from the one after `after` on.
MATCH (c:Customer {id: $customer_id})<-[:PART_OF]-(n:Department)
WHERE n.id > $after
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q)
  AND ($function IS NULL OR n.function = $function)
WITH n ORDER BY n.id LIMIT $limit
OPTIONAL MATCH (n)-[:PART_OF]->(c:Customer)
OPTIONAL MATCH (n)-[:PART_OF]->(parent:Department)
RETURN n {.*} AS node, c.id AS customer_id, parent.id AS parent_id
ORDER BY n.id, customer_id, parent_id

// name: list_stakeholders(after, limit, q, updated_since, department_id, placeholder) read -> rows
// Stakeholders by id, from the one after `after` on.
MATCH (n:Stakeholder)
WHERE n.id > $after
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q
       OR toLower(coalesce(n.title, '')) CONTAINS $q)
  AND ($department_id IS NULL
       OR EXISTS { (n)-[:IN_DEPARTMENT]->(:Department {id: $department_id}) })
  AND ($placeholder IS NULL OR coalesce(n.placeholder, false) = $placeholder)
WITH n ORDER BY n.id LIMIT $limit
OPTIONAL MATCH (n)-[w:WORKS_AT]->(c:Customer)
OPTIONAL MATCH (n)-[:IN_DEPARTMENT]->(d:Department)
OPTIONAL MATCH (n)-[:REPORTS_TO {line: 'solid', primary: true}]->(m:Stakeholder)
RETURN n {.*} AS node, c.id AS customer_id, d.id AS department_id, m.id AS manager_id,
       w.since AS since, w.until AS until
ORDER BY n.id, coalesce(until, '9999') DESC, customer_id, department_id, manager_id

// name: list_stakeholders_of_customer(after, limit, q, updated_since, department_id, placeholder, customer_id) read -> rows
// Stakeholders of one customer, former ones too, by id, from the one after `after` on.
MATCH (:Customer {id: $customer_id})<-[:WORKS_AT]-(n:Stakeholder)
WHERE n.id > $after
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q
       OR toLower(coalesce(n.title, '')) CONTAINS $q)
  AND ($department_id IS NULL
       OR EXISTS { (n)-[:IN_DEPARTMENT]->(:Department {id: $department_id}) })
  AND ($placeholder IS NULL OR coalesce(n.placeholder, false) = $placeholder)
WITH n ORDER BY n.id LIMIT $limit
OPTIONAL MATCH (n)-[w:WORKS_AT]->(c:Customer)
OPTIONAL MATCH (n)-[:IN_DEPARTMENT]->(d:Department)
OPTIONAL MATCH (n)-[:REPORTS_TO {line: 'solid', primary: true}]->(m:Stakeholder)
RETURN n {.*} AS node, c.id AS customer_id, d.id AS department_id, m.id AS manager_id,
       w.since AS since, w.until AS until
ORDER BY n.id, coalesce(until, '9999') DESC, customer_id, department_id, manager_id

// name: list_deals(after, limit, q, updated_since, stage, open) read -> rows
// Deals by id, from the one after `after` on. `open` true: without an outcome.
MATCH (n:Deal)
WHERE n.id > $after
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q)
  AND ($stage IS NULL OR n.stage = $stage)
  AND ($open IS NULL OR (n.outcome IS NULL) = $open)
WITH n ORDER BY n.id LIMIT $limit
OPTIONAL MATCH (n)-[:FOR_CUSTOMER]->(c:Customer)
OPTIONAL MATCH (n)<-[:OWNS]-(owner:Member)
RETURN n {.*} AS node, c.id AS customer_id, c.name AS customer_name, owner.id AS owner_id
ORDER BY n.id, customer_id, owner_id

// name: list_deals_of_customer(after, limit, q, updated_since, stage, open, customer_id) read -> rows
// Deals of one customer by id, from the one after `after` on.
MATCH (:Customer {id: $customer_id})<-[:FOR_CUSTOMER]-(n:Deal)
WHERE n.id > $after
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q)
  AND ($stage IS NULL OR n.stage = $stage)
  AND ($open IS NULL OR (n.outcome IS NULL) = $open)
WITH n ORDER BY n.id LIMIT $limit
OPTIONAL MATCH (n)-[:FOR_CUSTOMER]->(c:Customer)
OPTIONAL MATCH (n)<-[:OWNS]-(owner:Member)
RETURN n {.*} AS node, c.id AS customer_id, c.name AS customer_name, owner.id AS owner_id
ORDER BY n.id, customer_id, owner_id

// name: list_offerings(after, limit, q, updated_since, category) read -> rows
// Offerings by id, from the one after `after` on.
MATCH (n:Offering)
WHERE n.id > $after
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q)
  AND ($category IS NULL OR n.category = $category)
WITH n ORDER BY n.id LIMIT $limit
RETURN n {.*} AS node
ORDER BY n.id

// name: list_teams(after, limit, q, updated_since) read -> rows
// Our teams by id, from the one after `after` on.
MATCH (n:Team)
WHERE n.id > $after
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q)
WITH n ORDER BY n.id LIMIT $limit
OPTIONAL MATCH (n)-[:PART_OF]->(parent:Team)
RETURN n {.*} AS node, parent.id AS parent_id
ORDER BY n.id, parent_id

// name: list_members(after, limit, q, updated_since, team_id) read -> rows
// Our people by id, from the one after `after` on.
MATCH (n:Member)
WHERE n.id > $after
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q
       OR toLower(coalesce(n.title, '')) CONTAINS $q)
  AND ($team_id IS NULL OR EXISTS { (n)-[:MEMBER_OF]->(:Team {id: $team_id}) })
WITH n ORDER BY n.id LIMIT $limit
OPTIONAL MATCH (n)-[:MEMBER_OF]->(t:Team)
OPTIONAL MATCH (n)-[:REPORTS_TO {line: 'solid', primary: true}]->(m:Member)
RETURN n {.*} AS node, t.id AS team_id, m.id AS manager_id
ORDER BY n.id, team_id, manager_id
