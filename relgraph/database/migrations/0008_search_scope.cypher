// Search looks up the keys of one customer. Whatever an older relgraph has entered lacks them: the
// last of these migrations says that all of it is due.
CREATE INDEX search_key_at IF NOT EXISTS FOR (n:SearchKey) ON (n.at);
