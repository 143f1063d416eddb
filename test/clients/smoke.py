"""The whole way through the API with the Python client; prints what came of it as JSON."""

import asyncio
import json
import sys

from millrace_client import ApiError, connect, follow_log, items, ok, run_events
from millrace_client.generated.api.api_keys import create_api_key
from millrace_client.generated.api.deployments import create_deployment
from millrace_client.generated.api.runs import get_run, list_runs, start_pipeline_run
from millrace_client.generated.api.sessions import sign_up
from millrace_client.generated.api.usage import get_run_cost
from millrace_client.generated.models import (
    CreateDeploymentJsonBody,
    NewApiKey,
    SignUp,
    SignUpOrganization,
    StartPipelineRun,
    StartPipelineRunParams,
)

url, slug = sys.argv[1:]
person = {"email": f"ann@{slug}.example", "name": "Ann", "password": "correct horse battery"}

session = ok(
    sign_up.sync(client=connect(url), body=SignUp(organization=SignUpOrganization(name=slug, slug=slug), **person))
)
member = connect(url, session.access_token)
made = ok(create_api_key.sync(client=member, body=NewApiKey(name="smoke", scopes=["read", "run", "deploy"])))
client = connect(url, made.key)

bundle = CreateDeploymentJsonBody()
code = "export default (input, ctx) => { ctx.log.info(`hello ${input.name}`); return input; };"
task = {"type": "node", "entry": "task.mjs", "input": {"name": "${{ params.name }}"}}
params = {"type": "object", "properties": {"name": {"type": "string"}}}
bundle["files"] = {"task.mjs": code}
bundle["pipelines"] = [{"pipeline": "smoke", "params": params, "tasks": {"say": task}}]
deployment = ok(create_deployment.sync(client=client, body=bundle))

body = StartPipelineRun(params=StartPipelineRunParams.from_dict({"name": "Python"}))
run = ok(start_pipeline_run.sync("smoke", client=client, body=body))
states = [event.data["state"] for event in run_events(client, run.id) if event.kind == "run"]
lines = [event.data["text"] for event in follow_log(client, run.id, "say") if event.kind == "line"]
cost = ok(get_run_cost.sync(run.id, client=client))
listed = [each.id for each in items(list_runs.sync, client=client, pipeline="smoke", limit=1)]
try:
    get_run.sync("run_00000000000000000000000000", client=client)
    refused = "not refused"
except ApiError as error:
    refused = error.code


async def later() -> str:
    async with client as open_client:
        return ok(await get_run.asyncio(run.id, client=open_client)).state


print(
    json.dumps(
        {
            "run": run.id,
            "version": deployment.versions[0].number,
            "states": states,
            "lines": lines,
            "listed": listed,
            "code": refused,
            "usd": cost.total.usd,
            "later": asyncio.run(later()),
        }
    )
)
