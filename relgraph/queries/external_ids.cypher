// name: external_ids(ids) read -> rows
// The nodes that these ids of other systems name.
// unscoped: whoever asks checks that the viewer may see the node before naming it
UNWIND $ids AS wanted
MATCH (e:ExternalId {id: wanted})
RETURN e.id AS id, e.node_id AS node_id
ORDER BY id

// name: create_external_ids(rows) write -> value
// Ids of other systems that nodes get; how many were made.
UNWIND $rows AS row
CREATE (e:ExternalId {id: row.id, node_id: row.node_id})
RETURN count(e) AS made

// name: delete_external_ids(rows) write -> value
// Ids of other systems that nodes give up; how many there were.
UNWIND $rows AS row
MATCH (e:ExternalId {id: row.id, node_id: row.node_id})
DELETE e
RETURN count(*) AS gone
