"""What people type at a kiosk, and the service that must come first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.contract.http_client import HERE

if TYPE_CHECKING:
    from tests.browser.stage import Stage

MEANT: Final[dict[str, str]] = {
    "passport": (
        "паспорт, пасспорт, паспрот, загранпаспорт, заграничный паспорт, zagranpasport, "
        "төлқұжат, толкужат, tolkuzhat, passport, gfcgjhn, "
        "потирял паспорт, lost passport"
    ),
    "identity-card": (
        "удостоверение, удостоверение личности, удоставерение, udostoverenie, eljcnjdthtybt, "
        "куәлік, куалик, kualik, жеке куәлік, identity card, айди, id, "
        "потерял удостоверение, удостоверение 16 лет"
    ),
    "old-age-pension": "пенсия, пенсию, пинсия, pensiya, зейнетақы, zeinetaky, pension, gtycbz",
    "digital-signature": "эцп, ecp, эцқ, электронная подпись, электрондық қолтаңба, ecp kluch",
    "address-registration": "прописка, ghjgbcrf, тіркелу",
    "address-certificate": "адрес, адресная справка, мекенжай анықтамасы",
    "driving-licence-replacement": (
        "права, водительские права, жүргізуші куәлігі, license, утеря прав, "
        "obmen prav, международные права, zhurgizushi kualigi"
    ),
    "vehicle-registration": "машина, көлік, car, переоформить машину, көлікті тіркеу",
    "number-plates": "номера, госномер",
    "vehicle-certificate-duplicate": "техпаспорт, техпаспорт потерял",
    "birth-registration": "рождение, родился ребенок, туу, birth, туылу",
    "birth-certificate-again": "свидетельство о рождении",
    "marriage-registration": "брак, свадьба, загс, неке, некеге тұру, marriage, жұбай, жұбайым",
    "marriage-certificate-again": "неке куәлігі, свидетельство о браке",
    "divorce-registration": "развод, ажырасу, hfpdjl",
    "death-registration": "смерть",
    "sole-proprietor-registration": "ип, открыть ип, кәсіпкер",
    "sole-proprietor-closure": "закрыть ип",
    "no-criminal-record": "судимость, справка о несудимости, соттылық, сотталмағандығы",
    "disability-benefit": "пенсия по инвалидности",
    "disability-assessment": "инвалидность, мүгедектік",
    "child-care-benefit": "декрет",
    "kindergarten-queue": "садик, детсад, балабақша, ltncfl",
    "first-grade-enrolment": "школа, мектеп, мектепке жазу",
    "clinic-attachment": "поликлиника, емхана",
    "name-change-registration": "фамилия, поменять фамилию",
    "residence-permit": "внж, вид на жительство",
    "identity-document-pickup": "готовый паспорт",
    "temporary-identity-card": "временное удостоверение",
    "pension-savings-statement": "пенсионные накопления",
    "vehicle-deregistration": "снять машину с учета, продал машину",
    "address-deregistration": "выписаться",
    "temporary-address-registration": "propiska vremennaya, uaqytsha tirkeu",
    "legal-entity-registration": "тоо, открыть ооо",
    "archive-certificate": "мұрағат",
    "marital-capacity-certificate": "добрачная справка",
    "guardianship": "усыновление",
    "housing-queue": "баспана",
    "permanent-departure": "пмж",
    "technical-aids": "инвалидная коляска",
    "technical-passport": "техпаспорт дома",
}
FIRST = """async ({ services, categories, typed }) => {
  const { search } = await import("/kiosk/search.js");
  return Object.fromEntries(typed.map((one) => [one, search(one, services, categories)[0]?.code]));
}"""


async def test_what_is_meant_comes_first_in_every_order_of_the_list(stage: Stage) -> None:
    meant = {typed: code for code, all_ in MEANT.items() for typed in all_.split(", ")}
    page = await stage.open("")
    for language in ("kk", "ru"):
        shown = await stage.client.get(f"{HERE}/kiosk", "kiosk", Accept_Language=language)
        found = await page.evaluate(
            FIRST,
            {
                "services": shown.body["services"],
                "categories": {one["code"]: one["name"] for one in shown.body["categories"]},
                "typed": list(meant),
            },
        )
        assert {typed: code for typed, code in found.items() if code != meant[typed]} == {}


async def test_what_is_not_to_be_had_finds_nothing_and_what_is_said_plainly_little(
    stage: Stage,
) -> None:
    page = await stage.open("")
    body = (await stage.client.get(f"{HERE}/kiosk", "kiosk")).body
    categories = {one["code"]: one["name"] for one in body["categories"]}
    typed = ["военный билет", "виза", "охота", "birth", "смерть"]
    wanted = {"services": body["services"], "categories": categories, "typed": typed}
    assert await page.evaluate(HOW_MANY, wanted) == [0, 0, 0, 3, 2]


HOW_MANY = """async ({ services, categories, typed }) => {
  const { search } = await import("/kiosk/search.js");
  return typed.map((one) => search(one, services, categories).length);
}"""


async def test_every_service_that_is_meant_is_in_the_catalogue(stage: Stage) -> None:
    page = await stage.open("")
    codes = await page.evaluate(
        "async () => Object.keys((await import('/kiosk/words.js')).MEANT_FIRST)"
    )
    services = {one["code"] for one in (await stage.client.get("/v1/services")).body["services"]}
    assert set(codes) - services == set()


async def test_every_service_is_found_by_its_own_name(stage: Stage) -> None:
    page = await stage.open("")
    body = (await stage.client.get(f"{HERE}/kiosk", "kiosk")).body
    for language in ("kk", "ru", "en"):
        names = {one["name"][language]: one["code"] for one in body["services"]}
        wanted = {"services": body["services"], "categories": {}, "typed": list(names)}
        assert await page.evaluate(FIRST, wanted) == names
