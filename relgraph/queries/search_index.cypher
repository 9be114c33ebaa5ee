// for each: searched kind
// name: search_source_{{ kind.plural }}(ids{{ ", today" if kind.customer and "until" in kind.carried }}) read -> rows
// What these {{ kind.plural }} are found by{{ ", and at which customers" if kind.customer }}.
// unscoped: keeps the index, whoever writes
UNWIND $ids AS wanted
MATCH (n:{{ kind.label }} {id: wanted})
{% if kind.customer %}
OPTIONAL MATCH (n){{ to_other(kind.customer, "w") }}(c:Customer)
{% if "until" in kind.carried %}
WHERE w.until IS NULL OR w.until > $today OR NOT EXISTS {
  MATCH (n){{ to_other(kind.customer, "later") }}(:Customer)
  WHERE later.until IS NULL OR later.until > w.until
}
{% endif %}
WITH n, collect(DISTINCT c.id) AS customers
{% endif %}
RETURN n.id AS id{% for name in SEARCHED if name in kind.columns %}, n.{{ name }} AS {{ name }}{% endfor %}
{{- ", customers" if kind.customer }}
ORDER BY id

// for each: searched kind
// name: search_ids_{{ kind.plural }}(after, limit) read -> rows
// Ids of {{ kind.plural }}, to rebuild the search index.
// unscoped: keeps the index, whoever writes
MATCH (n:{{ kind.label }}) WHERE n.id > $after
RETURN n.id AS id
ORDER BY id
LIMIT $limit

// name: search_entries(ids) read -> rows
// The keys of these nodes as they stand in the index.
// unscoped: keeps the index; search asks it of nodes that it has found in scope
UNWIND $ids AS wanted
MATCH (e:SearchEntry {id: wanted})
RETURN e.id AS id, e.keys AS keys, e.customers AS customers
ORDER BY id

// name: search_entries_after(after, limit) read -> rows
// Entries in order, to find those whose nodes are gone.
// unscoped: keeps the index, whoever writes
MATCH (e:SearchEntry) WHERE e.id > $after
RETURN e.id AS id
ORDER BY id
LIMIT $limit

// name: put_search_keys(rows) write -> none
// Keys that are new, each with its place at a customer; it ends in the node that it leads to.
UNWIND $rows AS row
MERGE (k:SearchKey {id: row.id})
SET k.at = row.at

// name: create_search_keys(rows) write -> none
// The same of nodes that have none; each row is a list.
UNWIND $rows AS row
CREATE (k:SearchKey {id: row[0], at: row[1]})

// name: delete_search_keys(rows) write -> none
// Keys that lead nowhere any more.
UNWIND $rows AS row
MATCH (k:SearchKey {id: row.id})
DELETE k

// name: put_search_entries(rows) write -> none
// All keys of these nodes, and the customers at which they are.
UNWIND $rows AS row
MERGE (e:SearchEntry {id: row.id})
SET e.keys = row.keys, e.customers = row.customers

// for each: searched kind
// name: create_search_entries_of_{{ kind.plural }}(rows) write -> value
// The same of {{ kind.plural }} that have none; each row is a list, with the id at its end. How many
// were made: whoever was removed meanwhile gets none.
UNWIND $rows AS row
MATCH (n:{{ kind.label }} {id: row[3]})
CREATE (e:SearchEntry {id: row[0], keys: row[1], customers: row[2]})
RETURN count(e) AS made

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
// unscoped: a word leads nowhere; what is looked for by it is restricted
UNWIND $ids AS wanted
MATCH (w:SearchWord {id: wanted})
RETURN w.id AS id
ORDER BY id

// with all kinds
// name: search_ranges({% for kind in searched %}{{ kind.plural }}, {% endfor %}limit) read -> rows
// Keys that begin so, of each kind; a kind that is not wanted asks for what is nowhere. They come
// in the order of the index on both databases. To ask for that order would make the local one
// sort all that begins so before it takes the first.
// scope: everything
{% for kind in searched %}
{{ "UNION ALL" if not loop.first }}
MATCH (k:SearchKey) WHERE k.id STARTS WITH ${{ kind.plural }}
RETURN k.id AS id
LIMIT $limit
{% endfor %}

// with all kinds
// name: search_ranges_at({% for kind in searched %}{{ kind.plural }}, {% if is_scoped(kind) %}{{ kind.plural }}_at, {% endif %}{% endfor %}limit) read -> rows
// The same at some customers, whose places in the index are those that end in `_at`; what is ours
// is at no customer.
// scope: $visible
{% for kind in searched %}
{{ "UNION ALL" if not loop.first }}
{% if is_scoped(kind) %}
UNWIND ${{ kind.plural }}_at AS at
MATCH (k:SearchKey {at: at})
WHERE (k.id STARTS WITH ${{ kind.plural }} OR k.id STARTS WITH '+' + at + '\t' + ${{ kind.plural }})
  AND ($visible IS NULL OR split(substring(at, 1), '\t')[0] IN $visible)
RETURN k.id AS id
ORDER BY id
LIMIT $limit
{% else %}
MATCH (k:SearchKey) WHERE k.id STARTS WITH ${{ kind.plural }}
RETURN k.id AS id
LIMIT $limit
{% endif %}
{% endfor %}

// name: put_search_due(id, at) write -> none
// Note a write of so much that its nodes are indexed after it.
MERGE (d:SearchDue {id: $id})
SET d.at = $at

// name: search_due() read -> rows
// Writes whose nodes are not indexed yet, the oldest first.
// unscoped: keeps the index, whoever writes
MATCH (d:SearchDue)
RETURN d.id AS id
ORDER BY d.at, id

// name: delete_search_due(id) write -> none
// All of it is indexed.
MATCH (d:SearchDue {id: $id})
DELETE d
