"""What is answered without the model: words that mean nothing by themselves, single letters, texts that are all copied. Pure text.

The French of the short words is our own, by hand; a letter is its own translation.
"""

import re

from playground.tasks.carried import KIND_OF
from playground.tasks.source_text import SourceText

# One line a French answer; the English words that get it.
_LIST = """
un, une: a an
le, la, les: the
de: of
à: to at
et: and
ou: or
mais: but
donc: so
car: for
parce que: because
si: if
que: that than
comme: as like
avec: with
sans: without
dans: in into inside
sur: on upon onto
sous: under below
par: by
depuis: since
pendant: during while
vers: towards toward
chez, à: at
entre: between among
contre: against
avant: before
après: after
jusqu'à: until till
hors de: out
je: i
tu, vous: you
il: he
elle: she
il, elle, cela: it
nous: we us
ils, elles: they
moi, me: me
lui: him
elle, la: her
eux, elles: them
mon, ma, mes: my
ton, votre: your
son, sa, ses: his its
notre, nos: our
leur, leurs: their
le mien, la mienne: mine
le tien, le vôtre: yours
ce, cet, cette: this
ces: these those
qui: who whom
quoi, que: what
quel, quelle: which
où: where
quand: when
pourquoi: why
comment: how
est: is
suis: am
sont: are
était: was
étaient: were
être: be
a: has
avoir: have
avait: had
fait: does did
faire: do
peut: can
pourrait: could
devrait: should
doit: must
va: will
ne … pas: not
non: no nor
oui: yes
ici: here
là: there
très: very
aussi: also too
plus: more
moins: less
tout: all
quelques: some
chaque: each every
autre: other
même: same
soi-même: oneself
loin: off
en haut: up
en bas: down
de: from
à propos de: about
"""
FRAGMENTS = {
    word: french for line in reversed(_LIST.strip().split("\n")) for french, _, words in [line.partition(": ")] for word in words.split()
}
_ALONE = re.compile(r"^(\W*)([^\W\d_]+)(\W*)$")


def by_rule(source: SourceText) -> str:
    """The French of a text that needs no model, slots and marks as in what is read; "" where the model has to answer."""
    read = source.read.strip()
    rest = "".join(c for c in read if c not in KIND_OF)
    if not any(c.isalpha() for c in rest):
        return read
    match = _ALONE.match(read)
    if not match or any(c in KIND_OF for c in read):
        return ""
    before, word, after = match.groups()
    if len(word) == 1 and word.lower() not in ("a", "i"):
        return read
    if after.strip() in ("!", "?") and word.lower() not in ("a", "an", "the", "of"):
        return ""  # "What?" and "You!" are said by people
    french = FRAGMENTS.get(word.lower(), "")
    if not french:
        return ""
    return before + (french[0].upper() + french[1:] if word[0].isupper() and word != "I" else french) + after
