"""A hosted model, asked over the network for comparison. Requests and answers; knows no address and no key."""

from dataclasses import dataclass
from typing import ClassVar

from playground.tasks.learn.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_flag, check_number, check_text, check_whole

UNSET = (
    "No hosted model is set up here. Whoever runs this page sets PLAYGROUND_OPENAI_BASE_URL (for OpenAI https://api.openai.com/v1), "
    "PLAYGROUND_OPENAI_MODEL and the key in OPENAI_API_KEY, and starts it again."
)


@dataclass(frozen=True)
class Hosted:
    """What has come so far: cumulative, `finished` on the last one. Times in seconds since the request was sent.

    `pieces` counts the parts it came in (about tokens); `stopped` is the provider's own word: "stop", "length", ….
    """

    model: str
    text: str
    pieces: int
    seconds: float
    first_piece_seconds: float
    finished: bool
    stopped: str = ""


@dataclass(frozen=True)
class HostedRequest(Request[Hosted]):
    """One user's message. `only_check`: only whether an address and a key are set; nothing is sent, and the answer is empty.

    Every answer costs the host money, so it is kept short.
    """

    prompt: str
    temperature: float = 0.7
    max_new_tokens: int = 128
    only_check: bool = False
    room: ClassVar[str] = "hosted"
    cacheable: ClassVar[bool] = False

    def check(self) -> None:
        check_text(self.prompt, "The prompt", LIMITS.hosted_characters)
        check_number(self.temperature, "Temperature", 0.0, 2.0)
        check_flag(self.only_check, "Only check")
        check_whole(self.max_new_tokens, "Max new tokens", 1, LIMITS.hosted_tokens)
