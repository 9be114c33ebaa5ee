// name: answer_of_key(id) read -> row
// The answer that a request with this idempotency key got.
// unscoped: the viewer is a part of the idempotency key
MATCH (a:Answer {id: $id})
RETURN a.fingerprint AS fingerprint, a.status AS status, a.body AS body, a.etag AS etag

// name: keep_answer(id, fingerprint, status, body, etag, now) write -> none
// Keep the answer to a request, so that the same request gets it again.
CREATE (a:Answer {id: $id})
SET a.fingerprint = $fingerprint, a.status = $status, a.body = $body, a.etag = $etag, a.at = $now

// name: forget_answers(before) write -> none
// Forget answers that are older than their keys are valid, a few at a time.
MATCH (a:Answer) WHERE a.at < $before
WITH a LIMIT 20
DELETE a
