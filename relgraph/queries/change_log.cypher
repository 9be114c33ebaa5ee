// name: add_changes(rows) write -> none
// Note changes; each row is a change of one write at one customer.
UNWIND $rows AS row
CREATE (c:Change {id: row.id})
SET c += row.props

// name: forget_write(set_id, limit) write -> value
// Take out notes of a write that stand in the log only until the end of long work; how many.
MATCH (c:Change {set_id: $set_id})
WITH c LIMIT $limit
DELETE c
RETURN count(*) AS forgotten

// name: changes_after(after, limit) read -> rows
// Notes of changes after a place in the log, the oldest first.
// scope: $visible
MATCH (c:Change)
WHERE c.id > $after AND ($visible IS NULL OR c.scope IN $visible OR c.scope = '')
RETURN c {.*} AS change
ORDER BY c.id
LIMIT $limit

// name: changes_of_scope(after, before, parts, facts, limit) read -> rows
// The same at one customer, from `after` to `before` in its own order; one of `parts` must stand
// in it. Notes of plain facts are passed over unless `facts` says otherwise.
// scope: $visible
MATCH (c:Change)
WHERE c.scope_key > $after AND c.scope_key < $before AND ($facts OR c.facts IS NULL)
  AND ($parts IS NULL OR any(part IN $parts WHERE c.entries CONTAINS part))
  AND ($visible IS NULL OR c.scope IN $visible OR c.scope = '')
RETURN c {.*} AS change
ORDER BY c.scope_key
LIMIT $limit

// name: changes_of_scope_before(before, after, parts, facts, limit) read -> rows
// The same from `before` back to `after`, the newest first.
// scope: $visible
MATCH (c:Change)
WHERE c.scope_key < $before AND c.scope_key > $after AND ($facts OR c.facts IS NULL)
  AND ($parts IS NULL OR any(part IN $parts WHERE c.entries CONTAINS part))
  AND ($visible IS NULL OR c.scope IN $visible OR c.scope = '')
RETURN c {.*} AS change
ORDER BY c.scope_key DESC
LIMIT $limit

// name: changes_naming(after, parts, facts, limit) read -> rows
// The same at all customers; one of `parts` must stand in it.
// scope: $visible
MATCH (c:Change)
WHERE c.id > $after AND ($facts OR c.facts IS NULL)
  AND ($parts IS NULL OR any(part IN $parts WHERE c.entries CONTAINS part))
  AND ($visible IS NULL OR c.scope IN $visible OR c.scope = '')
RETURN c {.*} AS change
ORDER BY c.id
LIMIT $limit

// name: log_end() read -> row
// How many notes have places, and how many of these readers may know of.
// unscoped: how much was ever written is no secret; a mark says no more
MATCH (e:LogEnd {id: 'log'})
RETURN e.key AS key, e.given AS given, e.placed AS placed

// name: hold_log_end(key) write -> row
// Keep others from giving places until the end of this transaction; how many there are.
MERGE (e:LogEnd {id: 'log'})
ON CREATE SET e.key = $key, e.given = 0, e.placed = 0
SET e.locked = true
RETURN e.key AS key, e.given AS given

// name: unplaced_changes(limit) read -> rows
// Notes that were committed and have no place in the order of commits yet.
// unscoped: keeps the order, whoever reads
MATCH (c:Change {unplaced: 'new'})
RETURN c.id AS id
ORDER BY id
LIMIT $limit

// name: count_unplaced() read -> value
// How many notes were committed and have no place yet.
// unscoped: says how much was written, nothing of what it is
MATCH (c:Change {unplaced: 'new'})
RETURN count(c) AS waiting

// name: give_places(rows) write -> none
// The places of notes in the order of commits.
UNWIND $rows AS row
MATCH (c:Change {id: row.id})
SET c.place = row.place
REMOVE c.unplaced

// name: move_log_end(given) write -> none
// How many places are given.
MATCH (e:LogEnd {id: 'log'})
SET e.given = $given

// name: tell_places(given) write -> none
// The places up to this one are given by transactions that have ended.
MATCH (e:LogEnd {id: 'log'})
SET e.placed = CASE WHEN e.placed < $given THEN $given ELSE e.placed END

// name: earliest_since(after) read -> value
// When the first of the writes began whose notes have later places; blank if they came with a past.
// unscoped: decides what is read, and is never shown
MATCH (c:Change) WHERE c.place > $after
RETURN min(CASE WHEN c.brought THEN '' ELSE c.at END) AS earliest

// name: placed_changes(after, before, customer_id, parts, facts, limit) read -> rows
// Notes in the order of commits; one of `parts` must stand in them. Null filters nothing.
// scope: $visible
MATCH (c:Change)
WHERE c.place > $after AND c.place <= $before AND ($facts OR c.facts IS NULL)
  AND ($customer_id IS NULL OR c.scope = $customer_id)
  AND ($parts IS NULL OR any(part IN $parts WHERE c.entries CONTAINS part))
  AND ($visible IS NULL OR c.scope IN $visible OR c.scope = '')
