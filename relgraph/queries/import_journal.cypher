// name: unfinished_imports() read -> rows
// Imports in parts that were interrupted.
// scope: everything
MATCH (i:Import) WHERE i.state = 'writing'
RETURN i.id AS id, i.source AS source, i.fingerprint AS fingerprint, i.started_at AS started_at,
       i.actor AS actor, i.parts AS parts,
       coalesce(i.with_past, false) AS with_past, i.undoes AS undoes, i.note AS note
ORDER BY started_at, id

// name: import_begin(id, source, fingerprint, now, actor, with_past) write -> none
// Note the beginning of an import in parts.
MERGE (i:Import {id: $id})
SET i.state = 'writing', i.source = $source, i.fingerprint = $fingerprint,
    i.started_at = $now, i.actor = $actor, i.parts = 0, i.with_past = $with_past

// name: import_part(id, part_id, number, undo, first_note, last_note) write -> none
// Note a written part, with what takes it back, and where its notes stand in the change log.
MATCH (i:Import {id: $id})
SET i.parts = $number
CREATE (i)-[:HAS_PART]->(:ImportPart {
  id: $part_id, number: $number, undo: $undo, first_note: $first_note, last_note: $last_note
})

// name: undo_begin(id, undoes, now, actor, note) write -> none
// Note that a large write begins to be taken back in parts.
MERGE (i:Import {id: $id})
SET i.state = 'writing', i.source = $undoes, i.fingerprint = '', i.undoes = $undoes,
    i.started_at = $now, i.actor = $actor, i.note = $note, i.parts = 0

// name: undo_part(id, number) write -> value
// Count a part that is taken back; 0 if another process has done it.
MATCH (i:Import {id: $id}) WHERE i.parts = $number - 1
SET i.parts = $number
RETURN count(i) AS counted

// name: import_parts(id) read -> rows
// The written parts of an import, the last first.
// scope: everything
MATCH (:Import {id: $id})-[:HAS_PART]->(p:ImportPart)
RETURN p.id AS id, p.number AS number, p.undo AS undo, p.first_note AS first_note,
       p.last_note AS last_note
ORDER BY number DESC

// name: import_part_undone(part_id, id, parts) write -> none
// Forget a part that was taken back.
MATCH (i:Import {id: $id})-[:HAS_PART]->(p:ImportPart {id: $part_id})
SET i.parts = $parts
DETACH DELETE p

// name: import_end(id, state, now) write -> none
// Note the end of an import and forget its parts.
MATCH (i:Import {id: $id})
SET i.state = $state, i.ended_at = $now
WITH i
OPTIONAL MATCH (i)-[:HAS_PART]->(p:ImportPart)
DETACH DELETE p

// name: mark_customers(ids, import_id) write -> none
// Say on customers that an import which touches them is not finished.
UNWIND $ids AS customer_id
MATCH (c:Customer {id: customer_id})
SET c.importing = $import_id

// name: unmark_customers(import_id) write -> none
// Take that mark off again.
MATCH (c:Customer {importing: $import_id})
REMOVE c.importing

// name: customers_of_people(ids) read -> rows
// The present customers of these people.
// scope: everything
UNWIND $ids AS person_id
MATCH (:Stakeholder {id: person_id})-[w:WORKS_AT]->(c:Customer)
WHERE w.until IS NULL
RETURN DISTINCT c.id AS id
ORDER BY id
