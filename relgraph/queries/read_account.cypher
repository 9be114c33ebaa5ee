// with all kinds
// name: account_of_customer(customer_id, today) read -> rows
// A customer with all that hangs on it on the day `today` (ISO text), in one statement. Each row
// is a part of it: the part's name, the names of its columns, and its rows as lists, in no order.
// The other end of an edge may be somebody elsewhere: the reader keeps those among its people.
// scope: $customer_id, $visible
{{ account() }}

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
