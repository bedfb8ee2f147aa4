"""The French of short English words that mean something by themselves: what is said alone, or quoted. Ours, by hand. Pure data."""

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
bonjour: hello
salut: hi
merci: thanks
au revoir: goodbye bye
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
SHORT_WORDS = {
    word: french for line in reversed(_LIST.strip().split("\n")) for french, _, words in [line.partition(": ")] for word in words.split()
}
