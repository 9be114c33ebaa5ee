// Activities are found by their ids, so that the same calendar may be read twice.
CREATE CONSTRAINT activity_id IF NOT EXISTS FOR (n:Activity) REQUIRE n.id IS UNIQUE;
