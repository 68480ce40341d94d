"""Which field says that a deal is not in the account's currency: by its name, and by codes and signs in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connector.first_run.fields import ENOUGH, written
from connector.first_run.seen import Proposal, Seen
from connector.kpi.text import Text
from connector.money import currency_meant
from connector.provider import Field

CODES = frozenset(
    {
        "RUB", "USD", "EUR", "CNY", "GBP", "KZT", "BYN", "UAH", "KGS", "UZS", "AMD", "AZN", "GEL", "TJS", "TMT",
        "MDL", "TRY", "AED", "ILS", "INR", "JPY", "KRW", "CHF", "PLN", "CZK", "SEK", "NOK", "HKD", "SGD", "THB", "VND",
        "CAD", "AUD", "BRL", "MXN", "RSD", "BGN", "HUF", "MNT", "SAR", "EGP",
    }
)  # fmt: skip
"""Codes that are taken for currencies whatever the field is called; any three letters are where its name says so."""
SIGNS = frozenset("$¥")
"""Of several currencies: other signs are read as the code that they mean."""
_WORDS = ("РУБ", "ДОЛЛ", "ЕВРО", "ЮАН", "ТЕНГЕ", "ГРИВ", "ФУНТ", "DOLLAR", "EURO", "ROUBLE", "RUBLE", "YUAN", "POUND")
_NAMES = ("валют", "currency")
_OTHER = ("курс", "rate", "сумма", "amount")


@dataclass(frozen=True, slots=True)
class _Found:
    field: Field
    values: Counter[str]
    named: bool

    @property
    def coded(self) -> int:
        """Deals whose value is a code or a sign."""
        return sum(n for word, n in self.values.items() if _code(word, self.named) or word in SIGNS)

    @property
    def fits(self) -> bool:
        """A name alone is not enough: «Валютный контроль» says yes or no, and deals in NO would be in no sum."""
        if self.named:
            words = sum(n for word, n in self.values.items() if any(sign in word for sign in _WORDS))
            return 0 < self.values.total() <= 2 * (self.coded + words)
        return self.coded >= max(ENOUGH, self.values.total() * 0.9)


def currencies(seen: Seen) -> Iterator[Proposal]:
    """The best field, named first; where the CRM itself gives deals in several currencies, what that takes."""
    own = Counter(deal.currency for deal in seen.deals if deal.currency)
    if len(own) > 1:
        yield _several(own, told="rate" in seen.kinds)
        return
    found = [one for one in (_found(field, seen) for field in seen.fields) if one.fits]
    found.sort(key=lambda one: (not one.named, -one.coded, one.field.name))
    if found:
        account = next(iter(own), "")
        best = found[0]
        others = [word for word, _ in best.values.most_common() if word != account]
        codes = [word for word in others if _code(word, best.named)]
        then = _rates(codes) if codes and "rate" not in seen.kinds else None
        other = next(word for word in (*others, "USD", "EUR") if word != account)
        no = _declined(best, other, account)
        sure = all(_code(word, best.named) for word in best.values)
        why = _why(best, len(seen.deals))
        yield Proposal("currency_field", best.field.name, why, sure, _lines(found), declined=no, then=then)


def _several(own: Counter[str], *, told: bool) -> Proposal:
    """`told`: the CRM has rates, which are those of the day on which they are read."""
    counts = ", ".join(f"{code}: {n}" for code, n in own.most_common(6))
    then = _rates([code for code, _ in own.most_common()[1:]])
    if told:
        then = Text(
            f"{then.ru}; CRM сообщает курс на день чтения, прошлые дни за вами",
            f"{then.en}; the CRM tells the rate of the day on which it is read, earlier days are yours",
        )
    return Proposal("", None, Text(f"сделки в валютах ({counts})", f"deals are in currencies ({counts})"), then=then)


def _found(field: Field, seen: Seen) -> _Found:
    name = field.name.casefold()
    named = any(sign in name for sign in _NAMES) and not any(sign in name for sign in _OTHER)
    return _Found(field, Counter(currency_meant(word) for word in written(field, seen.deals)), named)


def _code(word: str, named: bool) -> bool:
    """Any three letters where the field's name says what they are."""
    return word in CODES or (named and len(word) == 3 and word.isascii() and word.isalpha())


def _why(best: _Found, of: int) -> Text:
    told = ", ".join(f"{word}: {n}" for word, n in best.values.most_common(6))
    n = best.values.total()
    return Text(f"заполнено {n} из {of} сделок ({told})", f"filled in {n} of {of} deals ({told})")


def _declined(best: _Found, other: str, account: str) -> Text:
    """With the numbers at stake, in the account's own currency where it is known."""
    n = best.values.total() - best.values[account]
    name = best.field.name
    return Text(
        f"без currency_field все сделки считаются в валюте аккаунта: 1000 {other} станут 1000 {account}".rstrip()
        + f" (в поле «{name}» другая валюта у {n} из {best.values.total()})",
        f"without currency_field all deals count in the account's currency: 1000 {other} become 1000 {account}".rstrip()
        + f" (“{name}” names another one in {n} of {best.values.total()})",
    )


def _rates(others: Sequence[str]) -> Text:
    words = ", ".join(others[:6])
    return Text(
        f"курсы ({words}): [account.rates], [account.rates_from] или kpi rates import; без них сделок нет в суммах",
        f"rates ({words}): [account.rates], [account.rates_from] or kpi rates import; without them these deals are in"
        " no sum",
    )


def _lines(found: Sequence[_Found]) -> tuple[Text, ...]:
    """Values without a rate, and other fields that might be meant."""
    best = found[0]
    words = ", ".join(sorted(word for word in best.values if not _code(word, best.named)))
    signs = Text(
        f"не коды валют: {words}; по ним нет курса, такие сделки не войдут в суммы, пока в CRM не будет кода вроде USD",
        f"no currency codes: {words}; they have no rate, such deals are in no sum until the CRM has a code like USD",
    )
    rest = tuple(Text(f"ещё подходит: {one.field.name}", f"fits too: {one.field.name}") for one in found[1:4])
    return (*((signs,) if words else ()), *rest)
