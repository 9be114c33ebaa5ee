// for each: edge kind
// name: stored_{{ kind.plural }}(rows) read -> rows
// What the database holds of these edges, to compare what is written with.
// unscoped: writes are planned on the truth; Writer checks what their viewer may see
UNWIND $rows AS row
{{ match_edge(kind) }}
RETURN a.id AS {{ kind.end_columns[0] }}, b.id AS {{ kind.end_columns[1] }}, r {.*} AS edge
ORDER BY {{ key_order(kind, *kind.end_columns) }}

// for each: edge kind
// name: create_{{ kind.plural }}(rows, now) write -> value
// Make new edges; how many are new.
UNWIND $rows AS row
MATCH (a:{{ kind.ends[0].label }} {id: row.{{ kind.end_columns[0] }}})
MATCH (b:{{ kind.ends[1].label }} {id: row.{{ kind.end_columns[1] }}})
MERGE (a)-[r:{{ kind.type }}{{ key_of_row(kind) }}]->(b)
ON CREATE SET r += row.props, r.created_at = $now, r.updated_at = $now,
  r.version = coalesce(row.version, 1)
RETURN sum(CASE WHEN r.created_at = $now THEN 1 ELSE 0 END) AS made

// for each: edge kind
// name: add_{{ kind.plural }}(rows, now) write -> value
// Make edges at nodes that the same transaction makes, so that nobody else can have made them; how
// many. The rows are lists: the key, version, and the declared columns in their order.
UNWIND $rows AS row
MATCH (a:{{ kind.ends[0].label }} {id: row[0]})
MATCH (b:{{ kind.ends[1].label }} {id: row[1]})
CREATE (a)-[r:{{ kind.type }} {{ edge_of_list(kind) }}]->(b)
RETURN count(r) AS made

// for each: edge kind
// name: join_{{ kind.plural }}(rows, now) write -> value
// The same edges between nodes that others may be joining, too: those that are there already are
// not made again. One end is locked first: on Neo4j a condition alone would be looked at before
// others have to wait.
UNWIND $rows AS row
MATCH (a:{{ kind.ends[0].label }} {id: row[0]})
MATCH (b:{{ kind.ends[1].label }} {id: row[1]})
SET a.locked = true
WITH row, a, b
WHERE NOT EXISTS { (a)-[:{{ kind.type }}{{ key_of_list(kind) }}]->(b) }
CREATE (a)-[r:{{ kind.type }} {{ edge_of_list(kind) }}]->(b)
REMOVE a.locked
RETURN count(r) AS made

// for each: edge kind
// name: update_{{ kind.plural }}(rows, now) write -> value
// Change edges that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
{{ match_edge(kind) }}
SET r.locked = true
WITH r, row
WHERE coalesce(r.version, 0) = row.version
SET r += row.props, r.updated_at = $now, r.version = row.version + 1
REMOVE r.locked
RETURN count(r) AS changed

// for each: edge kind
// name: delete_{{ kind.plural }}(rows) write -> none
// Delete edges.
UNWIND $rows AS row
{{ match_edge(kind) }}
DELETE r

// for each: edge kind
// name: stamp_{{ kind.plural }}(rows) write -> none
// Give edges the versions and times of an export.
UNWIND $rows AS row
{{ match_edge(kind) }}
SET r += row.props

// for each: edge kind
// name: export_{{ kind.plural }}(after, limit) read -> rows
// All edges of a kind that start from the next nodes after `after`.
// scope: everything
MATCH (a:{{ kind.ends[0].label }}) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
MATCH (a)-[r:{{ kind.type }}]->(b:{{ kind.ends[1].label }})
RETURN a.id AS {{ kind.end_columns[0] }}, b.id AS {{ kind.end_columns[1] }}, r {.*} AS edge
ORDER BY {{ key_order(kind, *kind.end_columns) }}

// for each: node kind that edges start from
// name: export_last_{{ kind.name }}(after, limit) read -> value
// Id of the last of the next nodes after `after`; null if there is none.
// scope: everything
MATCH (a:{{ kind.label }}) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
RETURN max(a.id) AS last

// for each: edge kind
// name: {{ kind.plural }}_of_{{ kind.owner.name }}({{ kind.owner.name }}_id) read -> rows
// The edges of one node with the names of those at their other ends.
// scope: $visible
{% if kind.between_alike %}
MATCH (n:{{ kind.owner.label }} {id: ${{ kind.owner.name }}_id})-[r:{{ kind.type }}]-(:{{ kind.owner.label }})
WITH r, startNode(r) AS a, endNode(r) AS b
WHERE {{ seen("a", kind.owner.label) }} AND {{ seen("b", kind.owner.label) }}
{{ seen_key(kind, "r") }}
RETURN a.id AS from_id, coalesce(a.name, '') AS from_name, b.id AS to_id,
       coalesce(b.name, '') AS to_name
{% else %}
{% set end = kind.owner_end %}
{% set other = kind.ends[1 - end] %}
MATCH (n:{{ kind.owner.label }} {id: ${{ kind.owner.name }}_id}){{ "<" if end else "" }}-[r:{{ kind.type }}]-{{ "" if end else ">" }}(o:{{ other.label }})
WHERE {{ seen("n", kind.owner.label) }} AND {{ seen("o", other.label) }}
{{ seen_key(kind, "r") }}
RETURN o.id AS {{ other.name }}_id, coalesce(o.name, '') AS {{ other.name }}_name, n.id AS {{ kind.owner.name }}_id
{% endif %}
       {{- edge_properties(kind) }}, r.version AS version
{% if kind.between_alike %}
ORDER BY from_id, to_id{% for name in kind.key %}, {{ name }}{% endfor %}
{% else %}
ORDER BY {{ kind.ends[1 - kind.owner_end].name }}_id{% for name in kind.key %}, {{ name }}{% endfor %}
{% endif %}

