// name: customers_overview(q, kind, industry, region, grade, today, skip, limit) read -> rows
// Customers by name with the counts that a list shows: people who work there now, without empty
// seats, and open deals. `q` is lower case; null filters nothing.
// scope: $visible
MATCH (n:Customer)
WHERE ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q)
  AND ($kind IS NULL OR n.kind = $kind)
  AND ($industry IS NULL OR n.industry = $industry)
  AND ($region IS NULL OR n.region = $region)
  AND ($grade IS NULL OR n.grade = $grade)
  AND {{ seen("n", "Customer") }}
WITH n ORDER BY n.name, n.id SKIP $skip LIMIT $limit
OPTIONAL MATCH (n)<-[:OWNS]-(owner:Member)
WITH n, min(owner.name) AS owner_name
RETURN n.id AS id, n.name AS name, n.name_en AS name_en, n.name_zh AS name_zh, n.kind AS kind,
       n.industry AS industry, n.region AS region, n.grade AS grade,
       n.importing AS importing, owner_name,
       COUNT {
         (n)<-[w:WORKS_AT]-(p:Stakeholder)
         WHERE (w.until IS NULL OR w.until > $today) AND NOT coalesce(p.placeholder, false)
       } AS people,
       COUNT { (n)<-[:FOR_CUSTOMER]-(d:Deal) WHERE d.outcome IS NULL } AS open_deals
ORDER BY name, id

// name: customers_count(q, kind, industry, region, grade) read -> value
// How many customers the same filters leave.
// scope: $visible
MATCH (n:Customer)
WHERE ($q IS NULL OR toLower(coalesce(n.name, '')) CONTAINS $q
       OR toLower(coalesce(n.name_en, '')) CONTAINS $q
       OR toLower(coalesce(n.name_zh, '')) CONTAINS $q)
  AND ($kind IS NULL OR n.kind = $kind)
  AND ($industry IS NULL OR n.industry = $industry)
  AND ($region IS NULL OR n.region = $region)
  AND ($grade IS NULL OR n.grade = $grade)
  AND {{ seen("n", "Customer") }}
RETURN count(n) AS total

// name: customer_filters() read -> row
// The values that customers can be filtered by, in the order of the first customers that have them.
// scope: $visible
MATCH (n:Customer)
WHERE {{ seen("n", "Customer") }}
WITH n ORDER BY n.id
RETURN collect(DISTINCT n.kind) AS kinds, collect(DISTINCT n.industry) AS industries,
       collect(DISTINCT n.region) AS regions, collect(DISTINCT n.grade) AS grades

// name: open_deals_count() read -> value
// How many deals are open.
// scope: $visible
MATCH (d:Deal)-[:FOR_CUSTOMER]->(c:Customer)
WHERE d.outcome IS NULL AND {{ seen("c", "Customer") }}
RETURN count(DISTINCT d) AS total

// name: open_deals(limit) read -> rows
// Open deals, the next to close first, with the customer and our person in charge.
// scope: $visible
MATCH (d:Deal)-[:FOR_CUSTOMER]->(c:Customer)
WHERE d.outcome IS NULL AND {{ seen("c", "Customer") }}
WITH d, c ORDER BY coalesce(d.close_date, '9999'), d.id LIMIT $limit
OPTIONAL MATCH (d)<-[:OWNS]-(m:Member)
RETURN d.id AS id, d.name AS name, d.name_en AS name_en, d.name_zh AS name_zh,
       d.stage AS stage, d.amount AS amount, d.currency AS currency,
       d.close_date AS close_date, c.id AS customer_id, c.name AS customer_name,
       c.name_en AS customer_name_en, c.name_zh AS customer_name_zh, m.name AS owner_name
ORDER BY coalesce(close_date, '9999'), id, owner_name
