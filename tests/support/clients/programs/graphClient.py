"""Does by azure-identity and the Graph SDK for Python what the argument names."""

import asyncio
import os
import sys

from azure.identity import (
    CertificateCredential,
    ClientSecretCredential,
    WorkloadIdentityCredential,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphServiceClient
from msgraph.generated.applications.applications_request_builder import ApplicationsRequestBuilder
from msgraph.generated.applications.item.application_item_request_builder import (
    ApplicationItemRequestBuilder,
)
from msgraph.generated.models.application import Application
from msgraph.generated.service_principals.service_principals_request_builder import (
    ServicePrincipalsRequestBuilder,
)

tenant, client = os.environ["TENANT_ID"], os.environ["CLIENT_ID"]


def secret():
    return ClientSecretCredential(tenant, client, os.environ["CLIENT_SECRET"])


def sign_in(way):
    if "certificate" in way:
        return CertificateCredential(tenant, client, os.environ["CLIENT_PEM"])
    if "workload" in way:
        return WorkloadIdentityCredential(
            tenant_id=tenant, client_id=client, token_file_path=os.environ["CLIENT_ASSERTION_FILE"]
        )
    return secret()


async def made_and_removed(graph):
    made = await graph.applications.post(Application(display_name="by the SDK for Python"))
    one = graph.applications.by_application_id(made.id)
    query = ApplicationItemRequestBuilder.ApplicationItemRequestBuilderGetQueryParameters(
        select=["id", "displayName"], expand=["owners"]
    )
    read = await one.get(RequestConfiguration(query_parameters=query))
    await one.patch(Application(notes="changed"))
    await one.delete()
    print("made and removed" if read.display_name == "by the SDK for Python" else read)


async def pages(graph):
    query = ServicePrincipalsRequestBuilder.ServicePrincipalsRequestBuilderGetQueryParameters(top=2)
    page = await graph.service_principals.get(RequestConfiguration(query_parameters=query))
    count = 1
    while page.odata_next_link:
        page = await graph.service_principals.with_url(page.odata_next_link).get()
        count += 1
    print("pages", count)


async def found(graph):
    def asked(**options):
        query = ApplicationsRequestBuilder.ApplicationsRequestBuilderGetQueryParameters(**options)
        configuration = RequestConfiguration(query_parameters=query)
        configuration.headers.add("ConsistencyLevel", "eventual")
        return graph.applications.get(configuration)

    made = await graph.applications.post(Application(display_name="Zebra one", tags=["striped"]))
    filtered = await asked(filter="tags/any(t:t eq 'striped') and not(displayName eq 'x')", count=True)
    searched = await asked(search='"displayName:zebra"', count=True)
    await graph.applications.by_application_id(made.id).delete()
    print("found", filtered.odata_count, searched.odata_count)


async def delta(graph):
    page = await graph.applications.delta.get()
    while page.odata_next_link:
        page = await graph.applications.delta.with_url(page.odata_next_link).get()
    made = await graph.applications.post(Application(display_name="changed meanwhile"))
    changed = await graph.applications.delta.with_url(page.odata_delta_link).get()
    await graph.applications.by_application_id(made.id).delete()
    removed = await graph.applications.delta.with_url(changed.odata_delta_link).get()
    gone = [one for one in removed.value if "@removed" in one.additional_data]
    print("changed", len(changed.value), "removed", len(gone))


wish = sys.argv[1]
if wish.startswith("sign-in"):
    sign_in(wish).get_token("https://graph.microsoft.com/.default")
    print("Bearer")
else:
    does = {"application": made_and_removed, "pages": pages, "filter,": found, "delta": delta}
    graph = GraphServiceClient(secret(), ["https://graph.microsoft.com/.default"])
    asyncio.run(does[wish.split()[0]](graph))
