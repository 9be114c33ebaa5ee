// name: unfinished_work() read -> rows
// Imports and undos in parts that are under way or were interrupted.
// unscoped: says what is under way, nothing of what is in it
MATCH (i:Import) WHERE i.state = 'writing'
RETURN i {.*} AS work
ORDER BY work.started_at, work.id

// name: count_work() read -> value
// How many imports and undos in parts were ever begun.
// unscoped: says how much was written, nothing of what it is
MATCH (i:Import)
RETURN count(i) AS works

// name: begin_work(id, props) write -> none
// Note the beginning of long work.
MERGE (i:Import {id: $id})
SET i.state = 'writing', i.parts = 0, i += $props

// name: count_part(id, change_set, number, now) write -> value
// Count a part that is written in this transaction; 0 if another process has written it.
MATCH (i:Import {id: $id})
WHERE i.parts = $number - 1 AND i.change_set = $change_set AND i.state = 'writing'
SET i.parts = $number, i.at = $now
RETURN count(i) AS counted

// name: begin_rollback(id, change_set, undo, now, actor, note) write -> value
// Turn an interrupted import into the undo of what it wrote; 0 if another process went on with it.
MATCH (i:Import {id: $id})
WHERE i.change_set = $change_set AND i.state = 'writing' AND i.undoes IS NULL
SET i.undoes = $change_set, i.change_set = $undo, i.rolls_back = true, i.parts = 0, i.at = $now,
    i.actor = $actor, i.note = $note
RETURN count(i) AS begun

// name: begin_ending(id) write -> none
// Note that all parts are written, and that what need not stay is removed.
MATCH (i:Import {id: $id})
SET i.ending = true

// name: end_work(id, state, now) write -> none
// Note the end of long work.
MATCH (i:Import {id: $id})
SET i.state = $state, i.ended_at = $now

// name: mark_customers(ids, work_id) write -> none
// Say on customers that work which touches them is not finished.
UNWIND $ids AS customer_id
MATCH (c:Customer {id: customer_id})
SET c.importing = $work_id

// name: unmark_customers(work_id) write -> none
// Take that mark off again.
MATCH (c:Customer {importing: $work_id})
REMOVE c.importing

// name: upgrade_due() read -> value
// Whether records are still as an older relgraph has left them; null if not.
// unscoped: says that they are, nothing of what they are
MATCH (u:UpgradeDue)
RETURN true AS due
LIMIT 1

// name: end_upgrade() write -> none
// All records are as this relgraph expects them.
MATCH (u:UpgradeDue)
DELETE u

// name: customers_of_people(ids) read -> rows
// The present customers of these people.
// scope: everything
UNWIND $ids AS person_id
MATCH (:Stakeholder {id: person_id})-[w:WORKS_AT]->(c:Customer)
WHERE w.until IS NULL
RETURN DISTINCT c.id AS id
ORDER BY id

// name: older_parts(id) read -> rows
// Where the notes of an import stand that an older relgraph has begun; null where there are none.
// scope: everything
MATCH (:Import {id: $id})-[:HAS_PART]->(p:ImportPart)
RETURN p.number AS number, p.first_note AS first_note, p.last_note AS last_note
ORDER BY number

// name: join_changes(first, last, set_id) write -> none
// Say of notes between two places that they are of one write.
MATCH (c:Change) WHERE c.id >= $first AND c.id < $last
SET c.set_id = $set_id

// name: adopt_work(id, change_set, note, unnoted) write -> none
// Say what the log calls an import that an older relgraph has begun, and forget its parts.
MATCH (i:Import {id: $id})
SET i.change_set = $change_set, i.note = $note, i.unnoted = $unnoted
WITH i
OPTIONAL MATCH (i)-[:HAS_PART]->(p:ImportPart)
DETACH DELETE p
