// The change log is read by place, by customer, by write, and by what was taken back.
CREATE CONSTRAINT change_id IF NOT EXISTS FOR (n:Change) REQUIRE n.id IS UNIQUE;
CREATE INDEX change_set IF NOT EXISTS FOR (n:Change) ON (n.set_id);
CREATE INDEX change_scope IF NOT EXISTS FOR (n:Change) ON (n.scope_key);
CREATE INDEX change_undoes IF NOT EXISTS FOR (n:Change) ON (n.undoes);
