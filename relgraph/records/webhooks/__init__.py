"""Notifies other systems of every change: who wants to know what, and what is sent to them.

Each note of the change log is queued in the transaction that writes it (`events`); a worker makes
a delivery of each change for each webhook that wants it, and sends them (`worker`, `sending`), in
order for each node and edge, until they are accepted or given up.
"""
