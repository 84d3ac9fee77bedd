"""The recipes of CONTRIBUTING, played on a copy of the checkout: what a change costs, and that no more is needed."""

from pathlib import Path

import pytest

from contract_tests.checkouts import copied_checkout, generate
from contract_tests.commands import drift

CONTRACT = "openapi.yaml"
DOCUMENTS = "contract_tests/documents"
OPERATIONS = "contract_tests/mock_server/roark_mock/operations"
TWIN = "contract_tests/proof/test_static_twin.py"

Recipe = dict[str, list[tuple[str, str]]]
"""Of each file, texts that are replaced, which stand there once. A new file is the text that replaces none."""

FIELD_OF_A_REPLY: Recipe = {
    CONTRACT: [
        (
            """
        status:
          description: How far the analysis is
""",
            """
        createdAt:
          description: When the job was created (ISO 8601 format)
          x-source: sdk
          type: string
          format: date-time
        status:
          description: How far the analysis is
""",
        )
    ],
    f"{OPERATIONS}/create_call_analysis.py": [
        ("\n    call: Call\n", "\n    call: Call\n    created_at: Omittable[DateTime] = UNSET\n"),
        ('status="PENDING", call=call)', 'status="PENDING", call=call, created_at=request.started_at)'),
    ],
}
FACT = '{{"operation": "POST /v1/call-analysis", "place": "/reply/data/{}"'
FIELD_IN_THE_EVIDENCE: Recipe = {
    f"{DOCUMENTS}/releases.json": [
        (
            FACT.format("status"),
            FACT.format("createdAt")
            + ', "first": "1.177.0", "last": "1.177.0", "said": {"type": "string", "format": "date-time"}},\n'
            + FACT.format("status"),
        )
    ]
}

OPERATION: Recipe = {
    CONTRACT: [
        (
            "\n  /v1/vapi/call:\n",
            """
  /v1/call/{id}:
    get:
      operationId: getCall
      tags: [Calls]
      summary: Look a call up
      description: What is known of a call by now.
      x-source: documented
      parameters:
        - name: id
          in: path
          required: true
          description: ID of the call
          x-source: documented
          schema:
            x-source: documented
            type: string
            format: uuid
          example: 3c90c3cc-0d44-4b50-8888-8dd25736052a
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/CallResponse'
              examples:
                documented:
                  summary: The reply on the vendor's page, its placeholders replaced
                  value:
                    data:
                      id: 3c90c3cc-0d44-4b50-8888-8dd25736052a
                      callDirection: INBOUND
                      startedAt: '2025-02-11T01:04:32.737Z'
                      isTest: false
                      participants:
                        - role: AGENT
        '400':
          $ref: '#/components/responses/BadRequest'
        '401':
          $ref: '#/components/responses/Unauthorized'
        '429':
          $ref: '#/components/responses/TooManyRequests'
        4XX:
          $ref: '#/components/responses/ClientError'
        5XX:
          $ref: '#/components/responses/ServerError'
        default:
          $ref: '#/components/responses/UnexpectedStatus'

  /v1/vapi/call:
""",
        ),
        (
            "\n    Call:\n",
            """
    CallResponse:
      description: The call that was asked for
      x-source: documented
      type: object
      required: [data]
      properties:
        data:
          description: A call as Roark holds it
          x-source: documented
          $ref: '#/components/schemas/Call'

    Call:
""",
        ),
        ("\n  - name: Integrations\n", "\n  - name: Calls\n    description: Look calls up.\n  - name: Integrations\n"),
    ],
    f"{OPERATIONS}/get_call.py": [
        (
            "",
            '''"""`getCall`: a call, by its id."""

from uuid import UUID

from roark_mock.checked_strings import DateTime
from roark_mock.operation import MockOperation, RequestContext
from roark_mock.operations.create_call_analysis import Call, CallDirection, Participant, ParticipantRole
from roark_mock.wire import Wire


class Asked(Wire):
    """The call that is asked for."""

    id: UUID


class CallResponse(Wire):
    """The call that was asked for."""

    data: Call


def _answer(context: RequestContext[None, Asked]) -> CallResponse:
    call = Call(
        id=context.parameters.id,
        status="ENDED",
        summary=None,
        call_direction=CallDirection("INBOUND"),
        started_at=DateTime("2025-02-11T01:04:32.737Z"),
        ended_at=None,
        duration_ms=None,
        ended_reason=None,
        is_test=False,
        participants=(Participant(role=ParticipantRole("AGENT")), Participant(role=ParticipantRole("CUSTOMER"))),
    )
    return CallResponse(data=call)


OPERATION = MockOperation(name="getCall", method="GET", path="/v1/call/{id}", parameters=Asked, answer=_answer)
''',
        )
    ],
    TWIN: [
        (
            "\nINTENDED_IN_REPLIES = {\n",
            """
INTENDED_IN_REPLIES = {
    "GET /v1/call/{id}": (
        Intended(
            "/data",
            "required",
            _REQUIRED,
            sorted([*_REQUIRED, "durationMs", "endedAt", "endedReason", "status", "summary"]),
            _SENT,
        ),
        Intended("/data/participants", "minItems", None, 2, _TWO),
        Intended("/data/participants", "maxItems", None, 2, _TWO),
    ),
""",
        )
    ],
}
OPERATION_IN_THE_EVIDENCE: Recipe = {
    f"{DOCUMENTS}/get-call.request.sh": [
        (
            "",
            """curl --request GET \\
--url https://api.roark.ai/v1/call/{id} \\
--header 'Authorization: Bearer <token>'
""",
        )
    ],
    f"{DOCUMENTS}/get-call.reply.json": [
        (
            "",
            """{
"data": {
"id": "<string>",
"callDirection": "INBOUND",
"startedAt": "2025-02-11T01:04:32.737Z",
"isTest": false,
"participants": [
{
"role": "AGENT"
}
]
}
}
""",
        )
    ],
}

# Each change, its evidence, and how many files it may take beside that.
RECIPES = {
    "a field of a reply": (FIELD_OF_A_REPLY, FIELD_IN_THE_EVIDENCE, 3),
    "an operation": (OPERATION, OPERATION_IN_THE_EVIDENCE, 4),
}


def follow(recipe: Recipe, checkout: Path) -> None:
    """Do to a checkout what a recipe says."""
    for file, replaced in recipe.items():
        path = checkout / file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for old, new in replaced:
            assert text.count(old) == 1, f"{file} has moved on; this recipe is none any more"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")


@pytest.mark.nightly
@pytest.mark.parametrize("name", RECIPES)
def test_recipe_is_all_that_a_change_takes(name: str, tmp_path: Path) -> None:
    """After a recipe's edits the client is written, and all parties agree, by whichever way they are looked at."""
    recipe, evidence, files = RECIPES[name]
    assert len(recipe) <= files
    checkout = copied_checkout(tmp_path)
    follow(recipe | evidence, checkout)
    written = generate(checkout)
    assert written.returncode == 0, written.stdout + written.stderr
    agreed = drift("--strict", checkout=checkout)
    assert agreed.returncode == 0, agreed.stdout + agreed.stderr
