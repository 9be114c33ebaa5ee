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
{% macro key_order(kind, first, second) -%}
  {{ first }}, {{ second }}{% for name in kind.stored_key %}, edge.{{ name }}{% endfor %}
{%- endmacro %}
{% macro edge_properties(kind) -%}
  {% for name in kind.columns if name not in kind.end_columns %}, r.{{ name }} AS {{ name }}{% endfor %}
{%- endmacro %}
{% macro follow_references(kind) -%}
{% for reference in kind.references %}
OPTIONAL MATCH (n){{ to_other(reference, "w" if reference.ref.carries else "") }}(t{{ loop.index }}:{{ reference.label }})
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
{% macro reference_order(kind, now_first) -%}
  {% if now_first and "until" in kind.carried %}coalesce(until, '9999') DESC, {% endif %}
  {%- for reference in kind.references %}{{ ", " if not loop.first }}{{ reference.column }}{% endfor %}
{%- endmacro %}
{% macro filters(kind) -%}
  AND ($updated_since IS NULL OR n.updated_at >= $updated_since)
  AND ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q
       {%- if "title" in kind.columns %}

       OR toLower(coalesce(n.title, '')) CONTAINS $q
       {%- endif %})
{% for name in kind.list_filters if name != "customer_id" %}
{% if name in kind.refs %}
  AND (${{ name }} IS NULL
       OR EXISTS { (n){{ to_other(kind.reference(name)) }}(:{{ kind.refs[name] }} {id: ${{ name }}}) })
{% elif name not in kind.columns %}
  AND (${{ name }} IS NULL OR (n.{{ kind.open_without }} IS NULL) = ${{ name }})
{% elif kind.is_yes_or_no(name) %}
  AND (${{ name }} IS NULL OR coalesce(n.{{ name }}, false) = ${{ name }})
{% else %}
  AND (${{ name }} IS NULL OR n.{{ name }} = ${{ name }})
{% endif %}
{% endfor %}
{%- endmacro %}
{% macro filter_names(kind) -%}
  {% for name in kind.list_filters if name != "customer_id" %}, {{ name }}{% endfor %}
{%- endmacro %}
