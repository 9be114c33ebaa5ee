// The history of a person is also that of the duplicates that were merged into it.
CREATE INDEX deletion_merged_into IF NOT EXISTS FOR (n:Deletion) ON (n.merged_into);
// An id in another system names one node of its kind.
CREATE CONSTRAINT external_id IF NOT EXISTS FOR (n:ExternalId) REQUIRE n.id IS UNIQUE;
