// The change log is read by place, by customer, by write, and by what was taken back;
// answers are kept for requests that come twice; deletions for systems that keep a copy.
CREATE CONSTRAINT change_id IF NOT EXISTS FOR (n:Change) REQUIRE n.id IS UNIQUE;
CREATE INDEX change_set IF NOT EXISTS FOR (n:Change) ON (n.set_id);
CREATE INDEX change_scope IF NOT EXISTS FOR (n:Change) ON (n.scope_key);
CREATE INDEX change_undoes IF NOT EXISTS FOR (n:Change) ON (n.undoes);
CREATE CONSTRAINT answer_id IF NOT EXISTS FOR (n:Answer) REQUIRE n.id IS UNIQUE;
CREATE INDEX answer_at IF NOT EXISTS FOR (n:Answer) ON (n.at);
CREATE CONSTRAINT deletion_id IF NOT EXISTS FOR (n:Deletion) REQUIRE n.id IS UNIQUE;
CREATE INDEX deletion_place IF NOT EXISTS FOR (n:Deletion) ON (n.place);
