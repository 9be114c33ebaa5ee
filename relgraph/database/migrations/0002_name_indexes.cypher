// Lists are ordered by name and searched by the beginning of one.
CREATE INDEX customer_name IF NOT EXISTS FOR (n:Customer) ON (n.name);
CREATE INDEX stakeholder_name IF NOT EXISTS FOR (n:Stakeholder) ON (n.name);
CREATE INDEX deal_name IF NOT EXISTS FOR (n:Deal) ON (n.name);
