// name: list_webhooks() read -> rows
// All webhooks with their secrets.
// scope: $visible
MATCH (w:Webhook)
WHERE ($visible IS NULL OR all(customer IN coalesce(w.customers, ['']) WHERE customer IN $visible))
RETURN w {.*} AS webhook
ORDER BY w.id

// name: get_webhook(id) read -> row
// One webhook with its secrets.
// scope: $visible
MATCH (w:Webhook {id: $id})
WHERE ($visible IS NULL OR all(customer IN coalesce(w.customers, ['']) WHERE customer IN $visible))
RETURN w {.*} AS webhook

// name: create_webhook(id, props) write -> none
// A new webhook.
CREATE (w:Webhook {id: $id})
SET w += $props

// name: change_webhook(id, props) write -> none
// Change a webhook; what is null is cleared.
MATCH (w:Webhook {id: $id})
SET w += $props

// name: note_failing(id, now) write -> none
// Since when nothing could be delivered.
MATCH (w:Webhook {id: $id})
SET w.failing_since = coalesce(w.failing_since, $now)

// name: delete_webhook(id) write -> none
// Take a webhook out.
MATCH (w:Webhook {id: $id})
DELETE w

// name: webhook_work() read -> value
// Whether there may be anything to do: a webhook, or queued changes that none wants.
// scope: everything
OPTIONAL MATCH (w:Webhook)
WITH count(w) AS webhooks
OPTIONAL MATCH (c:Change {queue: 'new'})
WITH webhooks, c LIMIT 1
RETURN webhooks > 0 OR c IS NOT NULL AS work

// name: queue_changes(set_id) write -> none
// The changes of an import in parts, when all of them are written.
MATCH (c:Change {set_id: $set_id})
SET c.queue = 'new'

// name: any_queued() read -> value
// Whether any change is queued; null if not.
// unscoped: decides whether there is work, and is never shown
MATCH (c:Change {queue: 'new'})
RETURN true AS there
LIMIT 1

// name: queued_changes(limit) read -> rows
// Notes that no delivery was made of yet, the oldest first.
// scope: everything
MATCH (c:Change {queue: 'new'})
RETURN c {.*} AS change
ORDER BY c.id
LIMIT $limit

// name: hold_queue(holder) write -> none
// Keep others from taking changes out of the queue, and from making webhooks, until the end of this
// transaction. Whoever only queues changes waits for nobody.
MERGE (l:Lease {id: 'webhook queue'})
SET l.holder = $holder

// name: queued_sets() read -> rows
// The writes of which changes are queued.
// unscoped: decides what webhooks are not notified of, and is never shown
MATCH (c:Change {queue: 'new'})
RETURN DISTINCT c.set_id AS set_id
ORDER BY set_id

// name: unqueue_changes(rows) write -> none
// Deliveries were made of these.
UNWIND $rows AS row
MATCH (c:Change {id: row.id})
REMOVE c.queue

// name: pass_over_changes(limit) write -> value
// Nobody wants to know of these; how many there were.
MATCH (c:Change {queue: 'new'})
WITH c LIMIT $limit
REMOVE c.queue
RETURN count(c) AS passed

// name: create_deliveries(rows) write -> none
// What is to be sent.
UNWIND $rows AS row
CREATE (d:Delivery {id: row.id})
SET d += row.props

// name: get_delivery(id) read -> row
// One delivery.
// unscoped: its webhook was found in scope
MATCH (d:Delivery {id: $id})
RETURN d {.*} AS delivery

// name: change_delivery(id, props) write -> none
// What came of an attempt.
MATCH (d:Delivery {id: $id})
SET d += $props

// name: waiting_deliveries(webhook, limit) read -> rows
// What a webhook has not got yet, the oldest first.
// scope: everything
MATCH (d:Delivery {waiting: $webhook})
RETURN d {.*} AS delivery
ORDER BY d.place
LIMIT $limit

// name: deliveries_before(before, after, state, limit) read -> rows
// The log of a webhook's deliveries, the newest first.
// unscoped: its webhook was found in scope
MATCH (d:Delivery)
WHERE d.place < $before AND d.place > $after AND ($state IS NULL OR d.state = $state)
RETURN d {.*} AS delivery
ORDER BY d.place DESC
LIMIT $limit

// name: delete_deliveries(webhook) write -> value
// Deliveries of a webhook that is gone, some at a time; how many.
MATCH (d:Delivery) WHERE d.place STARTS WITH $webhook
WITH d LIMIT 1000
DELETE d
RETURN count(*) AS gone

// name: forget_deliveries(before) write -> value
// Deliveries that were finished long ago, some at a time; how many.
MATCH (d:Delivery) WHERE d.finished_at < $before
WITH d LIMIT 1000
DELETE d
RETURN count(*) AS gone

// name: hold_lease(id, holder, now, until) write -> value
// Take or keep a lease that nobody else holds; 1 if it is held now. It is locked first: on Neo4j
// a condition alone is looked at before others have to wait.
MERGE (l:Lease {id: $id})
SET l.locked = true
WITH l WHERE l.until IS NULL OR l.until < $now OR l.holder = $holder
SET l.holder = $holder, l.until = $until
REMOVE l.locked
RETURN count(l) AS held
