// name: found_stakeholders(ids, today) read -> rows
// People that search has found, at their present customer.
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})
OPTIONAL MATCH (n)-[w:WORKS_AT]->(c:Customer) WHERE w.until IS NULL OR w.until > $today
OPTIONAL MATCH (n)-[:IN_DEPARTMENT]->(d:Department)
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh,
       n.title AS title, n.title_en AS title_en, n.title_zh AS title_zh,
       n.placeholder AS placeholder, c.id AS customer_id, c.name AS customer_name, c.name_en AS customer_name_en,
       c.name_zh AS customer_name_zh, d.name AS department_name,
       d.name_en AS department_name_en, d.name_zh AS department_name_zh
ORDER BY id, customer_id, department_name

// name: found_customers(ids) read -> rows
// Customers that search has found.
UNWIND $ids AS wanted
MATCH (n:Customer {id: wanted})
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh
ORDER BY id

// name: found_deals(ids) read -> rows
// Deals that search has found, with their customers.
UNWIND $ids AS wanted
MATCH (n:Deal {id: wanted})
OPTIONAL MATCH (n)-[:FOR_CUSTOMER]->(c:Customer)
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh,
       c.id AS customer_id, c.name AS customer_name, c.name_en AS customer_name_en,
       c.name_zh AS customer_name_zh
ORDER BY id, customer_id

// name: found_departments(ids) read -> rows
// Departments that search has found, with their customers.
UNWIND $ids AS wanted
MATCH (n:Department {id: wanted})
OPTIONAL MATCH (n)-[:PART_OF]->(c:Customer)
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh,
       c.id AS customer_id, c.name AS customer_name, c.name_en AS customer_name_en,
       c.name_zh AS customer_name_zh
ORDER BY id, customer_id

// name: found_offerings(ids) read -> rows
// Offerings that search has found.
UNWIND $ids AS wanted
MATCH (n:Offering {id: wanted})
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh
ORDER BY id

// name: found_teams(ids) read -> rows
// Teams of ours that search has found.
UNWIND $ids AS wanted
MATCH (n:Team {id: wanted})
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh
ORDER BY id

// name: found_members(ids) read -> rows
// People of ours that search has found.
UNWIND $ids AS wanted
MATCH (n:Member {id: wanted})
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh,
       n.title AS title, n.title_en AS title_en, n.title_zh AS title_zh
ORDER BY id