RETURN c {.*} AS change
ORDER BY c.place
LIMIT $limit

// name: older_changes(after, limit) read -> rows
// Notes of an older relgraph, which knew no places.
// unscoped: keeps the order, whoever reads
MATCH (c:Change) WHERE c.id > $after AND c.place IS NULL AND c.unplaced IS NULL
RETURN c.id AS id
ORDER BY id
LIMIT $limit

// name: let_wait(rows) write -> none
// Let these notes wait for places.
UNWIND $rows AS row
MATCH (c:Change {id: row.id})
SET c.unplaced = 'new'

// name: changes_of_set(set_id) read -> rows
// All notes of one write.
// scope: $visible
MATCH (c:Change {set_id: $set_id})
WHERE ($visible IS NULL OR c.scope IN $visible OR c.scope = '')
RETURN c {.*} AS change
ORDER BY c.id

// name: note_ids_of_set(set_id) read -> rows
// The places of the notes of one write.
// scope: everything
MATCH (c:Change {set_id: $set_id})
RETURN c.id AS id
ORDER BY id

// name: notes(ids) read -> rows
// Notes at these places.
// scope: everything
UNWIND $ids AS wanted
MATCH (c:Change {id: wanted})
RETURN c {.*} AS change
ORDER BY c.id

// name: size_of_set(set_id) read -> value
// How many changes one write made.
// scope: $visible
MATCH (c:Change {set_id: $set_id})
WHERE ($visible IS NULL OR c.scope IN $visible OR c.scope = '')
RETURN sum(c.size) AS size

// name: scopes_of_set(set_id) read -> rows
// The customers in whose logs one write stands.
// unscoped: whoever sees a part of a write may know that it has others, but not which
MATCH (c:Change {set_id: $set_id})
RETURN DISTINCT c.scope AS id
ORDER BY id

// name: undoes(set_id) read -> value
// The write that this one undid; null if it is no undo.
// unscoped: names a write, and is asked of one that the viewer has found
MATCH (c:Change {set_id: $set_id})
RETURN c.undoes AS undoes
LIMIT 1

// name: undone_by(set_id) read -> value
// The write that has undone another one; null if none has.
// unscoped: names a write, and is asked of one that the viewer has found
MATCH (c:Change {undoes: $set_id})
RETURN c.set_id AS set_id
ORDER BY set_id
LIMIT 1

// name: note_deletions(rows) write -> none
// Note that nodes and edges were removed; the last time counts.
UNWIND $rows AS row
MERGE (d:Deletion {id: row.id})
SET d.place = row.place, d.node_id = row.node_id, d.at = row.at, d.scope = row.scope,
    d.merged_into = row.merged_into, d.version = row.version, d.restored_by = row.restored_by

// name: merged_from(ids) read -> rows
// People who were made part of these ones, and in whose log they stand.
// scope: $visible
UNWIND $ids AS wanted
MATCH (d:Deletion {merged_into: wanted})
WHERE NOT EXISTS { MATCH (n:Stakeholder) WHERE n.id = d.node_id }
  AND ($visible IS NULL OR d.scope IN $visible OR d.scope = '')
RETURN d.node_id AS id, d.scope AS scope
ORDER BY id

// name: deletion(id) read -> row
// When a node was removed, and in whose log that stands.
// scope: $visible
MATCH (d:Deletion {id: $id})
WHERE ($visible IS NULL OR d.scope IN $visible OR d.scope = '')
RETURN d.at AS at, d.scope AS scope, d.merged_into AS merged_into

// name: deletions(ids) read -> rows
// The last versions of nodes and edges that were removed, and in whose log that stands.
// unscoped: writes are planned on the truth; Writer checks what their viewer may see
UNWIND $ids AS wanted
MATCH (d:Deletion {id: wanted})
RETURN d.node_id AS id, d.version AS version, d.scope AS scope
ORDER BY id

// name: deletions_after(after, before, limit) read -> rows
// Nodes of one kind that were removed, in the order in which they were.
// scope: $visible
MATCH (d:Deletion)
WHERE d.place > $after AND d.place < $before
  AND ($visible IS NULL OR d.scope IN $visible OR d.scope = '')
RETURN d.node_id AS id, d.at AS deleted_at, d.merged_into AS merged_into
ORDER BY d.place
LIMIT $limit

// name: any_deletion(after, before) read -> value
// Whether there is one of those nodes or edges; null if not. In no order, so that one is enough.
// unscoped: decides whether more is read, and is never shown
MATCH (d:Deletion) WHERE d.place > $after AND d.place < $before
RETURN true AS there
LIMIT 1

// name: last_change() read -> value
// The place of the last note in the log; null if there is none.
// unscoped: whether anything was ever written is no secret, and never shown
MATCH (c:Change)
RETURN c.id AS id
ORDER BY c.id DESC
LIMIT 1
