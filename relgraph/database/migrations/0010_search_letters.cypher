// What an older relgraph has entered into the index of search lacks customers, or has other keys:
// letters with a stroke are found by those without. All of it is due, once for all migrations.
MATCH (n) WHERE NOT n:Migration
WITH n LIMIT 1
MERGE (d:SearchDue {id: '*'})
SET d.at = '';
