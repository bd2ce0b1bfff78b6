"""What an interviewer does not say, sentence by sentence: praise, verdicts, summaries, talk about the rules."""

import re

_FAULTS = {
    "praise": r"""^(?:ok(?:ay)?,?\s+|and\s+|so\s+)?(?:great|good|nice|excellent|perfect|awesome|brilliant|love(?:ly)?|
        impressive|well\s+done|solid|strong|smart|fantastic|wonderful|super)\b(?!\s+(?:to\s+have|morning|afternoon|evening))
        |\b(?:great|good|nice|excellent|solid|strong|clear|thoughtful|thorough|sharp|fair|valid|useful|sensible|reasonable)
        \s+(?:point|answer|thinking|start|approach|job|work|call|catch|question|instinct|plan|move|idea|summary|list|stuff)\b
        |\b(?:i\s+like\s+(?:that|how|your)|i\s+appreciate|impressive|that'?s\s+(?:great|good|helpful|useful|fair|solid))\b
        |\bthank(?:s|\s+you)\s+for\s+(?:that|the|your|walking|sharing|laying|explaining)\b""",
    "verdict": r"""\b(?:that'?s|you(?:'re|\s+are)|this\s+is|which\s+is)\s+(?:\w+\s+){0,2}(?:right|correct|wrong|
        incorrect|true|spot\s+on|on\s+(?:the\s+)?(?:right\s+)?track|off|mistaken)\b
        |^(?:yes|yep|right|exactly|correct|indeed|precisely|absolutely|agreed|makes\s+sense|fair\s+enough|sure\s+thing|no)
        \s*(?:[,.!]|$)|\b(?:i\s+agree|i\s+disagree|makes\s+sense|not\s+quite|spot\s+on|you\s+missed|you\s+forgot|
        you\s+(?:haven'?t|have\s+not)\s+(?:mentioned|covered|said|considered))\b
        |^interesting\b""",
    "summary": r"""\b(?:to\s+summari[sz]e|in\s+summary|so\s+far,?\s+you(?:'ve|\s+have)|so,?\s+you(?:'d|\s+would|'ve|
        \s+have)\s+(?!.*\?)|you(?:'ve|\s+have)\s+(?:covered|mentioned|listed|outlined|laid\s+out|described)\b.{40,})""",
    "rules": r"""\b(?:my\s+(?:instructions|prompt|rules|guidelines)|system\s+prompt|marking\s+guide|answer\s+key|rubric|
        as\s+an?\s+(?:ai|language\s+model|assistant)|the\s+move\b)""",
    "suggestion": r"""\b(?:have\s+you\s+(?:considered|thought\s+(?:of|about))|what\s+about\s+(?:checking|looking|using)|
        you\s+(?:should|could|might\s+want\s+to)\s+(?:check|look|consider|try|use|also)|a\s+good\s+(?:candidate|answer))\b""",
}
_PATTERNS = {name: re.compile(pattern, re.IGNORECASE | re.VERBOSE) for name, pattern in _FAULTS.items()}


def find_fault(sentence: str) -> str:
    """What an interviewer should not do and this sentence does (`praise`, `verdict`, ...); empty when nothing.

    >>> find_fault("Great, that is a good start.")
    'praise'
    >>> find_fault("You mentioned the gateway. "), find_fault("Which number would tell you?")
    ('', '')
    """
    plain = sentence.strip().replace("’", "'")
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(plain)), "")
