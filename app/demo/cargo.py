"""Transport certificates under an open cover: shipments of gearboxes, castings and coffee."""

from __future__ import annotations

from app.demo.stock import Row, Stock, money

PORTS = {
    "sea": ("Hamburg", "Bremerhaven", "Antwerpen", "Halifax", "Santos", "Busan", "Durban", "Valparaíso", "Gdynia"),
    "air": ("Hamburg", "Zürich", "London", "Singapur", "Chicago", "São Paulo"),
    "road": ("Stade", "Winterthur", "Wedel", "Lyon", "Poznań", "Turin"),
    "rail": ("Hamburg", "Duisburg", "Xi’an", "Verona"),
}  # fmt: skip
GOODS = ("Getriebe, seemäßig verpackt", "Gussteile auf Paletten", "Hydraulikzylinder", "Antriebswellen in Kisten",
         "Werkzeugmaschine, zerlegt", "Schaltschränke", "Ersatzteile", "Rohkaffee in Säcken")  # fmt: skip
CONSIGNEES = (
    "Maple Ridge Drives Inc.", "Engrenagens Serra Azul Ltda.", "Hanbit Precision Co.", "Karoo Milling (Pty) Ltd.",
    "Fundición Los Alerces SpA", "Stal Północ Sp. z o.o.", "Northgate Turbines LLC",
)  # fmt: skip
STATUSES = ("issued",) * 8 + ("draft", "cancelled")


def certificates(stock: Stock, contract: Row, count: int, issuers: tuple[str, ...] = ()) -> None:
    """So many certificates of one contract; `issuers` are e-mail addresses of those who issued some of them."""
    holder = stock.holders[contract["policyholder"]]
    for n in range(count):
        transport = stock.random.choice(("sea", "sea", "sea", "air", "road", "rail"))
        start, end = stock.random.sample(PORTS[transport], 2)
        number = stock.number("certificate", 2101)
        departs = stock.day(-420, 25)
        stock.add(
            "certificate",
            key=f"Z-{number}",
            number=f"Z-{departs:%y}-{number}",
            contract=contract["key"],
            insured=holder.name,
            consignee=stock.random.choice(CONSIGNEES),
            goods=stock.random.choice(GOODS),
            packages=stock.random.randint(1, 60),
            weight_kg=f"{stock.random.randint(80, 24000)}.{stock.random.randint(0, 9)}00",
            transport=transport,
            from_place=start,
            to_place=end,
            departs_on=str(departs),
            sum_insured=money(stock.random.randrange(8_000, 1_400_000, 500)),
            currency=stock.random.choice((contract["currency"], contract["currency"], "EUR")),
            status=STATUSES[n % len(STATUSES)],
            issued_by=stock.random.choice(issuers) if issuers and n % 2 else None,
        )
