"""What banks print: names cut and abbreviated, numbers written as people write them, and figures that mean nothing to anybody else."""

import re

FAMILIES = [
    "Azure", "Harbour", "Müller", "O'Brien", "Nguyen", "Smith", "Smithers", "Kowalski", "Brightside", "Northern", "Southern Cross",
    "Papadopoulos", "Green Valley", "Greenfield", "Redgum", "Van der Berg", "Singh", "Chen", "Bluewater", "Blue Gum", "Taylor",
    "Tailored", "Apex", "Summit", "Riverside", "River", "Coastal", "Lakeside", "Oakridge", "Oak", "Maple", "McDonald", "MacDonald",
    "Fernández", "Rossi", "Lumen", "Kangaroo", "Wattle", "Banksia", "Ironbark", "Silver", "Goldfields", "Paramount", "Pinnacle",
    "Metro", "Union", "Delta", "Orbit", "Zenith", "Quokka",
]  # fmt: skip
TRADES = [
    "Interior", "Plumbing", "Electrical", "Catering", "Cafe", "Consulting", "Timber", "Logistics", "Freight", "Design", "Printing",
    "Landscapes", "Motors", "Dental", "Legal", "Foods", "Wines", "Engineering", "Holdings", "Properties", "Cleaning", "Security",
    "Software", "Media", "Bakery",
]  # fmt: skip
FORMS = ["Pty Ltd", "Pty Ltd", "Pty. Limited", "& Sons", "& Co", "GmbH", "Ltd", "Group", "", ""]
OF_PEOPLE = ["Woolworths", "Coles", "Officeworks", "Bunnings", "Uber", "Ampol", "Telstra", "Jetstar", "Kmart", "ATO", "Superfund Clearing"]
PLAIN = str.maketrans("äöüéáñß", "aoueans")
IN = ["DIRECT CREDIT {}", "{}", "TRANSFER FROM {}", "OSKO {}", "CREDIT {} {n}", "FAST TRANSFER FROM {}", "{} NETBANK", "DEP {} {d}"]
OUT = ["DIRECT DEBIT {}", "{}", "PAYMENT TO {}", "BPAY {} {n}", "TRANSFER TO {}", "{} INTERNET PMT", "DD {} {d}"]
OF_THE_BANK = [
    "CARD FEE {m}",
    "ACCOUNT FEE",
    "INTEREST CHARGED",
    "INTL TXN FEE {n}",
    "VISA PURCHASE {s} CARD XX4087 {d}",
    "EFTPOS {s} {n}",
    "PAYROLL {d}",
]
MONTHS = ["SEP", "OCT", "NOV"]


def names(dice, count, strangers=False):
    """``{number: name}``, each once; strangers are none of the others."""
    if strangers:
        return {number: f"{dice.choice(OF_PEOPLE)} {dice.randint(100, 999)}" for number in range(1, count + 1)}
    made = set()
    while len(made) < count:
        second = f" {dice.choice(TRADES)}" if dice.random() < 0.3 else ""
        made.add(f"{dice.choice(FAMILIES)} {dice.choice(TRADES)}{second} {dice.choice(FORMS)}".strip())
    return dict(enumerate(dice.sample(sorted(made), count), 1))


def namesake(dice, name):
    """Another company whose name begins alike."""
    first = name.split()[0]
    words = [trade for trade in TRADES if trade not in name]
    return f"{first} {dice.choice(words)} {dice.choice(FORMS)}".strip()


def shared(one, other):
    """What two names begin with."""
    return " ".join(left for left, right in zip(one.split(), other.split(), strict=False) if left == right) or one.split()[0]


def as_printed(dice, name):
    """A name as a bank has room for it."""
    text = name.translate(PLAIN).replace("'", dice.choice(("", " ", "'"))).replace("&", dice.choice(("AND", "&", ""))).upper()
    how = dice.random()
    if how < 0.45:
        text = re.sub(r"\b(PTY|LTD|LIMITED|GMBH|GROUP|CO|SONS|AND)\b\.?", "", text).strip()
    if 0.25 < how < 0.4:
        text = " ".join(_abbreviated(dice, word) for word in text.split())
    elif 0.4 < how < 0.5:
        first, *rest = text.split()
        text = " ".join([first, *(word[:3] for word in rest)])
    elif 0.5 < how < 0.55:
        text = " ".join(reversed(text.split()))
    return " ".join(text.split())[: dice.choice((14, 16, 18, 20, 32))].strip()


def _abbreviated(dice, word):
    if len(word) < 5 or dice.random() < 0.4:
        return word
    return word[0] + re.sub("[AEIOU]", "", word[1:])


def as_written(dice, number):
    """A whole number as people type it."""
    spaced = number.replace("/", " ")
    return dice.choice((number, number, number, spaced, number.replace("/", ""), number.replace("/", "-"), number.lower()))


def cut(dice, number):
    """The last figures of a number, with or without its zeros."""
    last = number.split("/")[-1]
    short = last.lstrip("0").zfill(3)
    return dice.choice((last, short, f"INV {short}", f"INV{last}", f"#{short}", f"INVOICE {short}"))


def vendor_number(dice):
    """As a vendor numbers: no two alike."""
    return dice.choice(("{:05d}", "RE-2026-{:04d}", "INV-{:04d}", "A{:06d}", "{:06d}/1", "2026{:04d}")).format(dice.randint(1000, 99999))


def noise(dice):
    return dice.choice(("", str(dice.randint(10**5, 10**9)), f"{dice.randint(1, 28):02d}/11", f"REF {dice.randint(100, 9999)}"))


def line(dice, name, reference, *, incoming):
    """The text of a line: whose money it is, what he wrote, and what the bank adds."""
    said = " ".join(part for part in (as_printed(dice, name), reference) if part)
    return _filled(dice, dice.choice(IN if incoming else OUT), said)


def of_the_bank(dice):
    return _filled(dice, dice.choice(OF_THE_BANK), "")


def _filled(dice, form, said):
    marks = {
        "n": dice.randint(10**5, 10**9), "d": f"{dice.randint(1, 28):02d}11", "m": dice.choice(MONTHS),
        "s": f"{dice.choice(OF_PEOPLE).upper()} {dice.randint(100, 9999)}",
    }  # fmt: skip
    return " ".join(form.format(said, **marks).split())
