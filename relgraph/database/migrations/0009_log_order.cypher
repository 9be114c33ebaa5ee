// Notes of the change log get places in the order of their commits; those without one wait for it.
CREATE INDEX change_place IF NOT EXISTS FOR (n:Change) ON (n.place);
CREATE INDEX change_unplaced IF NOT EXISTS FOR (n:Change) ON (n.unplaced);
CREATE CONSTRAINT log_end_id IF NOT EXISTS FOR (n:LogEnd) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT upgrade_due_id IF NOT EXISTS FOR (n:UpgradeDue) REQUIRE n.id IS UNIQUE;
// What an older relgraph has written lacks what this one expects of records: it is due.
MATCH (n) WHERE NOT n:Migration
WITH n LIMIT 1
MERGE (u:UpgradeDue {id: 'records'});
