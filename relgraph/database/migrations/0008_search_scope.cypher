// Search looks up the keys of one customer. Whatever an older relgraph has entered lacks them, so
// all of it is due.
CREATE INDEX search_key_at IF NOT EXISTS FOR (n:SearchKey) ON (n.at);
MATCH (e:SearchEntry)
WITH e LIMIT 1
MERGE (d:SearchDue {id: '*'})
SET d.at = '';
