// name: put_changes(rows) write -> none
// Bring notes of an export back; those that are there already stay as they are.
UNWIND $rows AS row
MERGE (c:Change {id: row.id})
SET c += row.props

// name: delete_changes(rows) write -> none
// Take notes out again that an unfinished import brought back.
UNWIND $rows AS row
MATCH (c:Change {id: row.id})
DELETE c

// name: delete_deletions(rows) write -> none
// The same for what says that nodes were removed.
UNWIND $rows AS row
MATCH (d:Deletion {id: row.id})
DELETE d

// name: all_deletions(after, limit) read -> rows
// What says that nodes were removed, page by page.
// scope: everything
MATCH (d:Deletion) WHERE d.place > $after
RETURN d {.*} AS deletion
ORDER BY d.place
LIMIT $limit
