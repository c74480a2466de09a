"""The words people read for the rubric's ids, on page and terminal alike: one place for each."""

from __future__ import annotations

from mock_interviewer.core.rubric import (
    Disqualifier,
    Gate,
    Noted,
    Principle,
    Signal,
    Stage,
    Status,
    Verdict,
    Weakness,
    Why,
)

STAGE_LETTERS = {
    Stage.SITUATION: "S",
    Stage.TASK: "T",
    Stage.ACTION: "A",
    Stage.RESULT: "R",
    Stage.REFLECTION: "L",
    Stage.NONE: "·",
}
"""L for the lesson: a second R would say result."""

STATUS_WORDS = {
    Status.MISSING: "missing",
    Status.SHORT: "short, and something is missing in it",
    Status.ON_TARGET: "within the target",
    Status.OVER_TARGET: "over the target",
    Status.OVER_LIMIT: "over the limit",
}

VERDICT_WORDS = {
    Verdict.NO_HIRE: "no hire",
    Verdict.LEAN_NO_HIRE: "leaning no hire",
    Verdict.LEAN_HIRE: "leaning hire",
    Verdict.HIRE: "hire",
    Verdict.STRONG_HIRE: "strong hire",
}

SIGNAL_WORDS = {
    Signal.SELF_INITIATED: "you saw it yourself",
    Signal.STAKES: "why it mattered",
    Signal.SCOPE_BOUNDARY: "it was not your job",
    Signal.GOAL_STATED: "your own aim",
    Signal.INDIVIDUAL_ACTIONS: "what you did with your own hands",
    Signal.METRIC_DELTA: "a number that moved",
    Signal.BUSINESS_IMPACT: "what it was worth to people",
    Signal.SECOND_ORDER_EFFECT: "what outlived it",
    Signal.SPECIFIC_INSIGHT: "a lesson of this story only",
    Signal.SYSTEMIC_INSIGHT: "the gap in the system",
}

FAULT_WORDS: dict[str, str] = {
    Disqualifier.ASSIGNED: "somebody else started it",
    Disqualifier.HANDED_OFF: "it was passed on, not owned",
    Disqualifier.COLLECTIVE_DECISION: "the decision had no owner",
    Weakness.WE_DILUTION: "'we' stands where 'I' should",
    Weakness.VAGUE_RESULT: "the result cannot be checked",
    Weakness.UNQUANTIFIED: "no number in the result",
    Weakness.GENERIC_REFLECTION: "the lesson could come from any story",
    Weakness.LONG_SITUATION: "the situation runs over 45 seconds",
    Weakness.MISSING_STAGES: "left out",
}

NOTED_WORDS = {
    Noted.INFLUENCE: "moved people without authority",
    Noted.TRADE_OFF: "weighed two ways",
    Noted.OWNED_FAILURE: "owned a mistake",
    Noted.BLAMES_OTHERS: "blames others",
    Noted.OFF_QUESTION: "does not answer the question",
}

RULE_WORDS: dict[str, str] = {
    "disqualifier:assigned": "Somebody else started it; this question asks for your own start.",
    "disqualifier:handed_off": "You passed it on; this question asks for what you carried through.",
    "disqualifier:collective_decision": "The key decision has no owner.",
    "start:hire": "A solid story starts at hire.",
    "start:strong_hire": "Something outlived your work and you named the gap in the system: "
    "such a story starts at strong hire.",
    "cap:no_individual_actions": "Fewer than three concrete things that you did yourself.",
    "cap:we_dilution": "Your actions are told mostly with 'we'.",
    "cap:vague_result": "The result holds nothing that can be checked.",
    "cap:missing_stages": "A part of the story is missing.",
    "cap:unquantified": "There is no number in the result.",
    "cap:no_systemic_insight": "At senior level the lesson must name a gap in the system.",
    "cap:generic_reflection": "The lesson could come from any story.",
    "cap:no_scope_boundary": "You did not say outright that this was not your job.",
    "step:long_situation": "The situation runs over 45 seconds: one step down.",
    "gate:no_story": "This tells no single past episode.",
}

GATE_WORDS = {
    Gate.NO_STORY: "This is not yet a story: it tells what you think or usually do. Choose one "
    "day when it happened, and begin with 'Last spring, at ..., I noticed ...'.",
    Gate.NOT_ENOUGH_HEARD: "Too little was heard clearly to judge it; nothing is held against "
    "you. Correct the text with 'replay SESSION --edit', type the answer with "
    "'interview --typed', or use a Whisper model with --model.",
}

WHY_WORDS = {
    Why.SOLID: "concrete, and your own",
    Why.HANDED_OFF: "it was passed on, not owned",
    Why.ASSIGNED: "somebody else started it",
    Why.COLLECTIVE_DECISION: "the decision had no owner",
    Why.GENERIC_REFLECTION: "the lesson could come from any story",
    Why.VAGUE: "general words, nothing that could be checked",
    Why.UNQUANTIFIED: "no number, and no way of getting one",
    Why.OFF_TOPIC: "it does not answer the question",
    Why.TOO_SHORT: "too short to show anything",
}

LEAD_WITH = {
    Principle.OWNERSHIP: "what you began unasked and carried to the end",
    Principle.DELIVER_RESULTS: "what came out of it",
    Principle.LEARN_AND_BE_CURIOUS: "what it taught you about how things are set up",
    Principle.FAILURE_AND_RESILIENCE: "what went wrong, and your part in it",
    Principle.CONFLICT: "the disagreement, and the other side's reason",
    Principle.LEADERSHIP: "the decision that was yours",
    Principle.TEAMWORK: "what you all were after",
    Principle.CUSTOMER_FOCUS: "the customer's trouble, in the customer's words",
}
"""rubric: Principles, 'lead with'."""


def clock(seconds: float) -> str:
    """Minutes and seconds.

    >>> clock(75.4)
    '1:15'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
