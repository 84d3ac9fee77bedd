"""What goes to another machine is made of trials."""

import json

from contract_tests import judge, trial
from contract_tests.documents import read_documents
from contract_tests.live.recorder import CALL, RECORDING, TOKEN
from contract_tests.subject import Limits, Subject, chosen


def test_every_request_is_made_of_a_trial() -> None:
    """What examples and generated requests are made from keeps to trials; the contract that replies fit stays."""
    document = chosen().contract.document
    narrowed = trial.narrowed(document, RECORDING)
    schemas = narrowed["components"]["schemas"]
    assert schemas["CallAnalysisRequest"]["properties"]["isTest"] == {"type": "boolean", "const": True}
    assert schemas["CallAnalysisRequest"]["required"][-1] == "isTest"
    urls = [("CallAnalysisRequest", "recordingUrl"), ("CallAnalysisRequest", "stereoRecordingUrl")]
    urls += [("VapiMonitor", "listenUrl"), ("VapiArtifact", "recordingUrl"), ("VapiArtifact", "stereoRecordingUrl")]
    for model, name in urls:
        assert schemas[model]["properties"][name] == {"type": "string", "const": RECORDING}
    assert schemas["Call"] == document["components"]["schemas"]["Call"]
    for path, item in narrowed["paths"].items():
        if "requestBody" not in item.get("post", {}):
            continue
        media = item["post"]["requestBody"]["content"]["application/json"]
        assert judge.is_valid(
            f"/paths/{path.replace('/', '~1')}/post/requestBody/content/application~1json/schema",
            media["examples"]["documented"]["value"],
        )
    assert "const" not in json.dumps(document), "the contract itself was changed"


def test_samples_are_trials() -> None:
    """A documented sample goes to another machine as a trial, and to this one word for word."""
    away = Subject(server_url="https://api.roark.ai", token=TOKEN, limits=Limits(recording_url=RECORDING))
    for document in read_documents():
        if document.request is None:
            continue
        sent = away.sample(document.operation, document.request)
        assert trial.fault(sent, RECORDING, flagged=document.operation == CALL, fields=list(document.request)) is None
        assert Subject().sample(document.operation, document.request) == document.request
