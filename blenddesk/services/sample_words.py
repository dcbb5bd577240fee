"""Who is in the sample class and what they say: pretend names, and message ids that become words of the class."""

from __future__ import annotations

from blenddesk.text import N_

CLASS_NAME = N_("Sunflowers")

_THIRTY_TWO = """
    Amina Diallo, Ben Novak, Beyza Kaya, Carlos Ruiz, Chloe Martin, Daniel Kim, Dina Haddad, Elif Demir, Farid Azizi,
    Grace Okafor, Hana Sato, Ibrahim Sow, Ines Costa, Jonas Weber, Kaya Arslan, Kwame Mensah, Lara Rossi, Leo Dubois,
    Li Chen, Maya Patel, Mei Lin, Mohamed Amin, Mohamed Salah, Nadia Petrova, Noah Smith, Omar Farouk, Priya Nair,
    Rosa Gomez, Sam Taylor, Sofia Silva, Tariq Hussain, Yusuf Ali
"""
NAMES = tuple((full.split()[0], full.split()[1]) for full in _THIRTY_TWO.split(","))
"""Thirty-two pretend students; two share a first name, as somebody always does."""


def _each(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = _each("""
    Ada Adam Aisha Alba Amir Ana Anton Arda Aya Bilal Bora Bruno Cem Clara Dara Diego Ela Emil Emma Eva Felix Gita Hugo
    Ida Imran Iris Ivan Jamal Jana Jin Kai Kim Lena Lina Lucia Luka Malik Mara Mina Milo Nia Nina Noor Olga Oskar Paul
    Pia Rami Rania Ravi Rita Saba Selin Tara Theo Tomas Uma Vera Wei Yara Yuki Zara Zeki Zoe
""")
FAMILY = _each("""
    Abad Aydin Bauer Bello Berg Blanc Boateng Cruz Demir Duarte Fischer Garcia Gupta Haddad Ito Jansen Kaya Khan Kone
    Kovac Lange Lopes Mensah Moreau Moya Musa Nair Nowak Nunes Okoye Osman Park Popov Rahman Rao Reyes Rossi Sahin Sato
    Sen Silva Sow Tanaka Tran Vega Vogel Wolf Yilmaz Zhang
""")
CLASSES = ("Sunflowers", "Rivers", "Foxes", "Comets", "Owls", "Maples", "Dolphins", "Lanterns", "Meadows", "Harbour")

GOALS: tuple[tuple[str, str, tuple[str, str, str]], ...] = (
    (N_("I can read a page aloud without stopping"), "open-book", (
        N_("Read one page to a friend"), N_("Read a page I do not know"), N_("Read to the class"))),
    (N_("I know my times tables up to 10"), "puzzle-piece", (
        N_("Learn the 6 times table"), N_("Learn the 7 and 8 times tables"), N_("Do a mixed sheet"))),
    (N_("I write my sentences with full stops"), "pencil", (
        N_("Check three sentences"), N_("Check a whole story"), N_("Help a friend check"))),
    (N_("I ask for help before I get stuck"), "raised-hand", (
        N_("Ask a friend first"), N_("Put up my hand"), N_("Say what I tried"))),
    (N_("I can explain how I found my answer"), "speech-balloon", (
        N_("Tell it to a friend"), N_("Draw how I did it"), N_("Tell it to my group"))),
    (N_("I finish what I start at each station"), "clipboard", (
        N_("Finish one station"), N_("Finish two in a lesson"), N_("Finish all of them"))),
)  # fmt: skip
STRENGTHS = (N_("Explains well to others"), N_("Careful with details"), N_("Good ideas"), N_("Reads a lot"),
             N_("Calm in a group"), N_("Quick with numbers"))  # fmt: skip
NEEDS = (N_("Short steps"), N_("A quiet place"), N_("Text read aloud"), N_("More time to begin"),
         N_("Sits near the front"))  # fmt: skip
INTERESTS = (N_("Animals"), N_("Football"), N_("Drawing"), N_("Space"), N_("Music"), N_("Cooking"))
PREFERENCES = (N_("Works well in a pair"), N_("Likes to start alone"), N_("Likes to build things"))
