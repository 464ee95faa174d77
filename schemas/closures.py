"""Why a branch does not open on a date, as people read it."""

from schemas.fields import Texts

CLOSURES: dict[str, Texts] = {
    "weekly_rest": Texts(kk="Демалыс күні", ru="Выходной день", en="Day off"),
    "holiday": Texts(kk="Мереке күні", ru="Праздничный день", en="Public holiday"),
    "regime": Texts(
        kk="Қолданыстағы режим бойынша жабық",
        ru="Закрыто по действующему режиму",
        en="Closed under the regime in force",
    ),
    "manager": Texts(
        kk="Бөлім басшысының шешімімен жабық",
        ru="Закрыто по решению руководителя отдела",
        en="Closed by the head of the branch",
    ),
}
"""Reason -> its text; a special day has a text of its own."""
