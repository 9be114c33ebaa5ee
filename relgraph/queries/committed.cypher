// name: not_settled(limit) read -> rows
// What is on its way: notes without a place, long work that is not finished, writes that search
// does not find yet, records that an older relgraph has left.
// unscoped: decides whether an answer is made again, and is never shown
MATCH (c:Change {unplaced: 'new'})
RETURN 'note' AS what, c.id AS id
LIMIT $limit
UNION ALL
MATCH (i:Import {state: 'writing'})
RETURN 'work' AS what, i.id AS id
LIMIT $limit
UNION ALL
MATCH (d:SearchDue)
RETURN 'search' AS what, d.id AS id
LIMIT $limit
UNION ALL
MATCH (u:UpgradeDue)
RETURN 'upgrade' AS what, u.id AS id
LIMIT $limit

// name: settled() read -> row
// How many notes have places, and how many imports and undos in parts have ended.
// unscoped: how much was ever written is no secret, and this is never shown
OPTIONAL MATCH (i:Import) WHERE i.state <> 'writing'
WITH count(i) AS finished
OPTIONAL MATCH (e:LogEnd {id: 'log'})
RETURN e.key AS key, e.given AS given, finished
