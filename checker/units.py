"""Units of public figures: what each is called, what kind it is, and its factor to the kind's base unit."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CURRENCIES", "UNITS", "Unit"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its base name and kind; `factor` turns a figure into the base unit."""

    name: str
    kind: str
    factor: float = 1.0


def _table(kind: str, base: str, entries: str) -> dict[str, Unit]:
    """Units from `word word=factor` entries; a word without a factor is the base unit."""
    table = {}
    for entry in entries.split():
        word, _, factor = entry.partition("=")
        table[word.replace("_", " ")] = Unit(base, kind, float(factor or 1))
    return table


UNITS: dict[str, Unit] = (
    _table("percent", "%", "% percent per_cent pct ‰=0.1 permille=0.1")
    | _table(
        "percentage point", "pp", "percentage_point percentage_points pp basis_point=0.01 basis_points=0.01"
    )
    | _table("length", "km", "km kilometre kilometres kilometer kilometers mile=1.609 miles=1.609")
    | _table("length", "km", "metre=0.001 metres=0.001 meter=0.001 meters=0.001 m=0.001 cm=1e-5 mm=1e-6")
    | _table("length", "km", "centimetres=1e-5 centimeters=1e-5 foot=3.048e-4 feet=3.048e-4 ft=3.048e-4")
    | _table("length", "km", "inch=2.54e-5 inches=2.54e-5 yard=9.144e-4 yards=9.144e-4")
    | _table("mass", "kg", "kg kilo kilos kilogram kilograms kilogramme kilogrammes gram=0.001 grams=0.001")
    | _table("mass", "kg", "tonne=1000 tonnes=1000 ton=1000 tons=1000 kilotonnes=1e6 megatonnes=1e9 kt=1e6")
    | _table(
        "time", "day", "seconds=1.1574e-5 minute=6.9444e-4 minutes=6.9444e-4 hour=0.041667 hours=0.041667"
    )
    | _table("time", "day", "day days week=7 weeks=7 month=30.44 months=30.44 year=365.25 years=365.25")
    | _table("time", "day", "decade=3652.5 decades=3652.5 yr=365.25 yrs=365.25 hrs=0.041667 mins=6.9444e-4")
    | _table("age", "year", "-year-old years_old year_old years_of_age -month-old=0.08333")
    | _table("area", "km²", "square_kilometres square_kilometers sq_km km² square_miles=2.59 sq_miles=2.59")
    | _table("area", "km²", "hectare=0.01 hectares=0.01 ha=0.01 acre=0.004047 acres=0.004047")
    | _table("area", "km²", "square_metres=1e-6 square_meters=1e-6 m²=1e-6")
    | _table(
        "power", "MW", "mw megawatt megawatts gw=1000 gigawatt=1000 gigawatts=1000 kw=0.001 kilowatts=0.001"
    )
    | _table(
        "volume",
        "litre",
        "litre litres liter liters barrel=158.987 barrels=158.987 gallon=3.785 gallons=3.785",
    )
    | _table("temperature", "degree", "degree degrees °c °")
    | _table("speed", "km/h", "km/h kph mph=1.609")
    | _table("ratio", "times", "times -fold fold")
)

_CURRENCY_WORDS = {
    "US dollar": "$ us$ usd dollar dollars",
    "Canadian dollar": "c$ cad",
    "Australian dollar": "a$ aud",
    "euro": "€ eur euro euros",
    "pound": "£ gbp pound pounds sterling",
    "yen": "¥ jpy yen",
    "yuan": "cny rmb yuan renminbi",
    "rupee": "₹ rs rs. inr rupee rupees",
    "rouble": "₽ rub rouble roubles ruble rubles",
    "hryvnia": "₴ uah hryvnia hryvnias",
    "złoty": "zł pln zloty zlotys zlotych złoty",
    "peso": "peso pesos mxn",
    "real": "r$ brl reais",
    "rand": "zar rand",
    "naira": "₦ ngn naira",
    "shilling": "kes ksh shillings",
    "franc": "chf franc francs",
    "krona": "sek nok dkk kronor kroner krona krone",
    "lira": "₺ try lira",
    "won": "₩ krw",
    "shekel": "₪ ils shekels",
    "cent": "cents pence",
}
CURRENCIES: dict[str, Unit] = {
    word: Unit(name, "currency") for name, words in _CURRENCY_WORDS.items() for word in words.split()
}
