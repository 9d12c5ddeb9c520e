"""Prints a table of texts as SQL, for tests/bench/find: words as often as in a language (the
second half as often as the first), with accents and common beginnings."""
import itertools, random

TEXTS, WORDS, VOCABULARY = 50000, 20, 60000
SYLLABLES = """im pri man te pro blè me con ne xion ser veur mot pas se bon jour fac tu re lo gi ciel ré
seau or di na teur é cran cla vier sou ris ta ble que dur mé moi""".split()

random.seed(1)
words = ["".join(random.choices(SYLLABLES, k=random.randint(1, 4))) + random.choice(["", "s", "", "er", "ons", "7"])
         for _ in range(VOCABULARY)]
words[:2] = ["imprimante", "connexion"]  # the most frequent ones
weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(VOCABULARY)))
print("CREATE TEMP TABLE text (id INTEGER PRIMARY KEY, words TEXT);")
for n in range(TEXTS):
    print("INSERT INTO text VALUES (%d, '%s');" % (n, " ".join(random.choices(words, cum_weights=weights, k=WORDS))))
