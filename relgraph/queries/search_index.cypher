// for each: searched kind
// name: search_source_{{ kind.plural }}(ids) read -> rows
// What these {{ kind.plural }} are found by.
UNWIND $ids AS wanted
MATCH (n:{{ kind.label }} {id: wanted})
RETURN n.id AS id{% for name in SEARCHED if name in kind.columns %}, n.{{ name }} AS {{ name }}{% endfor %}

ORDER BY id

// for each: searched kind
// name: search_ids_{{ kind.plural }}(after, limit) read -> rows
// Ids of {{ kind.plural }}, to make the whole index anew.
MATCH (n:{{ kind.label }}) WHERE n.id > $after
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

// with all kinds
// name: search_ranges({% for kind in searched %}{{ kind.plural }}, {% endfor %}limit) read -> rows
// Keys that begin so, of each kind; a kind that is not wanted asks for what is nowhere. They come
// in the order of the index on both databases. To ask for that order would make the local one
// sort all that begins so before it takes the first.
{% for kind in searched %}
{{ "UNION ALL" if not loop.first }}
MATCH (k:SearchKey) WHERE k.id STARTS WITH ${{ kind.plural }}
RETURN k.id AS id
LIMIT $limit
{% endfor %}

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
