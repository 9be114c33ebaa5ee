{#
  Pieces of patterns that the templates share. `to_other` is an edge from one node to another one
  as a column of the first names it: it may run either way and say the same of all.
#}
{% macro properties(pairs) -%}
  {% if pairs %} { {%- for name, value in pairs -%}
    {{ ", " if not loop.first }}{{ name }}: {{ cypher(value) }}
  {%- endfor -%} } {%- endif %}
{%- endmacro %}
{% macro to_other(reference, variable="") -%}
  {% if reference.ref.incoming %}<-{% else %}-{% endif -%}
  [{{ variable }}:{{ reference.ref.type }}{{ properties(reference.ref.fixed) }}]
  {%- if reference.ref.incoming %}-{% else %}->{% endif %}
{%- endmacro %}
{% macro from_other(reference) -%}
  {% if reference.ref.incoming %}-{% else %}<-{% endif -%}
  [:{{ reference.ref.type }}{{ properties(reference.ref.fixed) }}]
  {%- if reference.ref.incoming %}->{% else %}-{% endif %}
{%- endmacro %}
{% macro match_edge(kind) -%}
MATCH (a:{{ kind.ends[0].label }} {id: row.{{ kind.end_columns[0] }}})-[r:{{ kind.type }}{{ key_of_row(kind) }}]->(b:{{ kind.ends[1].label }} {id: row.{{ kind.end_columns[1] }}})
{%- endmacro %}
{% macro key_of_row(kind) -%}
  {% if kind.stored_key %} { {%- for name in kind.stored_key -%}
    {{ ", " if not loop.first }}{{ name }}: row.{{ name }}
  {%- endfor -%} } {%- endif %}
{%- endmacro %}
{% macro key_of_list(kind) -%}
  {% if kind.stored_key %} { {%- for name in kind.stored_key -%}
    {{ ", " if not loop.first }}{{ name }}: row[{{ loop.index + 1 }}]
  {%- endfor -%} } {%- endif %}
{%- endmacro %}
{% macro edge_of_list(kind) -%}
  { {%- for name in kind.stored_key -%}
    {{ name }}: row[{{ loop.index + 1 }}], {% endfor -%}
  version: row[{{ kind.key_names | length }}]
  {%- for name in kind.own_columns -%}
    , {{ name }}: row[{{ kind.key_names | length + loop.index }}]
  {%- endfor -%}
  , created_at: $now, updated_at: $now}
{%- endmacro %}
{% macro key_order(kind, first, second) -%}
  {{ first }}, {{ second }}{% for name in kind.stored_key %}, edge.{{ name }}{% endfor %}
{%- endmacro %}
{% macro edge_properties(kind) -%}
  {% for name in kind.columns if name not in kind.end_columns %}, r.{{ name }} AS {{ name }}{% endfor %}
{%- endmacro %}
{% macro follow_references(kind, only_seen=false) -%}
{% for reference in kind.references %}
OPTIONAL MATCH (n){{ to_other(reference, "w" if reference.ref.carries else "") }}(t{{ loop.index }}:{{ reference.label }})
{% if only_seen and is_scoped(kind_with_label(reference.label)) %}
WHERE {{ seen("t" ~ loop.index, reference.label) }}
{% endif %}
{% endfor %}
{%- endmacro %}
{% macro reference_columns(kind) -%}
  {% for reference in kind.references -%}
    , t{{ loop.index }}.id AS {{ reference.column }}
    {%- if reference.ref.with_name %}, t{{ loop.index }}.name AS {{ reference.column[:-3] }}_name{% endif %}
  {%- endfor %}
  {% for reference in kind.references %}{% for name in reference.ref.carries -%}
    , w.{{ name }} AS {{ name }}
  {%- endfor %}{% endfor %}
{%- endmacro %}
{% macro is_followed(kind) -%}
  {% for reference in kind.references if is_scoped(kind_with_label(reference.label)) %}yes{% endfor %}
{%- endmacro %}
{% macro reference_order(kind, now_first) -%}
  {% if now_first and "until" in kind.carried %}coalesce(until, '9999') DESC, {% endif %}
  {%- for reference in kind.references %}{{ ", " if not loop.first }}{{ reference.column }}{% endfor %}
{%- endmacro %}
{% macro filters(kind, only_seen=false) -%}
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q
       {%- if "title" in kind.columns %}

       OR toLower(coalesce(n.title, '')) CONTAINS $q
       {%- endif %})
{% for name in kind.list_filters if name != "customer_id" %}
{% if name in kind.refs and only_seen and is_scoped(kind_with_label(kind.refs[name])) %}
  AND (${{ name }} IS NULL OR EXISTS {
    MATCH (n){{ to_other(kind.reference(name)) }}(named:{{ kind.refs[name] }} {id: ${{ name }}})
    WHERE {{ seen("named", kind.refs[name]) }}
  })
{% elif name in kind.refs %}
  AND (${{ name }} IS NULL
       OR EXISTS { (n){{ to_other(kind.reference(name)) }}(:{{ kind.refs[name] }} {id: ${{ name }}}) })
{% elif name not in kind.columns %}
  AND (${{ name }} IS NULL OR (n.{{ kind.open_without }} IS NULL) = ${{ name }})
{% elif name == "email" %}
  AND ($email IS NULL OR toLower(n.email) = toLower($email))
{% elif kind.is_yes_or_no(name) %}
  AND (${{ name }} IS NULL OR coalesce(n.{{ name }}, false) = ${{ name }})
{% else %}
  AND (${{ name }} IS NULL OR n.{{ name }} = ${{ name }})
{% endif %}
{% endfor %}
{%- endmacro %}
{#
  Where the nodes of a list come from: all there are (""), those of some customers, or those of
  some ids.
#}
{% macro listed(kind, source) -%}
{% if source == "_of_customers" %}
UNWIND $customers AS customer
MATCH (:Customer {id: customer}){{ from_other(kind.customer) }}(n:{{ kind.label }})
WHERE ($visible IS NULL OR customer IN $visible) AND {{ seen("n", kind.label) }}
{% elif source == "_of_ids" %}
UNWIND $ids AS wanted
MATCH (n:{{ kind.label }} {id: wanted})
WHERE {{ seen("n", kind.label) }}
{% if kind.customer %}
  AND ($customers IS NULL OR EXISTS {
    MATCH (n){{ to_other(kind.customer) }}(at:Customer) WHERE at.id IN $customers
  })
{% endif %}
{% else %}
MATCH (n:{{ kind.label }})
WHERE {{ "true" if kind.customer else seen("n", kind.label) }}
{% endif %}
{{ filters(kind, only_seen=source != "") }}
{%- endmacro %}
{% macro narrowed_by(kind, source) -%}
  , q, updated_since
  {%- for name in kind.list_filters if name != "customer_id" %}, {{ name }}{% endfor %}
  {%- if source and kind.customer %}, customers{% endif %}
  {%- if source == "_of_ids" %}, ids{% endif %}
{%- endmacro %}
{% macro list_scope(kind, source) -%}
  {% if not source and kind.customer -%}
  scope: everything
  {%- elif is_scoped(kind) or is_followed(kind) -%}
  scope: $visible
  {%- else -%}
  unscoped: {{ kind.plural }} are ours, and everybody sees them
  {%- endif %}
{%- endmacro %}
{#
  Whether the viewer may see a node. A person belongs to the customers that they work at on that
  day; one who works nowhere, to the last.
#}
{% macro seen(node, label) -%}
  {% set kind = kind_with_label(label) %}
  {% if not is_scoped(kind) %}true{% else -%}
  ($visible IS NULL OR {{ seen_by_some(node, kind) }})
  {%- endif %}
{%- endmacro %}
{% macro seen_by_some(node, kind, depth="") -%}
  {% set reference = scope_reference(kind) %}
  {% set other = node ~ depth ~ "_scope" %}
  {% if not reference %}
  {{ node }}.id IN $visible
  {%- elif "until" in reference.ref.carries %}
  EXISTS {
    MATCH ({{ node }}){{ to_other(reference, node ~ "_held") }}({{ other }}:{{ reference.label }})
    WHERE {{ other }}.id IN $visible
      AND ({{ node }}_held.until IS NULL OR {{ node }}_held.until > $visible_on OR NOT EXISTS {
        MATCH ({{ node }}){{ to_other(reference, node ~ "_later") }}(:{{ reference.label }})
        WHERE {{ node }}_later.until IS NULL OR {{ node }}_later.until > {{ node }}_held.until
      })
  }
  {%- else %}
  EXISTS {
    MATCH ({{ node }}){{ to_other(reference) }}({{ other }}:{{ reference.label }})
    WHERE {{ seen_by_some(other, kind_with_label(reference.label)) }}
  }
  {%- endif %}
{%- endmacro %}
{% macro seen_key(kind, edge) -%}
  {# Whether the viewer may see what the further columns of an edge's key name. #}
  {% for column in kind.key if column in kind.refs %}
  AND ($visible IS NULL OR {{ edge }}.{{ column }} IS NULL OR EXISTS {
    MATCH (keyed:{{ kind.refs[column] }})
    WHERE keyed.id = {{ edge }}.{{ column }} AND {{ seen_by_some("keyed", kind_with_label(kind.refs[column])) }}
  })
  {% endfor %}
{%- endmacro %}
{#
  Where the edges of a list come from: all there are, from the next nodes on that have one, or
  those of the nodes that belong to some customers, whichever end they are.
#}
{% macro listed_edges(kind, source, all=false) -%}
{% if source %}
UNWIND $customers AS customer
MATCH (c:Customer {id: customer})
WHERE $visible IS NULL OR customer IN $visible
{% set kept = [] %}
{% for number in (0, 1) %}
{% set end, other = kind.ends[number], kind.ends[1 - number] %}
{% if end.customer or end.label == "Customer" %}
OPTIONAL MATCH (c)
  {%- if end.customer %}{{ from_other(end.customer) }}(:{{ end.label }}){% endif %}
  {{- "-[r:" ~ kind.type ~ "]->" if number == 0 else "<-[r:" ~ kind.type ~ "]-" }}(:{{ other.label }})
WITH c{% for name in kept %}, {{ name }}{% endfor %}, collect(DISTINCT r) AS edges{{ number }}
{% set _ = kept.append("edges" ~ number) %}
{% endif %}
{% endfor %}
WITH {{ kept | join(" + ") }} AS edges
UNWIND edges AS r
WITH DISTINCT r
WITH r, startNode(r) AS a, endNode(r) AS b
WHERE {{ seen("a", kind.ends[0].label) }} AND {{ seen("b", kind.ends[1].label) }}
{{ seen_key(kind, "r") }}
{{ edge_filters(kind) }}
WITH r, a, b
{% elif all %}
MATCH (a:{{ kind.ends[0].label }})-[r:{{ kind.type }}]->(b:{{ kind.ends[1].label }})
WHERE true
{{ edge_filters(kind) }}
{% else %}
MATCH (a:{{ kind.ends[0].label }})
WHERE a.id >= $first AND EXISTS {
  MATCH (a)-[r:{{ kind.type }}]->(b:{{ kind.ends[1].label }})
  WHERE true
  {{ edge_filters(kind) }}
}
WITH a ORDER BY a.id LIMIT $limit + 1
MATCH (a)-[r:{{ kind.type }}]->(b:{{ kind.ends[1].label }})
WHERE true
{{ edge_filters(kind) }}
{% endif %}
{%- endmacro %}
{% macro edge_filters(kind) -%}
AND ($updated_since IS NULL OR r.updated_at >= $updated_since)
{% set deal = deal_column(kind) %}
{% if deal in kind.end_columns %}
AND ($deal_id IS NULL OR {{ "ab"[kind.end_columns.index(deal)] }}.id = $deal_id)
{% elif deal %}
AND ($deal_id IS NULL OR r.{{ deal }} = $deal_id)
{% endif %}
{%- endmacro %}
{% macro edge_narrowed_by(kind, source) -%}
  {% if deal_column(kind) %}, deal_id{% endif %}
  {%- if source %}, customers{% endif %}
{%- endmacro %}
{#
  The parts of the account of $customer_id, one after another. The kinds of edges that it holds and
  their columns follow from the declarations. A part's rows are lists that one row carries:
  rows of their own, with the names of their columns, would cost many times as much to send and
  to read. Who is at the other end of an edge is not asked here: the people of the account are
  known to whoever reads it, and asking doubles the time that Neo4j plans (decision 14).
#}
{% macro account() -%}
MATCH (c:Customer {id: $customer_id})
OPTIONAL MATCH (c)-[:PART_OF]->(parent:Customer)
WHERE {{ seen("parent", "Customer") }}
OPTIONAL MATCH (c)<-[:OWNS]-(owner:Member)
WITH c, parent, owner ORDER BY parent.id, owner.id LIMIT 1
{{ part("customer", values("c", "id name name_en name_zh kind industry region grade lifecycle url importing version") + [
  ("parent_id", "parent.id"), ("parent_name", "parent.name"),
  ("owner_id", "owner.id"), ("owner_name", "owner.name"),
]) }}
UNION ALL
MATCH (c:Customer {id: $customer_id})
MATCH (c)<-[:PART_OF]-(d:Department)
OPTIONAL MATCH (d)-[:PART_OF]->(above:Department)
{{ part("departments", values("d", "id name name_en name_zh function version") + [("parent_id", "above.id")]) }}
UNION ALL
MATCH (c:Customer {id: $customer_id})
{{ present_people() }}
OPTIONAL MATCH (p)-[:IN_DEPARTMENT]->(d:Department)
{{ part("people", values("p", "id name name_en name_zh title title_en title_zh level top email"
  ~ " phone budget adaptability motives placeholder url updated_at version") + [("department_id", "d.id"), ("since", "w.since")]) }}
UNION ALL
MATCH (c:Customer {id: $customer_id})
MATCH (c)<-[:FOR_CUSTOMER]-(d:Deal)
OPTIONAL MATCH (d)<-[:OWNS]-(owner:Member)
{{ part("deals", values("d", "id name name_en name_zh stage amount currency close_date outcome reason"
  ~ " url nonstandard version") + [("owner_id", "owner.id"), ("owner_name", "owner.name")]) }}
{% set between_people = edge_kinds_between("Stakeholder", "Stakeholder") %}
{% set of_deals = edge_kinds_between("Stakeholder", "Deal") %}
{% set from_us = edge_kinds_between("Member", "Stakeholder") %}
UNION ALL
MATCH (c:Customer {id: $customer_id})
{{ present_people() }}
MATCH (p)-[r:{{ types(between_people) }}]->(q:Stakeholder)
{{ edges_part(between_people, "p", "q") }}
UNION ALL
MATCH (c:Customer {id: $customer_id})<-[:FOR_CUSTOMER]-(d:Deal)<-[r:{{ types(of_deals) }}]-(p:Stakeholder)
{{ edges_part(of_deals, "p", "d") }}
UNION ALL
MATCH (c:Customer {id: $customer_id})
{{ present_people() }}
MATCH (p)<-[r:{{ types(from_us) }}]-(m:Member)
{{ edges_part(from_us, "m", "p") }}
UNION ALL
MATCH (c:Customer {id: $customer_id})
{{ present_people() }}
MATCH (p)<-[:{{ types(from_us) }}]-(m:Member)
{{ members_part() }}
UNION ALL
MATCH (c:Customer {id: $customer_id})<-[:OWNS]-(m:Member)
{{ members_part() }}
UNION ALL
MATCH (c:Customer {id: $customer_id})<-[:FOR_CUSTOMER]-(:Deal)<-[:OWNS]-(m:Member)
{{ members_part() }}
{%- endmacro %}
{% macro present_people() -%}
MATCH (c)<-[w:WORKS_AT]-(p:Stakeholder)
WHERE w.until IS NULL OR w.until > $today
{%- endmacro %}
{% macro members_part() -%}
WITH DISTINCT m
OPTIONAL MATCH (m)-[:MEMBER_OF]->(t:Team)
{{ part("members", values("m", "id name name_en name_zh title title_en title_zh email version") + [
  ("team_id", "t.id"), ("team_name", "t.name"),
]) }}
{%- endmacro %}
{% macro types(kinds) -%}{{ kinds | map(attribute="type") | join("|") }}{%- endmacro %}
{#
  Edges of several kinds in one pattern: each branch more is planned by itself. Whoever reads them
  takes the columns of each kind by its type.
#}
{% macro edges_part(kinds, first, second) -%}
{{ part("edges", [("type", "type(r)"), ("first", first ~ ".id"), ("second", second ~ ".id")]
  + values("r", properties_of(kinds) | join(" ")) + [("version", "r.version")]) }}
{%- endmacro %}
{% macro part(name, pairs) -%}
WITH collect([{% for _, value in pairs %}{{ ", " if not loop.first }}{{ value }}{% endfor %}]) AS rows
RETURN '{{ name }}' AS part,
  [{% for column, _ in pairs %}{{ ", " if not loop.first }}'{{ column }}'{% endfor %}] AS columns, rows
{%- endmacro %}
