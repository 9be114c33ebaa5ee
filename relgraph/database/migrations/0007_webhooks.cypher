// Changes wait in a queue until deliveries are made of them; deliveries are read by webhook, by what
// waits and by age; a lease says which process sends.
CREATE INDEX change_queue IF NOT EXISTS FOR (n:Change) ON (n.queue);
CREATE CONSTRAINT webhook_id IF NOT EXISTS FOR (n:Webhook) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT delivery_id IF NOT EXISTS FOR (n:Delivery) REQUIRE n.id IS UNIQUE;
CREATE INDEX delivery_place IF NOT EXISTS FOR (n:Delivery) ON (n.place);
CREATE INDEX delivery_waiting IF NOT EXISTS FOR (n:Delivery) ON (n.waiting);
CREATE INDEX delivery_finished IF NOT EXISTS FOR (n:Delivery) ON (n.finished_at);
CREATE CONSTRAINT lease_id IF NOT EXISTS FOR (n:Lease) REQUIRE n.id IS UNIQUE;
