// name: search_source_stakeholders(ids) read -> rows
// What these people are found by.
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh,
       n.title AS title, n.title_en AS title_en, n.title_zh AS title_zh, n.email AS email
ORDER BY id

// name: search_ids_stakeholders(after, limit) read -> rows
// Ids of people, to make the whole index anew.
MATCH (n:Stakeholder) WHERE n.id > $after
RETURN n.id AS id
ORDER BY id
LIMIT $limit

// name: search_source_customers(ids) read -> rows
// What these customers are found by.
UNWIND $ids AS wanted
MATCH (n:Customer {id: wanted})
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh
ORDER BY id

// name: search_ids_customers(after, limit) read -> rows
// Ids of customers, to make the whole index anew.
MATCH (n:Customer) WHERE n.id > $after
RETURN n.id AS id
ORDER BY id
LIMIT $limit

// name: search_source_departments(ids) read -> rows
// What these departments are found by.
UNWIND $ids AS wanted
MATCH (n:Department {id: wanted})
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh
ORDER BY id

// name: search_ids_departments(after, limit) read -> rows
// Ids of departments, to make the whole index anew.
MATCH (n:Department) WHERE n.id > $after
RETURN n.id AS id
ORDER BY id
LIMIT $limit

// name: search_source_deals(ids) read -> rows
// What these deals are found by.
UNWIND $ids AS wanted
MATCH (n:Deal {id: wanted})
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh
ORDER BY id

// name: search_ids_deals(after, limit) read -> rows
// Ids of deals, to make the whole index anew.
MATCH (n:Deal) WHERE n.id > $after
RETURN n.id AS id
ORDER BY id
LIMIT $limit

// name: search_source_offerings(ids) read -> rows
// What these offerings are found by.
UNWIND $ids AS wanted
MATCH (n:Offering {id: wanted})
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh
ORDER BY id

// name: search_ids_offerings(after, limit) read -> rows
// Ids of offerings, to make the whole index anew.
MATCH (n:Offering) WHERE n.id > $after
RETURN n.id AS id
ORDER BY id
LIMIT $limit

// name: search_source_teams(ids) read -> rows
// What these teams are found by.
UNWIND $ids AS wanted
MATCH (n:Team {id: wanted})
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh
ORDER BY id

// name: search_ids_teams(after, limit) read -> rows
// Ids of teams, to make the whole index anew.
MATCH (n:Team) WHERE n.id > $after
RETURN n.id AS id
ORDER BY id
LIMIT $limit

// name: search_source_members(ids) read -> rows
// What these our people are found by.
UNWIND $ids AS wanted
MATCH (n:Member {id: wanted})
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh,
       n.title AS title, n.title_en AS title_en, n.title_zh AS title_zh, n.email AS email
ORDER BY id

// name: search_ids_members(after, limit) read -> rows
// Ids of our people, to make the whole index anew.
MATCH (n:Member) WHERE n.id > $after
RETURN n.id AS id
ORDER BY id
LIMIT $limit

// name: search_entries(ids) read -> rows
// The keys of these nodes as they stand in the index.
UNWIND $ids AS wanted
MATCH (e:SearchEntry {id: wanted})
RETURN e.id AS id, e.keys AS keys
ORDER BY id

// name: search_entries_after(after, limit) read -> rows
// Entries in order, to find those whose nodes are gone.
MATCH (e:SearchEntry) WHERE e.id > $after
RETURN e.id AS id
ORDER BY id
LIMIT $limit

// name: put_search_keys(rows) write -> none
// Keys that are new; each ends in the node that it leads to.
UNWIND $rows AS row
MERGE (k:SearchKey {id: row.id})

// name: delete_search_keys(rows) write -> none
// Keys that lead nowhere any more.
UNWIND $rows AS row
MATCH (k:SearchKey {id: row.id})
DELETE k

// name: put_search_entries(rows) write -> none
// All keys of these nodes.
UNWIND $rows AS row
MERGE (e:SearchEntry {id: row.id})
SET e.keys = row.keys

// name: delete_search_entries(rows) write -> none
// Entries of nodes that are gone.
UNWIND $rows AS row
MATCH (e:SearchEntry {id: row.id})
DELETE e

// name: put_search_words(rows) write -> none
// Words that a slip of the pen may have meant. They stay when nobody is called so any more.
UNWIND $rows AS row
MERGE (w:SearchWord {id: row.id})

// name: search_words(ids) read -> rows
// Which of these words there are.
UNWIND $ids AS wanted
MATCH (w:SearchWord {id: wanted})
RETURN w.id AS id
ORDER BY id

// name: search_ranges(people, customers, deals, departments, offerings, teams, members, limit) read -> rows
// Keys that begin so, of each kind; a kind that is not wanted asks for what is nowhere. They come
// in the order of the index on both databases. To ask for that order would make the local one
// sort all that begins so before it takes the first.
MATCH (k:SearchKey) WHERE k.id STARTS WITH $people
RETURN k.id AS id
LIMIT $limit
UNION ALL
MATCH (k:SearchKey) WHERE k.id STARTS WITH $customers
RETURN k.id AS id
LIMIT $limit
UNION ALL
MATCH (k:SearchKey) WHERE k.id STARTS WITH $deals
RETURN k.id AS id
LIMIT $limit
UNION ALL
MATCH (k:SearchKey) WHERE k.id STARTS WITH $departments
RETURN k.id AS id
LIMIT $limit
UNION ALL
MATCH (k:SearchKey) WHERE k.id STARTS WITH $offerings
RETURN k.id AS id
LIMIT $limit
UNION ALL
MATCH (k:SearchKey) WHERE k.id STARTS WITH $teams
RETURN k.id AS id
LIMIT $limit
UNION ALL
MATCH (k:SearchKey) WHERE k.id STARTS WITH $members
RETURN k.id AS id
LIMIT $limit

// name: put_search_due(id, at) write -> none
// A write of so much that its nodes are entered after it.
MERGE (d:SearchDue {id: $id})
SET d.at = $at

// name: search_due() read -> rows
// Writes whose nodes are not entered yet, the oldest first.
MATCH (d:SearchDue)
RETURN d.id AS id
ORDER BY d.at, id

// name: delete_search_due(id) write -> none
// All of it is entered.
MATCH (d:SearchDue {id: $id})
DELETE d
