// for each: searched kind
// name: named_{{ kind.plural }}(ids) read -> rows
// Names of {{ kind.plural }} that search has found, with their customers.
{% if is_scoped(kind) %}
// scope: $visible
{% else %}
// unscoped: {{ kind.plural }} are ours, and everybody sees them
{% endif %}
UNWIND $ids AS wanted
MATCH (n:{{ kind.label }} {id: wanted})
{% if is_scoped(kind) %}
WHERE {{ seen("n", kind.label) }}
{% endif %}
{% if kind.customer %}
OPTIONAL MATCH (n){{ to_other(kind.customer) }}(c:Customer)
{% endif %}
RETURN n.id AS id{% for name in SHOWN if name in kind.columns %}, n.{{ name }} AS {{ name }}{% endfor %}

{% if kind.customer %}
       , c.id AS customer_id, c.name AS customer_name, c.name_en AS customer_name_en
       , c.name_zh AS customer_name_zh
{% endif %}
ORDER BY id{{ ", customer_id" if kind.customer }}

// name: named_stakeholders(ids, today) read -> rows
// own: at their present customer, with the department.
// scope: $visible
UNWIND $ids AS wanted
MATCH (n:Stakeholder {id: wanted})
WHERE {{ seen("n", "Stakeholder") }}
OPTIONAL MATCH (n)-[w:WORKS_AT]->(c:Customer)
WHERE (w.until IS NULL OR w.until > $today) AND {{ seen("c", "Customer") }}
OPTIONAL MATCH (n)-[:IN_DEPARTMENT]->(d:Department)
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh,
       n.title AS title, n.title_en AS title_en, n.title_zh AS title_zh,
       n.placeholder AS placeholder, c.id AS customer_id, c.name AS customer_name, c.name_en AS customer_name_en,
       c.name_zh AS customer_name_zh, d.name AS department_name,
       d.name_en AS department_name_en, d.name_zh AS department_name_zh
ORDER BY id, customer_id, department_name

// name: search_keys_from(start, limit) read -> rows
// Keys of the index that begin so.
// unscoped: whoever asks reads the nodes that they lead to, and that is restricted
MATCH (k:SearchKey) WHERE k.id STARTS WITH $start
RETURN k.id AS id
LIMIT $limit

// name: names_of_customers() read -> rows
// Names and addresses of customers, by which the exports of other systems may refer to them.
// scope: $visible
MATCH (n:Customer)
WHERE {{ seen("n", "Customer") }}
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh, n.url AS url,
       n.website AS website
ORDER BY id
