// Search looks up the beginnings of keys; an entry holds the keys of one node, a word is one that
// a slip of the pen may have meant, and what is due is a write whose nodes are not found yet.
CREATE CONSTRAINT search_key IF NOT EXISTS FOR (n:SearchKey) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT search_entry IF NOT EXISTS FOR (n:SearchEntry) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT search_word IF NOT EXISTS FOR (n:SearchWord) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT search_due IF NOT EXISTS FOR (n:SearchDue) REQUIRE n.id IS UNIQUE;