// for each: list of an edge kind
// name: list_{{ kind.plural }}{{ source }}(first, after, limit, updated_since{{ edge_narrowed_by(kind, source) }}) read -> rows
// These edges{{ " of some customers" if source }} after one of them, by their ends and what else is in their keys. Null
// filters nothing.
// scope: {{ "$visible" if source else "everything" }}
{{ listed_edges(kind, source) }}
{% if source %}
WHERE a.id >= $first
{% endif %}
WITH a, b, r, b.id{% for name in kind.stored_key %} + '\t' + coalesce(r.{{ name }}, ''){% endfor %} AS place
WHERE a.id > $first OR place > $after
RETURN a.id AS {{ kind.end_columns[0] }}, b.id AS {{ kind.end_columns[1] }}, place, r {.*} AS edge
ORDER BY {{ kind.end_columns[0] }}, place
LIMIT $limit

// for each: list of an edge kind
// name: count_{{ kind.plural }}{{ source }}(updated_since{{ edge_narrowed_by(kind, source) }}) read -> value
// How many there are in that list.
// scope: {{ "$visible" if source else "everything" }}
{{ listed_edges(kind, source, all=true) }}
RETURN count(r) AS total

// name: reports_to_of_stakeholder(stakeholder_id) read -> rows
// own: only those above a person, primary and solid lines first.
// scope: $visible
MATCH (n:Stakeholder {id: $stakeholder_id})-[r:REPORTS_TO]->(m:Stakeholder)
WHERE {{ seen("n", "Stakeholder") }} AND {{ seen("m", "Stakeholder") }}
RETURN n.id AS from_id, m.id AS to_id, coalesce(m.name, '') AS to_name, r.line AS line,
       r.primary AS primary, r.since AS since, r.version AS version
ORDER BY line DESC, coalesce(primary, false) DESC, since, to_id

// name: knows_of_member(member_id) read -> rows
// own: whom one of our people knows, with the customer of each.
// scope: $visible
MATCH (m:Member {id: $member_id})-[r:KNOWS]->(p:Stakeholder)
WHERE {{ seen("p", "Stakeholder") }}
OPTIONAL MATCH (p)-[w:WORKS_AT]->(c:Customer)
WHERE w.until IS NULL AND {{ seen("c", "Customer") }}
RETURN m.id AS member_id, p.id AS stakeholder_id, coalesce(p.name, '') AS stakeholder_name,
       c.id AS customer_id, c.name AS customer_name, r.closeness AS closeness,
       r.strength AS strength, r.assessed_at AS assessed_at, r.assessed_by AS assessed_by,
       r.source AS source, r.evidence AS evidence, r.version AS version
ORDER BY stakeholder_id, customer_id

// name: employments_of_stakeholder(stakeholder_id) read -> rows
// own: where a person works and has worked, the present employer first.
// scope: $visible
MATCH (p:Stakeholder {id: $stakeholder_id})-[w:WORKS_AT]->(c:Customer)
WHERE {{ seen("p", "Stakeholder") }} AND {{ seen("c", "Customer") }}
RETURN c.id AS customer_id, c.name AS customer_name, c.name_en AS customer_name_en,
       c.name_zh AS customer_name_zh, w.title AS title, w.since AS since, w.until AS until
ORDER BY coalesce(until, '9999') DESC, since DESC, customer_id

// name: customer_of_deal(deal_id) read -> value
// Id of the customer that a deal belongs to.
// scope: $visible
MATCH (:Deal {id: $deal_id})-[:FOR_CUSTOMER]->(c:Customer)
WHERE {{ seen("c", "Customer") }}
RETURN c.id AS customer_id
ORDER BY customer_id
LIMIT 1

// name: inside_departments(ids) read -> rows
// Who and what is in these departments, with the customer that each belongs to now.
// unscoped: writes are planned on the truth; Writer checks what their viewer may see
UNWIND $ids AS wanted
MATCH (d:Department {id: wanted})<-[:IN_DEPARTMENT]-(p:Stakeholder)
MATCH (p)-[w:WORKS_AT]->(c:Customer)
WHERE w.until IS NULL
RETURN d.id AS department_id, 'stakeholders' AS kind, p.id AS id, c.id AS customer_id
ORDER BY department_id, id, customer_id
UNION ALL
UNWIND $ids AS wanted
MATCH (d:Department {id: wanted})<-[:PART_OF]-(e:Department)
MATCH (e)-[:PART_OF]->(c:Customer)
RETURN d.id AS department_id, 'departments' AS kind, e.id AS id, c.id AS customer_id
ORDER BY department_id, id, customer_id
