// name: influences_of_person(stakeholder_id) read -> rows
// Influences that start or end at a person, with the names of both ends.
MATCH (n:Stakeholder {id: $stakeholder_id})-[r:INFLUENCES]-(:Stakeholder)
WITH r, startNode(r) AS a, endNode(r) AS b
RETURN a.id AS from_id, coalesce(a.name, '') AS from_name, b.id AS to_id,
       coalesce(b.name, '') AS to_name, r.strength AS strength, r.nature AS nature,
       r.deal_id AS deal_id, r.assessed_at AS assessed_at, r.assessed_by AS assessed_by,
       r.source AS source, r.evidence AS evidence, r.version AS version
ORDER BY from_id, to_id, deal_id

// name: relations_of_person(stakeholder_id) read -> rows
// Personal ties of a person, with the names of both ends.
MATCH (n:Stakeholder {id: $stakeholder_id})-[r:RELATED_TO]-(:Stakeholder)
WITH r, startNode(r) AS a, endNode(r) AS b
RETURN a.id AS from_id, coalesce(a.name, '') AS from_name, b.id AS to_id,
       coalesce(b.name, '') AS to_name, r.kind AS kind, r.strength AS strength,
       r.directed AS directed, r.assessed_at AS assessed_at, r.assessed_by AS assessed_by,
       r.source AS source, r.evidence AS evidence, r.version AS version
ORDER BY from_id, to_id, kind

// name: managers_of_person(stakeholder_id) read -> rows
// Everyone a person reports to, primary and solid lines first.
MATCH (n:Stakeholder {id: $stakeholder_id})-[r:REPORTS_TO]->(m:Stakeholder)
RETURN n.id AS from_id, m.id AS to_id, coalesce(m.name, '') AS to_name, r.line AS line,
       r.primary AS primary, r.since AS since, r.version AS version
ORDER BY line DESC, coalesce(primary, false) DESC, since, to_id

// name: supports_of_deal(deal_id) read -> rows
// Who stands where on a deal.
MATCH (d:Deal {id: $deal_id})<-[r:SUPPORTS]-(p:Stakeholder)
RETURN p.id AS stakeholder_id, coalesce(p.name, '') AS stakeholder_name, d.id AS deal_id,
       r.stance AS stance, r.assessed_at AS assessed_at, r.assessed_by AS assessed_by,
       r.source AS source, r.evidence AS evidence, r.version AS version
ORDER BY stakeholder_id

// name: interests_of_deal(deal_id) read -> rows
// Who cares how much about a deal.
MATCH (d:Deal {id: $deal_id})<-[r:INTERESTED_IN]-(p:Stakeholder)
RETURN p.id AS stakeholder_id, coalesce(p.name, '') AS stakeholder_name, d.id AS deal_id,
       r.level AS level, r.motive AS motive, r.demand AS demand,
       r.assessed_at AS assessed_at, r.assessed_by AS assessed_by,
       r.source AS source, r.evidence AS evidence, r.version AS version
ORDER BY stakeholder_id

// name: roles_of_deal(deal_id) read -> rows
// Who plays which role in a deal.
MATCH (d:Deal {id: $deal_id})<-[r:PLAYS]-(p:Stakeholder)
RETURN p.id AS stakeholder_id, coalesce(p.name, '') AS stakeholder_name, d.id AS deal_id,
       r.role AS role, r.can_veto AS can_veto, r.approval_limit AS approval_limit,
       r.decision_weight AS decision_weight, r.assessed_at AS assessed_at,
       r.assessed_by AS assessed_by, r.evidence AS evidence, r.version AS version
ORDER BY stakeholder_id, role

// name: knows_of_member(member_id) read -> rows
// Whom one of our people knows, with the customer of each.
MATCH (m:Member {id: $member_id})-[r:KNOWS]->(p:Stakeholder)
OPTIONAL MATCH (p)-[w:WORKS_AT]->(c:Customer) WHERE w.until IS NULL
RETURN m.id AS member_id, p.id AS stakeholder_id, coalesce(p.name, '') AS stakeholder_name,
       c.id AS customer_id, c.name AS customer_name, r.closeness AS closeness,
       r.strength AS strength, r.assessed_at AS assessed_at, r.assessed_by AS assessed_by,
       r.source AS source, r.evidence AS evidence, r.version AS version
ORDER BY stakeholder_id, customer_id

// name: customer_of_deal(deal_id) read -> value
// Id of the customer that a deal belongs to.
MATCH (:Deal {id: $deal_id})-[:FOR_CUSTOMER]->(c:Customer)
RETURN c.id AS customer_id
ORDER BY customer_id
LIMIT 1

// name: employments_of_person(stakeholder_id) read -> rows
// Where a person works and has worked, the present employer first.
MATCH (p:Stakeholder {id: $stakeholder_id})-[w:WORKS_AT]->(c:Customer)
RETURN c.id AS customer_id, c.name AS customer_name, c.name_en AS customer_name_en,
       c.name_zh AS customer_name_zh, w.title AS title, w.since AS since, w.until AS until
ORDER BY coalesce(until, '9999') DESC, since DESC, customer_id
