"""The patterns of what a translator copies, as one expression: which of them a part of a text is, and in what order they are tried."""

import re
from collections.abc import Iterator

from playground.tasks.french_forms import CURRENCIES

MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)  # fmt: skip
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,.]*\d)|\d+\.\d+(?!\.?\d)|\d+)"
_NTH = r"(?:[12]\d|3[01]|[1-9])(?:st|nd|rd|th)?"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_UNITS = r"km/h|m/s|k[gmWBV]|[mcd]?m[²³23]?|[mc]g|[mcd]?[lL]|g|[kMG]Hz|Hz|[MGTk]i?B|W|V|min|ms|px|dpi|°\s?[CF]?"
_DOMAINS = r"(?:com|org|net|edu|gov|fr|uk|de|eu|io|ch|be|ca|info|es|it|nl|us|dev|app|ai|co)"
_FILES = (
    "(?:py|js|ts|txt|csv|pdf|zip|tar|gz|sh|md|json|ya?ml|toml|html?|css|xml|png|jpe?g|gif|mp[34]|docx?|xlsx?|pptx?|exe|dll|ini|cfg"
    "|conf|log|php|rb|rs|java|cpp|sql|deb|iso|so)"
)  # fmt: skip
_ADDRESS = r"[^\s<>\"“”«»]*[\w/=#&%+~-]"
_CLOCK = r"(?P<minute>[0-5]\d)(?!\d|[:.,]\d|%)\s?(?P<half>[aApP])\.?\s?[mM]\b(?:\.(?=\s+[a-z]|\S|\s*$)(?!\s*$))?"
_SCALE = r"(?:\s?(?P<scale>thousand|million|billion|trillion)\b)?"
_AREA = r"(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,5}\)[ .-]?)?"
_EMOJI = (
    r"(?:[\U0001F1E6-\U0001F1FF]{2}|[#*0-9]\uFE0F?\u20E3|"
    r"[\U0001F000-\U0001FAFF\u2190-\u21FF\u2300-\u27BF\u2900-\u29FF\u2B00-\u2BFF\u3030\u303D]"
    r"[\U0001F3FB-\U0001F3FF\uFE0E\uFE0F\u200D\U0001F000-\U0001FAFF\u2640\u2642\u2600-\u27BF\U000E0020-\U000E007F]*)"
)
# The first that fits at a place is taken; what stands together in a line is one rule's alternatives.
_RULES: dict[str, tuple[str, ...]] = {
    "code": (r"``[^`\n]+``", r"`[^`\n]+`"),
    "tag": (r"</?[A-Za-z][^<>\n]*>", r"<!--.*?-->", r"<%[^%]*%>", r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]{2,8});"),
    "url": (rf"(?:https?|ftp|file|mailto)://?{_ADDRESS}", rf"\bwww\.{_ADDRESS}"),
    "email": (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",),
    "site": (rf"\b[\w-]+(?:\.[\w-]+)*\.{_DOMAINS}\b(?:/{_ADDRESS})?(?!\.\w)",),
    "placeholder": (
        r"\{\{[^{}\n]*\}\}", r"[$%#]?\{[^{}\n]*\}", r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[sdifrx]", r"%\d+\$[sd]", r"(?<![\d\s])%\d\b",
        r"(?<![\w%])%[sdifrxc]\b", r"(?<!\w)%-?\d*\.?\d+[dfsx]\b", r"(?<![\w%])%\d(?!\d)", r"\$[A-Za-z_]\w*(?:\.\w+)*", r"%[A-Za-z_]+%",
        r"(?<![\w.])[@#][A-Za-z_]\w+",
    ),
    "path": (
        r"\b[A-Za-z]:\\[^\s\"<>|,;]*[^\s\"<>|,;.:!?)]", r"(?<![\w/.<])(?:~|\.{1,2})?/(?:[\w.+-]+/)*[\w.+-]*\w/?(?!\w)", r"\\\w+(?:\\\w+)+",
    ),
    "file": (rf"\b[\w-]+(?:\.[\w-]+)*\.{_FILES}\b(?!\.\w)",),
    "identifier": (
        r"\b[A-Za-z]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)*\(\)", r"\b\w+::\w[\w:]*", r"\b[A-Za-z0-9]*_\w+\b",
        r"(?<!\w)--?[a-z][\w-]*(?:=\S*\w)?\b",
        r"\b(?:Ctrl|Alt|Shift|Cmd|Option|Fn|Maj|Esc|Enter|Super)(?:\s?\+\s?[\w↑↓←→]+)+", r"\b[A-Za-z]\w{0,5}(?:\+\+|#)(?!\w)",
        r"\b[A-Z]{1,3}&[A-Z]{1,3}\b",
    ),
    "date": (
        r"\b\d{1,2}:\d\d:\d\d\b", r"\b\d{4}-\d{1,2}-\d{1,2}(?:T[\d:.]+Z?)?\b",
        r"\b\d{1,2}(?P<dot>[./-])\d{1,2}(?P=dot)\d{2,4}\b(?![.-]?\d)", r"\b\d{4}/\d{1,2}/\d{1,2}\b",
    ),
    "day": (
        rf"\b(?:(?P<weekday>{_DAYS}),? (?:the )?)?(?P<day>{_NTH})(?: of)? (?P<month>{MONTHS})\b(?:,? (?P<year>\d{{4}})\b)?(?!\.?\d)",
        rf"\b(?:(?P<weekday2>{_DAYS}),? )?(?P<month2>{MONTHS})\.? (?:the )?(?P<day2>{_NTH})\b(?:,? (?P<year2>\d{{4}})\b)?(?![:.]?\d)",
    ),
    "time": (
        rf"\b(?P<hour>[01]?\d|2[0-4])[:.]{_CLOCK}",
        r"\b(?P<hour2>1[0-2]|[1-9])\s?(?P<half2>[aApP])(?:\.\s?[mM]\b(?:\.(?=\s+[a-z]|[,;:]))?|[mM]\b)",
        r"\b(?P<hour3>[01]?\d|2[0-4]):(?P<minute3>[0-5]\d)(?![\d:])",
    ),
    "price": (
        rf"(?:(?<!\w)(?:US|C|CA|A|AU))?(?P<sign>[{CURRENCIES}])\s?(?P<amount>{NUMBER}){_SCALE}",
        rf"(?<![\w.,])(?P<amount2>{NUMBER})\s?(?P<sign2>[{CURRENCIES}])",
    ),
    "phone": (
        rf"(?<![\w.,])(?=(?:[^\d\n]{{0,2}}\d){{7}}){_AREA}\d{{1,6}}(?:(?:[ -]\d{{2,8}})+|(?:\.\d{{2,8}}){{2,}})(?!\w|[.,]\d)",
        r"(?<!\w)\+\d{6,}\b",
    ),
    "range": (r"(?<![\w.,])\d+[-–]\d+(?![\w-]|[.,]\d)",),
    "version": (r"\bv?\d+(?:\.\d+){2,}[\w-]*", r"\bv\d+(?:\.\d+)*\b", r"\b\d+\.\d*x\b"),
    "fraction": (r"(?<![\w/])\d+/\d+(?![\w/])", r"[½¼¾⅓⅔⅛⅜⅝⅞]", r"\d+\s?[½¼¾⅓⅔⅛⅜⅝⅞]"),
    "percent": (rf"(?<![\w.,])(?P<share>[-−+]?{NUMBER})\s?%(?!\w)",),
    "decade": (r"\b(?P<decade>1\d\d0|20\d0)'?s\b",),
    "ordinal": (r"\b(?P<nth>\d+)(?:st|nd|rd|th)\b",),
    "measure": (rf"(?<![\w.,])(?P<measured>[-−+]?{NUMBER})\s?(?P<unit>{_UNITS})(?![\w/'])",),
    "alnum": (r"(?<![\w.-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![\w-])",),
    "bracket": (r"\[\d+\]",),
    "number": (rf"(?<![\w.,])(?P<value>[-−+]?{NUMBER})(?![\w])",),
    "digits": (r"\d+",),
    "emoji": (rf"(?:{_EMOJI})+",),
    "mark": (
        r"\*{1,3}", r"~~", r"[\[\]{}<>|\\^_=@#*•·†‡§¶©®™¢¤¬±×÷µ¿¡¦¯´¸¨]", r"(?<!\w)[+%$€£¥~](?!\w)", r"==+", r"->", r"=>",
        r"[\uE000-\uF8FF]",
    ),
}  # fmt: skip
_SCAN = re.compile("|".join(f"(?P<is_{name}>{'|'.join(some)})" for name, some in _RULES.items()))


def found(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """(name of the rule, match) of what is copied in `text`, in order, none overlapping."""
    for match in _SCAN.finditer(text):
        yield next(key[3:] for key, value in match.groupdict().items() if value is not None and key.startswith("is_")), match
