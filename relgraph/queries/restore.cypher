// name: put_changes(rows) write -> none
// Bring notes of an export back; those that are there already stay as they are.
UNWIND $rows AS row
MERGE (c:Change {id: row.id})
SET c += row.props

// name: forget_restored_changes(restored_by, limit) write -> value
// Take notes out again that an import brought along which is rolled back; how many.
MATCH (c:Change {restored_by: $restored_by})
WITH c LIMIT $limit
DELETE c
RETURN count(*) AS forgotten

// name: forget_restored_deletions(restored_by, limit) write -> value
// The same for records of removed nodes.
MATCH (d:Deletion {restored_by: $restored_by})
WITH d LIMIT $limit
DELETE d
RETURN count(*) AS forgotten

// name: all_deletions(after, limit) read -> rows
// Records of removed nodes, page by page.
// scope: everything
MATCH (d:Deletion) WHERE d.place > $after
RETURN d {.*} AS deletion
ORDER BY d.place
LIMIT $limit
