// name: customer_row(customer_id) read -> row
// A customer with its group and our person in charge.
// scope: $customer_id, $visible
MATCH (c:Customer {id: $customer_id})
OPTIONAL MATCH (c)-[:PART_OF]->(parent:Customer)
WHERE {{ seen("parent", "Customer") }}
OPTIONAL MATCH (c)<-[:OWNS]-(owner:Member)
RETURN c.id AS id, c.name AS name, c.name_en AS name_en, c.name_zh AS name_zh,
       c.kind AS kind, c.industry AS industry, c.region AS region, c.grade AS grade,
       c.lifecycle AS lifecycle, c.url AS url, c.importing AS importing, c.version AS version,
       parent.id AS parent_id, parent.name AS parent_name,
       owner.id AS owner_id, owner.name AS owner_name
ORDER BY parent_id, owner_id
LIMIT 1

// name: departments_of_customer(customer_id) read -> rows
// The departments of a customer, each with the department above it.
// scope: $customer_id
MATCH (c:Customer {id: $customer_id})<-[:PART_OF]-(d:Department)
OPTIONAL MATCH (d)-[:PART_OF]->(above:Department)
RETURN d.id AS id, d.name AS name, d.name_en AS name_en, d.name_zh AS name_zh,
       d.function AS function, above.id AS parent_id, d.version AS version
ORDER BY id, parent_id

// name: people_of_customer(customer_id, today) read -> rows
// The people who work at a customer on the day `today` (ISO text), and its empty seats.
// scope: $customer_id
MATCH (c:Customer {id: $customer_id})<-[w:WORKS_AT]-(p:Stakeholder)
WHERE w.until IS NULL OR w.until > $today
OPTIONAL MATCH (p)-[:IN_DEPARTMENT]->(d:Department)
RETURN p.id AS id, p.name AS name, p.name_en AS name_en, p.name_zh AS name_zh,
       p.title AS title, p.title_en AS title_en, p.title_zh AS title_zh,
       d.id AS department_id, p.level AS level, p.top AS top, p.email AS email,
       p.phone AS phone, p.budget AS budget, p.adaptability AS adaptability,
       p.motives AS motives, p.placeholder AS placeholder, p.url AS url, w.since AS since,
       p.updated_at AS updated_at, p.version AS version
ORDER BY id, department_id

// name: deals_of_customer(customer_id) read -> rows
// The deals of a customer, open and closed, with our person in charge.
// scope: $customer_id
MATCH (c:Customer {id: $customer_id})<-[:FOR_CUSTOMER]-(d:Deal)
OPTIONAL MATCH (d)<-[:OWNS]-(m:Member)
RETURN d.id AS id, d.name AS name, d.name_en AS name_en, d.name_zh AS name_zh,
       d.stage AS stage, d.amount AS amount, d.currency AS currency,
       d.close_date AS close_date, d.outcome AS outcome, d.reason AS reason, d.url AS url,
       m.id AS owner_id, m.name AS owner_name, d.nonstandard AS nonstandard,
       d.version AS version
ORDER BY id, owner_id

// name: members_by_id(ids) read -> rows
// Our people with these ids, each with the team.
// unscoped: our people are seen by everybody
UNWIND $ids AS member_id
MATCH (m:Member {id: member_id})
OPTIONAL MATCH (m)-[:MEMBER_OF]->(t:Team)
RETURN m.id AS id, m.name AS name, m.name_en AS name_en, m.name_zh AS name_zh,
       m.title AS title, m.title_en AS title_en, m.title_zh AS title_zh,
       t.id AS team_id, t.name AS team_name, m.email AS email, m.version AS version
ORDER BY id, team_id
