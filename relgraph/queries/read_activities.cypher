// name: contacts_of_customer(customer_id, today, day, instant) read -> rows
// The days (UTC) of all contacts between us and the people of a customer, a list for contacts that
// are alike; what is later than `day` (of a day) or `instant` is left out.
// scope: $customer_id
MATCH (c:Customer {id: $customer_id})<-[w:WORKS_AT]-(p:Stakeholder)
WHERE w.until IS NULL OR w.until > $today
MATCH (p)<-[:HELD_WITH]-(a:Activity)-[:HELD_BY]->(m:Member)
WHERE a.happened_at <= CASE WHEN size(a.happened_at) = 10 THEN $day ELSE $instant END
WITH m.id AS member_id, p.id AS stakeholder_id, a.kind AS kind, a.direction AS direction,
     a.answered AS answered, substring(a.happened_at, 0, 10) AS day
ORDER BY day
RETURN member_id, stakeholder_id, kind, direction, answered, collect(day) AS days
ORDER BY member_id, stakeholder_id, kind, direction, answered

// name: contacts_of_stakeholder(stakeholder_id, day, instant) read -> rows
// The days (UTC) of all contacts between us and one person, a list for contacts that are alike.
// scope: $visible
MATCH (p:Stakeholder {id: $stakeholder_id})<-[:HELD_WITH]-(a:Activity)-[:HELD_BY]->(m:Member)
WHERE {{ seen("p", "Stakeholder") }}
  AND a.happened_at <= CASE WHEN size(a.happened_at) = 10 THEN $day ELSE $instant END
WITH m.id AS member_id, p.id AS stakeholder_id, a.kind AS kind, a.direction AS direction,
     a.answered AS answered, substring(a.happened_at, 0, 10) AS day
ORDER BY day
RETURN member_id, stakeholder_id, kind, direction, answered, collect(day) AS days
ORDER BY member_id, stakeholder_id, kind, direction, answered

// name: knows_of_stakeholder(stakeholder_id) read -> rows
// Who of us knows a person, as somebody judged it.
// scope: $visible
MATCH (p:Stakeholder {id: $stakeholder_id})<-[r:KNOWS]-(m:Member)
WHERE {{ seen("p", "Stakeholder") }}
RETURN m.id AS member_id, r.closeness AS closeness, r.strength AS strength,
       r.assessed_at AS assessed_at, r.assessed_by AS assessed_by
ORDER BY member_id

// name: members_with_activities(ids) read -> rows
// Those of these people of ours of whom any activity is on record.
// scope: $visible
UNWIND $ids AS wanted
MATCH (m:Member {id: wanted})
WHERE $visible IS NULL AND EXISTS { (m)<-[:HELD_BY]-(:Activity) }
   OR $visible IS NOT NULL AND EXISTS {
     MATCH (m)<-[:HELD_BY]-(:Activity)-[:HELD_WITH]->(p:Stakeholder)
     WHERE {{ seen("p", "Stakeholder") }}
   }
RETURN m.id AS id
ORDER BY id

// name: activity_counts_of_stakeholder(stakeholder_id) read -> rows
// How often we were in contact with a person, by month, kind and direction. A meeting with
// several of us is one.
// scope: $visible
MATCH (p:Stakeholder {id: $stakeholder_id})<-[:HELD_WITH]-(a:Activity)
WHERE {{ seen("p", "Stakeholder") }}
WITH substring(a.happened_at, 0, 7) AS month, a.kind AS kind, a.direction AS direction,
     coalesce(a.external_id, a.id) AS contact, max(a.minutes) AS minutes,
     max(CASE WHEN a.answered THEN 1 ELSE 0 END) AS answered
RETURN month, kind, direction, count(contact) AS number, sum(answered) AS answered,
       CASE WHEN count(minutes) = 0 THEN null ELSE sum(minutes) END AS minutes
ORDER BY month DESC, kind, direction

// name: activity_counts_of_member(member_id) read -> rows
// How often one of us was in contact with them, by month, kind and direction. A meeting with
// several of them is one.
// scope: $visible
MATCH (:Member {id: $member_id})<-[:HELD_BY]-(a:Activity)
WHERE $visible IS NULL OR EXISTS {
  MATCH (a)-[:HELD_WITH]->(p:Stakeholder)
  WHERE {{ seen("p", "Stakeholder") }}
}
WITH substring(a.happened_at, 0, 7) AS month, a.kind AS kind, a.direction AS direction,
     coalesce(a.external_id, a.id) AS contact, max(a.minutes) AS minutes,
     max(CASE WHEN a.answered THEN 1 ELSE 0 END) AS answered
RETURN month, kind, direction, count(contact) AS number, sum(answered) AS answered,
       CASE WHEN count(minutes) = 0 THEN null ELSE sum(minutes) END AS minutes
ORDER BY month DESC, kind, direction

// name: addresses_of_members(after, limit) read -> rows
// E-mail addresses of our people by id, from the one after `after` on.
// unscoped: our people are seen by everybody
MATCH (n:Member)
WHERE n.id > $after AND n.email IS NOT NULL
RETURN n.id AS id, n.email AS email
ORDER BY id
LIMIT $limit

// name: addresses_of_stakeholders(after, limit) read -> rows
// E-mail addresses of their people by id, from the one after `after` on.
// scope: everything
MATCH (n:Stakeholder)
WHERE n.id > $after AND n.email IS NOT NULL
RETURN n.id AS id, n.email AS email
ORDER BY id
LIMIT $limit

// name: known_people(members, stakeholders) read -> rows
// Those of these ids that there are, ours and theirs.
// scope: everything
UNWIND $members AS wanted
MATCH (n:Member {id: wanted})
RETURN 'member' AS kind, n.id AS id
ORDER BY id
UNION ALL
UNWIND $stakeholders AS wanted
MATCH (n:Stakeholder {id: wanted})
RETURN 'stakeholder' AS kind, n.id AS id
ORDER BY id
