"""What a program does with the client that was generated from /openapi.json; see test_generated.

python use.py FOLDER_WITH_THE_CLIENT ADDRESS
"""

import asyncio
import sys

sys.path.insert(0, sys.argv[1])

from relgraph_client import Client
from relgraph_client.api.activities import create_activities
from relgraph_client.api.records import (
    batch,
    change_stakeholder,
    create_customer,
    create_stakeholder,
    get_stakeholder,
    list_influences_of_stakeholder,
    list_stakeholders,
    merge_stakeholders,
    put_influence,
    put_stakeholder_by_external_id,
    remove_customer,
)
from relgraph_client.models import (
    BatchBody,
    InfluencesBody,
    MergeBody,
    NewActivity,
    NewCustomer,
    NewStakeholder,
    OperationBody,
    OperationBodyMethod,
    Problem,
    Stakeholder,
    StakeholderPatch,
)

client = Client(base_url=sys.argv[2])


def make() -> None:
    """Records through the plain functions."""
    customer = create_customer.sync(client=client, body=NewCustomer(id="c", name="客户"))
    assert customer.id == "c" and customer.name == "客户" and customer.version == 1
    for id_ in ("a", "b"):
        body = NewStakeholder(id=id_, name=id_.upper(), customer_id="c")
        assert isinstance(create_stakeholder.sync(client=client, body=body), Stakeholder)
    again = create_stakeholder.sync(client=client, body=body)
    assert isinstance(again, Problem) and again.code == "already_there", again


def change() -> None:
    """Versions, null and what is absent."""
    read = get_stakeholder.sync_detailed("a", client=client)
    tag = read.headers["etag"]
    body = StakeholderPatch(title="CEO", budget=0.5)
    changed = change_stakeholder.sync("a", client=client, body=body, if_match=tag)
    assert (changed.title, changed.budget, changed.name) == ("CEO", 0.5, "A")
    stale = change_stakeholder.sync("a", client=client, body=body, if_match=tag)
    assert isinstance(stale, Problem) and stale.status == 412
    assert stale.additional_properties["current"]["title"] == "CEO"
    cleared = change_stakeholder.sync("a", client=client, body=StakeholderPatch(title=None))
    assert not cleared.title and cleared.budget == 0.5
    missing = get_stakeholder.sync("nobody", client=client)
    assert isinstance(missing, Problem) and missing.code == "not_found"


async def join() -> None:
    """Edges and pages through the asynchronous functions."""
    body = InfluencesBody(strength=0.8, evidence="asked first")
    edge = await put_influence.asyncio("a", "b", client=client, body=body)
    assert (edge.from_id, edge.to_id, edge.strength) == ("a", "b", 0.8)
    both = await asyncio.gather(
        list_influences_of_stakeholder.asyncio("a", client=client),
        list_influences_of_stakeholder.asyncio("b", client=client),
    )
    assert [page.items[0].evidence for page in both] == ["asked first"] * 2
    names, cursor = [], None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        page = await list_stakeholders.asyncio(client=client, limit=1, customer_id="c", **more)
        names += [person.name for person in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert names == ["A", "B"], names


def keep_current() -> None:
    """What a synchronisation calls."""
    body = StakeholderPatch(name="A again", customer_id="c")
    new = put_stakeholder_by_external_id.sync("crm", "003/1", client=client, body=body)
    assert isinstance(new, Stakeholder) and new.external_ids["crm"] == "003/1"
    merged = merge_stakeholders.sync("a", client=client, body=MergeBody(duplicate_id=new.id))
    assert merged.external_ids["crm"] == "003/1" and merged.name == "A"
    operation = OperationBody(method=OperationBodyMethod.DELETE, path="/stakeholders/b")
    refused = batch.sync(client=client, body=BatchBody(operations=[operation]))
    assert isinstance(refused, Problem) and refused.code == "has_dependents"
    activity = NewActivity.from_dict(
        {"kind": "call", "happened_at": "2026-11-02", "member_id": "m", "stakeholder_id": "a"}
    )
    refused = create_activities.sync(client=client, body=activity)
    assert isinstance(refused, Problem) and "member" in refused.detail, refused
    assert remove_customer.sync_detailed("c", client=client, cascade=True).status_code == 204


make()
change()
asyncio.run(join())
keep_current()
sys.stdout.write("done\n")
