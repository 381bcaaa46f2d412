"""What a bank's text is made of: words, and numbers as people write them."""

import re
import unicodedata
from functools import lru_cache


def _capitals(words):
    return frozenset(words.upper().split())


# what every bank says
BANKS = _capitals(
    "direct credit debit deposit dep transfer trf tfr from to payment pmt payments pay bpay osko payid fast netbank internet "
    "online banking bank card visa eftpos ref reference inv invoice no nr for of the via by authority acc account own internal dd "
    "dc so standing order bacs fps sepa ach wire part instalment balance thank you and xx"
)
FORMS = _capitals("pty ltd limited plc inc llc co company corp gmbh ag kg ug group sons and the")
TRANSFERS = _capitals("trf tfr transfer internal own xfer sweep")
PARTS = _capitals("part partial instalment installment deposit")
TOGETHER = 4  # a number is written in so many pieces at most
APOSTROPHES = str.maketrans("", "", "'’`´")
FIGURES = str.maketrans("012345678", "999999999")
PIECES = re.compile(r"[^\W_]+")
END = re.compile(r"(\d+)\D*$")
INVOICE = re.compile(r"(?:INV(?:OICE)?|BILL|#)[\s#.:-]*0*(\d{2,7})(?!\w)")


def plain(text: str) -> str:
    """In capitals, without accents and apostrophes."""
    text = text or ""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
        text = "".join(each for each in text if not unicodedata.combining(each))
    return text.translate(APOSTROPHES).upper()


def pieces(text: str) -> list[str]:
    return PIECES.findall(plain(text))


@lru_cache(maxsize=131072)
def compact(number: str) -> str:
    """A number without what people leave out or write otherwise."""
    return "".join(pieces(number))


@lru_cache(maxsize=131072)
def tail(number: str) -> str:
    """The figures at its end without leading zeros; '' if they are too few to say anything."""
    found = END.search(number or "")
    figures = found.group(1).lstrip("0") if found else ""
    return figures if 2 <= len(figures) <= 8 else ""


def shape(number: str) -> str:
    """How a number is built: letters as they are, figures by their count."""
    return number.translate(FIGURES)


@lru_cache(maxsize=65536)
def name_words(name: str) -> tuple[str, ...]:
    """The words that tell a name from others."""
    words = [word for word in pieces(name) if not word.isdigit()]
    return tuple(word for word in words if word not in FORMS) or tuple(words)


def skeleton(word: str) -> str:
    """A word as those who leave out vowels write it."""
    return word[:1] + re.sub("[AEIOU]", "", word[1:])


def is_day(figures: str) -> bool:
    """Whether four figures may be a day and a month, as banks print them beside what somebody wrote."""
    one, other = int(figures[:2] or 0), int(figures[2:] or 0)
    return len(figures) == 4 and (0 < one <= 31 and 0 < other <= 12 or 0 < one <= 12 and 0 < other <= 31)


def _joined(said):
    for start in range(len(said)):
        for end in range(start + 1, min(start + TOGETHER, len(said)) + 1):
            yield "".join(said[start:end])


class Text:
    """A line's text, taken apart once.

    ``words`` are those that may name somebody, ``said`` all pieces; ``joined`` the pieces put together, which numbers are looked up by;
    ``tails`` the figures that may be the end of one; ``days`` those of them that may be a day instead.
    """

    def __init__(self, text, common=frozenset()):
        self.plain, self.said = plain(text), pieces(text)
        unknown = [piece for piece in self.said if not any(each.isdigit() for each in piece)]
        self.words = [word for word in unknown if word not in BANKS and word not in FORMS and word not in common]
        self.joined = dict.fromkeys(_joined(self.said))
        self.tails = dict.fromkeys(found for piece in self.said if (found := tail(piece)) and piece.endswith(found))
        self.days = self._days()

    def _days(self):
        said = {tail(piece) for piece in self.said if not (piece.isdecimal() and is_day(piece))}
        return self.tails.keys() - said - {figures.lstrip("0") for figures in INVOICE.findall(self.plain)}

    def says(self, words):
        return not words.isdisjoint(self.said)
