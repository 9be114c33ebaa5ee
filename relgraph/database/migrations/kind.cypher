// Every node of a declared kind is found by its id, and no two share one.
CREATE CONSTRAINT {name}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE
